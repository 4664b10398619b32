/** Callers that sleep until memory comes: `wire.md`, `alloc-waits` and the tickets of `alloc` and `alloc-failed`. */
import { InputError } from "../../../model/alphabet/index.ts";
import { NumberSet } from "./number-set.ts";

export interface Sleeper {
  readonly ticket: number;
  /** The number of the event with which he began to sleep. */
  readonly at: number;
}

export class Sleepers {
  /** The event with which each began to sleep, by ticket. */
  private readonly asleep = new Map<number, number>();
  private readonly seen = new NumberSet();
  private readonly startsUnknown: boolean;

  /** @param startsUnknown true: a ticket never seen is right once, as its caller may have slept before the recording */
  constructor(startsUnknown: boolean) {
    this.startsUnknown = startsUnknown;
  }

  /** @throws InputError where somebody waits with that ticket already: an error of the recorder */
  sleep(ticket: number, at: number): void {
    if (this.asleep.has(ticket)) {
      throw new InputError(
        { key: "ticket" },
        `found ticket ${ticket}, with which somebody waits already; expected one that nobody waits with`,
      );
    }
    this.asleep.set(ticket, at);
    if (this.startsUnknown) this.seen.add(ticket);
  }

  /** @throws InputError where nobody waits with that ticket: an error of the recorder */
  wake(ticket: number): void {
    if (this.asleep.delete(ticket)) return;
    if (!this.startsUnknown || this.seen.has(ticket)) {
      throw new InputError(
        { key: "ticket" },
        `found ticket ${ticket}, with which nobody waits; expected one that an earlier alloc-waits named`,
      );
    }
    this.seen.add(ticket);
  }

  /** Who has slept longest. */
  first(): Sleeper | undefined {
    for (const [ticket, at] of this.asleep) return { ticket, at };
    return undefined;
  }

  /** The tickets of all who sleep, a bit each. @throws RangeError where one is over 30 */
  bits(): number {
    if (this.asleep.size === 0) return 0;
    let bits = 0;
    for (const ticket of this.asleep.keys()) {
      if (ticket > 30) throw new RangeError(`ticket ${ticket} is over 30`);
      bits |= 1 << ticket;
    }
    return bits;
  }

  /** Those sleep who sleep there. */
  copy(other: Sleepers): void {
    this.clear();
    for (const [ticket, at] of other.asleep) this.asleep.set(ticket, at);
    this.seen.copy(other.seen);
  }

  clear(): void {
    if (this.asleep.size > 0) this.asleep.clear();
    if (this.startsUnknown) this.seen.clear();
  }
}
