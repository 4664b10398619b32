/** The small allocator with one thing wrong each: what the oracle must find, by the rule that it breaks. */
import type { AllocAction, Block, Event } from "../../../model/alphabet/index.ts";
import type { PropertyId } from "../../../properties/judges/properties.ts";
import { SmallAllocator, type PageState } from "./small-allocator.ts";

/** Hands out what the host has. */
class TakesHeldPages extends SmallAllocator {
  protected override find(order: number, fits: (state: PageState) => boolean): number | undefined {
    return super.find(order, (state) => state === "held" || fits(state));
  }
}

/** Reports pages without looking whether somebody has them. */
class IsolatesUsedPages extends SmallAllocator {
  protected override unreported(): Block[] {
    const { reportOrder } = this.geometry;
    const found: Block[] = [];
    this.eachBlock(reportOrder, (pfn) => {
      if (this.statesOf({ pfn, order: reportOrder }).includes("free")) found.push({ pfn, order: reportOrder });
      return found.length > 0;
    });
    return found;
  }
}

/** Sends one range too many. */
class OverCapacity extends SmallAllocator {
  protected override unreported(): Block[] {
    const { geometry } = this;
    this.geometry = { ...geometry, capacity: geometry.capacity + 1 };
    const found = super.unreported();
    this.geometry = geometry;
    return found;
  }
}

/** Does not wait for the host. */
class AnswersItself extends SmallAllocator {
  protected override submit(ranges: readonly Block[]): void {
    super.submit(ranges);
    this.ack(true);
  }
}

/** Hears no refusal. */
class MarksWhatWasRefused extends SmallAllocator {
  protected override putBack(range: Block): void {
    super.putBack(range, true);
  }
}

/** Knows nothing of held pages. */
class ForgetsHeldPages extends SmallAllocator {
  protected override wouldFit(): boolean {
    return false;
  }
}

/** Gives back the first range only. */
class LosesARange extends SmallAllocator {
  protected override putBack(range: Block, reported: boolean): void {
    if (this.told.at(-1)?.event === "ack") super.putBack(range, reported);
  }
}

/** Nobody who sleeps is woken. */
class WakesNobody extends SmallAllocator {
  protected override wake(): void {
    this.waiting = [];
  }
}

/** Looks at the first blocks only. */
class MissesBlocks extends SmallAllocator {
  protected override unreported(): Block[] {
    const [first] = this.geometry.zones;
    return super.unreported().filter(({ pfn }) => pfn < first.start + first.pages / 2);
  }
}

/** Reports to a device that is gone. */
class NeverQuiet extends SmallAllocator {
  protected override work(): void {
    const { registered } = this;
    this.registered = true;
    super.work();
    this.registered = registered;
  }
}

/** Takes a block and puts it back, for ever. */
class NeverRests extends SmallAllocator {
  protected override work(): void {
    super.work();
    if (this.told.length > 0 || this.open !== undefined) return;
    const pfn = this.find(0, (state) => state === "reported");
    if (pfn !== undefined)
      this.told.push({ event: "isolate", pfn, order: 0 }, { event: "release", pfn, order: 0, reported: false });
  }
}

/** Where memory is out for good, it puts to sleep whoever may sleep. */
class SleepsOnItsOwn extends SmallAllocator {
  protected override alloc(action: AllocAction): void {
    super.alloc(action);
    const failed = this.told.findIndex(({ event }) => event === "alloc-failed");
    if (failed >= 0 && action.wait) {
      const kept: Event[] = this.told.filter((_, at) => at !== failed);
      this.told = kept;
      this.told.push({ event: "alloc-waits", order: action.order, ticket: 1000 + this.tickets++ });
    }
  }
}

export const FAULTY: readonly {
  readonly name: string;
  readonly breaks: PropertyId;
  readonly make: () => SmallAllocator;
}[] = [
  { name: "takes held pages", breaks: "exclusion", make: () => new TakesHeldPages() },
  { name: "isolates used pages", breaks: "ownership", make: () => new IsolatesUsedPages() },
  { name: "goes over the capacity", breaks: "well-formed", make: () => new OverCapacity() },
  { name: "answers itself", breaks: "host-window", make: () => new AnswersItself() },
  { name: "marks what was refused", breaks: "truthful-mark", make: () => new MarksWhatWasRefused() },
  { name: "forgets held pages", breaks: "fake-oom", make: () => new ForgetsHeldPages() },
  { name: "loses a range", breaks: "stranded", make: () => new LosesARange() },
  { name: "wakes nobody", breaks: "stranded", make: () => new WakesNobody() },
  { name: "puts callers to sleep for ever", breaks: "stranded", make: () => new SleepsOnItsOwn() },
  { name: "misses blocks", breaks: "completeness", make: () => new MissesBlocks() },
  { name: "is never quiet", breaks: "quiet", make: () => new NeverQuiet() },
  { name: "never rests", breaks: "rest", make: () => new NeverRests() },
];
