/**
 * What Linux's reporter does beyond the contract, which every correct reporter obeys: how it fills a request, in which order it
 * gives blocks back, and when it may run. Source: `linux-guest.md` 5 (c, d, e); `duyck-line.md` E.
 */
import type { Block, PageRange } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { Timing } from "../capture/timing.ts";
import { CAPACITY, DELAY, TICK, pagesText } from "../capture/machine.ts";

export class ReporterChecks {
  private readonly timing: Timing | undefined;
  /** Blocks isolated since the last request, in order. */
  private batch: Block[] = [];
  /** The ranges of the last request, as they must come back. */
  private returning: readonly Block[] = [];
  private returned = 0;
  private passes = 0;
  private orderInForce: number | undefined;
  /** Microseconds between two passes, the least so far. */
  shortestPause: number | undefined;

  constructor(timing: Timing | undefined) {
    this.timing = timing;
  }

  /** A pass begins. @param order page_reporting_order at this moment */
  pass(order: number): Violation | undefined {
    this.orderInForce = order;
    const now = this.timing?.passes[this.passes];
    const before = this.timing?.passes[this.passes - 1];
    this.passes += 1;
    if (now === undefined || before === undefined) return undefined;
    const pause = now.started - before.ended;
    this.shortestPause = Math.min(this.shortestPause ?? pause, pause);
    if (pause >= DELAY - TICK) return undefined;
    return {
      property: "quiet",
      explanation:
        `pass ${this.passes} began ${(pause / 1e6).toFixed(6)} s after the one before it ended: ` +
        "the reporter rests for 2 s between passes, so that freed pages can be used again first",
    };
  }

  isolated(block: Block): void {
    this.batch.push(block);
  }

  /** @param entries how many ranges the driver was given, of which at most CAPACITY are recorded */
  reported(entries: number, ranges: readonly Block[]): Violation | undefined {
    this.returning = ranges;
    this.returned = 0;
    const batch = this.batch.toReversed();
    this.batch = [];
    if (entries > CAPACITY) {
      return {
        property: "well-formed",
        explanation: `the request has ${entries} ranges, and only ${CAPACITY} fit in one`,
      };
    }
    const small = ranges.find(({ order }) => order < (this.orderInForce ?? 0));
    if (small !== undefined) {
      return told(
        "well-formed",
        small,
        `is reported as a block of order ${small.order}, and page_reporting_order was ${this.orderInForce} when this pass began`,
      );
    }
    const count = Math.max(batch.length, ranges.length);
    for (let index = 0; index < count; index++) {
      if (same(batch[index], ranges[index])) continue;
      const odd = ranges[index] ?? batch[index];
      return told(
        "ownership",
        odd,
        `stands at place ${index} of the request or of what the reporter isolated for it, but not of both: ` +
          `a request lists what was isolated since the last one, the last block first (isolated ${batch.length}, reported ${ranges.length})`,
      );
    }
    return undefined;
  }

  released(block: Block): Violation | undefined {
    const expected = this.returning[this.returned];
    this.returned += 1;
    if (same(expected, block)) return undefined;
    const instead =
      expected === undefined ? "nothing more of this request" : pagesText(expected.pfn, 2 ** expected.order);
    return told(
      "ownership",
      block,
      `is put back, and expected was ${instead}: the ranges of a request come back one by one, in its order`,
    );
  }

  drained(): Violation | undefined {
    const missing = this.returning[this.returned];
    if (missing === undefined) return undefined;
    return told(
      "stranded",
      missing,
      `was not put back when the reporter gave back the request's blocks (${this.returned} of ${this.returning.length} came back)`,
    );
  }
}

/** The range as a block, or undefined where it is none. */
export function blockOf({ start, pages }: PageRange): Block | undefined {
  const order = Math.log2(pages);
  return Number.isInteger(order) && start % pages === 0 ? { pfn: start, order } : undefined;
}

function same(one: Block | undefined, other: Block | undefined): boolean {
  return one !== undefined && other !== undefined && one.pfn === other.pfn && one.order === other.order;
}

function told(property: Violation["property"], { pfn, order }: Block, what: string): Violation {
  return { property, explanation: `${pagesText(pfn, 2 ** order)} ${what}`, pages: { start: pfn, pages: 2 ** order } };
}
