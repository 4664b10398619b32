/**
 * The order in which the reporter's own lines can stand:
 *
 *     process ( iso* report report_ret drain … drain_ret )* iso* process_ret
 *
 * One worker does all this, so a line elsewhere means that the record lacks one before it or has one too many, or, where the
 * recorder lost nothing, that this is another reporter. What it then breaks, the contract says (recording.ts).
 * Source: `duyck-line.md` E, page_reporting_process.
 */
import type { KernelStep } from "../capture/events.ts";

type Phase = "between passes" | "in a pass" | "waiting for the host" | "back from the host" | "giving blocks back";
type Bracket = "pass" | "isolate" | "report" | "report-return" | "drain" | "drain-end" | "pass-end";

const PHASES: Readonly<Record<Bracket, { readonly from: readonly Phase[]; readonly to: Phase }>> = {
  pass: { from: ["between passes"], to: "in a pass" },
  isolate: { from: ["in a pass"], to: "in a pass" },
  report: { from: ["in a pass"], to: "waiting for the host" },
  "report-return": { from: ["waiting for the host"], to: "back from the host" },
  drain: { from: ["back from the host"], to: "giving blocks back" },
  "drain-end": { from: ["giving blocks back"], to: "in a pass" },
  // A reporter that ends without giving its blocks back is wrong, not misrecorded: the contract will say `stranded`.
  "pass-end": { from: ["in a pass", "back from the host"], to: "between passes" },
};

export class Brackets {
  /** Unknown at first: a recording may begin anywhere. */
  private phase: Phase | undefined;

  /** True while the worker is at work, as far as lines told. */
  get isInPass(): boolean {
    return this.phase !== undefined && this.phase !== "between passes";
  }

  /** @returns what is wrong with a line of the reporter at this place, if anything */
  see({ kind }: KernelStep): string | undefined {
    if (!isBracket(kind)) return undefined;
    const { from, to } = PHASES[kind];
    const phase = this.phase;
    this.phase = to;
    if (phase === undefined || from.includes(phase)) return undefined;
    return `found the reporter's ${kind} while it was ${phase}, expected it only ${from.join(" or ")}`;
  }
}

function isBracket(kind: KernelStep["kind"]): kind is Bracket {
  return kind in PHASES;
}
