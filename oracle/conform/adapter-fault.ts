/**
 * A system that does not keep to the protocol. It is never a verdict about reporting: nothing can be said of that until the
 * adapter is mended. `wire.md`, "The live protocol", last paragraph.
 */

export interface Fault {
  /** What is wrong, one sentence without a full stop: `the answer to "free" begins with "isolate"`. */
  readonly problem: string;
  /** The sentence of `wire.md` that it breaks, word for word where that is short. */
  readonly rule: string;
  /** The line that was sent, as JSON; absent where nothing was. */
  readonly sent?: string;
  /** What came back, cut where it is long; absent where nothing came. */
  readonly came?: string;
}

export class AdapterFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.problem);
    this.name = "AdapterFault";
    this.fault = fault;
  }
}
