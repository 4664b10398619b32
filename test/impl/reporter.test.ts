/** What designs can build on: each test runs a toy design that needs one thing of Reporter. */
import { describe, expect, test } from "vitest";
import type { AllocAction, Event, Order, Pages } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import type { FreedBlock } from "../../impl/free-lists.ts";
import type { ImplGuest } from "../../impl/guest.ts";
import { Reporter } from "../../impl/reporter.ts";
import { MOVABLE } from "../../impl/state.ts";
import { addToy, checkLists, geometry, guestOf, zone } from "./fixture.ts";

const SHAPE = geometry([zone(0, 16)], { reportOrder: 0 });

function alloc(order: Order, rest: Partial<AllocAction> = {}): AllocAction {
  return { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait: false, ...rest };
}

/** Events as words: name and page, or number, or reason. */
function said(events: readonly Event[]): string[] {
  return events.map((event) => {
    if ("pfn" in event) return `${event.event} ${event.pfn}`;
    if ("request" in event) return `${event.event} ${event.request}`;
    return event.event === "alloc-failed" ? `${event.event} ${event.reason}` : event.event;
  });
}

function allPages(guest: ImplGuest, pages: Pages): void {
  for (let page = 0; page < pages; page++) guest.perform(alloc(0));
}

describe("the batch", () => {
  /** pressure takes a block of order 0 by allocation, balloon gives one back by its page. */
  class Keeper extends Reporter {
    override pressure(): void {
      this.allocateFor(0, MOVABLE, 0);
    }
    override balloon(pages: Pages): void {
      this.giveBack(pages);
    }
  }
  addToy("keeper", (parts) => new Keeper(parts));

  test("keeps take order when blocks leave from its middle, and over a snapshot", () => {
    const guest = guestOf("keeper", SHAPE);
    for (let time = 0; time < 4; time++) guest.perform({ do: "pressure", pages: 1 });
    expect(guest.view().held()).toEqual([0, 1, 2, 3]);
    const before = guest.snapshot();
    expect(said(guest.perform({ do: "balloon", pages: 1 }))).toEqual(["release 1"]);
    expect(guest.view().held()).toEqual([0, 2, 3]);
    checkLists(guest);
    guest.perform({ do: "pressure", pages: 1 });
    expect(guest.view().held()).toEqual([0, 2, 3, 1]);
    guest.restore(before);
    expect(guest.view().held()).toEqual([0, 1, 2, 3]);
    checkLists(guest);
  });

  test("an allocation for the design goes through the per-CPU lists, and respects the watermark", () => {
    const marks = { min: 8, low: 8, high: 8 };
    const guest = guestOf("keeper", geometry([zone(0, 16, { watermarks: marks })], { reportOrder: 0 }), {
      pcp: { maxOrder: 0, huge: false, high: 8, batch: 4 },
    });
    for (let time = 0; time < 12; time++) guest.perform({ do: "pressure", pages: 1 });
    expect(guest.view().held()).toEqual([0, 1, 2, 3, 4]);
    expect(guest.view().freePages(0)).toBe(8);
    guest.perform({ do: "balloon", pages: 0 });
    expect(guest.view().cached(0, 0, 0, "movable")).toEqual([0, 5, 6, 7]);
  });

  test("one zone alone may be asked", () => {
    class OneZone extends Reporter {
      override pressure(): void {
        this.allocateFrom(1, 0, MOVABLE);
      }
    }
    addToy("one-zone", (parts) => new OneZone(parts));
    const guest = guestOf("one-zone", geometry([zone(0, 8), zone(8, 8)], { reportOrder: 0 }));
    for (let time = 0; time < 10; time++) guest.perform({ do: "pressure", pages: 1 });
    expect(guest.view().held()).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  });
});

describe("requests", () => {
  class Sender extends Reporter {
    override readonly hearsRefusals: boolean = false;
    override pressure(pages: Pages): void {
      this.submit(Array.from({ length: pages }, (_, pfn) => ({ pfn, order: 1 })));
    }
    override balloon(request: number): void {
      this.closeRequest(request);
    }
  }
  addToy("sender", (parts) => new Sender(parts), { maxRequests: () => 3, maxRanges: () => 2 });

  test("a new one has the smallest number that is free; the others keep their order, answers and ranges", () => {
    const guest = guestOf("sender", SHAPE);
    const { reporter } = guest;
    for (const ranges of [1, 2, 1]) guest.perform({ do: "pressure", pages: ranges });
    expect(said(guest.perform({ do: "ack", request: 3, ok: false }))).toEqual(["ack 3"]);
    expect(guest.perform({ do: "ack", request: 3, ok: true })).toEqual([]);
    guest.perform({ do: "balloon", pages: 1 });
    expect([reporter.request, reporter.requestAt(1), reporter.openRequests]).toEqual([2, 3, 2]);
    expect([reporter.rangesOf(2), reporter.blockOf(2, 1), reporter.orderIn(2, 1)]).toEqual([2, 1, 1]);
    expect([reporter.answerTo(2), reporter.answerTo(3), reporter.answer]).toEqual(["none", "ok", "none"]);
    expect(said(guest.perform({ do: "pressure", pages: 1 }))).toEqual(["submit 1"]);
    expect([reporter.requestAt(0), reporter.requestAt(2)]).toEqual([2, 1]);
  });

  test("more than the row promised is an error in the design", () => {
    const guest = guestOf("sender", SHAPE);
    expect(() => guest.perform({ do: "pressure", pages: 3 })).toThrow(/room for 3 requests of 2 ranges/);
    for (let request = 1; request <= 3; request++) guest.perform({ do: "pressure", pages: 1 });
    expect(() => guest.perform({ do: "pressure", pages: 1 })).toThrow(RangeError);
  });
});

describe("marks that mean all pages", () => {
  const heard: string[] = [];
  /** pressure marks a block by reporting it; marked blocks that come back go behind the unmarked ones. */
  class Treats extends Reporter {
    override readonly inheritsMarks: boolean = true;
    override pressure(pages: Pages): void {
      if (this.take(0, pages, this.buddy.orderOf(pages))) this.putBack(pages, true);
    }
    override place(): number {
      return NONE;
    }
    override placed(_zone: number, block: number, order: Order): void {
      heard.push(`placed ${block}/${order}`);
    }
    override inherited(_zone: number, block: number, order: Order): void {
      heard.push(`inherited ${block}/${order}`);
    }
    override notify(_zone: number, order: Order, block: number): void {
      heard.push(`notify ${block}/${order}`);
    }
  }
  addToy("treats", (parts) => new Treats(parts));

  /** Blocks 0 and 24 are allocated, 16 is marked and 8 is not. */
  function treated(): ImplGuest {
    const guest = guestOf("treats", geometry([zone(0, 32)], { reportOrder: 1 }));
    for (let time = 0; time < 2; time++) guest.perform(alloc(3));
    guest.perform({ do: "pressure", pages: 16 });
    guest.perform(alloc(3));
    guest.perform({ do: "free", pfn: 8, order: 3, cpu: 0 });
    guest.perform(alloc(3));
    expect([guest.view().lastFree(0, 3, "movable"), guest.view().reported(16)]).toEqual([16, true]);
    heard.length = 0;
    return guest;
  }

  test("split parts have them, as far as they are large enough", () => {
    const guest = treated();
    expect(said(guest.perform(alloc(0)))).toEqual(["alloc 16"]);
    expect([17, 18, 20].map((pfn) => guest.view().reported(pfn))).toEqual([false, true, true]);
    expect(heard).toEqual(["inherited 20/2", "inherited 18/1"]);
    checkLists(guest);
  });

  test("a merge keeps them where both halves have them, and tells nobody", () => {
    const guest = treated();
    guest.perform(alloc(2));
    guest.perform({ do: "free", pfn: 8, order: 3, cpu: 0 });
    heard.length = 0;
    guest.buddy.freeOne(0, 16, 2, MOVABLE, false, true, true);
    expect(heard).toEqual(["placed 16/3"]);
    expect([guest.view().reported(16), guest.view().orderAt(16)]).toEqual([true, 3]);
    checkLists(guest);
  });

  test("an unmarked half takes the mark from the whole", () => {
    const guest = treated();
    guest.perform(alloc(2));
    heard.length = 0;
    guest.perform({ do: "free", pfn: 16, order: 2, cpu: 0 });
    expect([heard, guest.view().reported(16), guest.view().orderAt(16)]).toEqual([["notify 16/3"], false, 3]);
    checkLists(guest);
  });

  test("a marked half takes none from an unmarked one", () => {
    const guest = treated();
    for (let time = 0; time < 2; time++) guest.perform(alloc(2));
    guest.perform({ do: "free", pfn: 20, order: 2, cpu: 0 });
    heard.length = 0;
    guest.buddy.freeOne(0, 16, 2, MOVABLE, false, true, true);
    expect([heard, guest.view().reported(16), guest.view().orderAt(16)]).toEqual([["notify 16/3"], false, 3]);
    checkLists(guest);
  });
});

describe("a move that clears the mark", () => {
  const heard: string[] = [];
  class Clears extends Reporter {
    override readonly movesKeepMark: boolean = false;
    override removing(_zone: number, block: number): void {
      heard.push(`removing ${block}`);
    }
    override moving(_zone: number, block: number): void {
      heard.push(`moving ${block}`);
    }
    override pressure(pages: Pages): void {
      this.mark(0, pages, this.buddy.orderOf(pages));
    }
  }
  addToy("clears", (parts) => new Clears(parts));

  test("tells that a marked block is gone", () => {
    const guest = guestOf("clears", geometry([zone(0, 8)], { maxOrder: 2, sectionPages: 4 }));
    guest.perform({ do: "pressure", pages: 0 });
    guest.perform({ do: "offline", start: 0, pages: 4 });
    guest.perform({ do: "hotplug" });
    expect([heard, guest.view().reported(0), guest.view().freeBlocks(0, 2)]).toEqual([["removing 0"], false, 2]);
    checkLists(guest);
  });
});

describe("frees", () => {
  const seen: string[] = [];
  class Catches extends Reporter {
    override freed(block: number, order: Order): boolean {
      if (order > 0) return false;
      this.hold(block, order);
      return true;
    }
  }
  class FreesItself extends Reporter {
    override freeing(blocks: readonly FreedBlock[]): boolean {
      seen.push(blocks.map(({ block, order, type }) => `${block}/${order}/${type}`).join(" "));
      for (const { zone: of, block, order } of blocks) this.buddy.freeBlock(of, block, order, false, true);
      return true;
    }
  }
  addToy("catches", (parts) => new Catches(parts));
  addToy("frees-itself", (parts) => new FreesItself(parts));

  test("a design may keep what an owner gives back", () => {
    const guest = guestOf("catches", SHAPE);
    allPages(guest, 2);
    expect(said(guest.perform({ do: "free", pfn: 1, order: 0, cpu: 0 }))).toEqual(["free 1"]);
    expect([guest.view().held(), guest.view().owner(1)]).toEqual([[1], "held"]);
    checkLists(guest);
  });

  test("a design that frees itself is given whole bulks, and single blocks", () => {
    const guest = guestOf("frees-itself", SHAPE, { pcp: { maxOrder: 0, huge: false, high: 4, batch: 3 } });
    allPages(guest, 6);
    expect(guest.view().cached(0, 0, 0, "movable")).toEqual([]);
    guest.perform(alloc(2));
    for (const pfn of [3, 1, 2, 0]) guest.perform({ do: "free", pfn, order: 0, cpu: 0 });
    guest.perform({ do: "free", pfn: 8, order: 2, cpu: 0 });
    expect(seen).toEqual(["3/0/1 1/0/1 2/0/1", "8/2/1"]);
    checkLists(guest);
  });
});

describe("callers", () => {
  /** pressure locks and balloon unlocks; hint makes CPU 1 busy. */
  class Locks extends Reporter {
    override spins(): boolean {
      return this.phase === 1;
    }
    override pressure(): void {
      this.phase = 1;
    }
    override balloon(): void {
      this.phase = 0;
      this.wakes();
    }
    override hint(command: string): void {
      this.zone = command === "start" ? 1 : 0;
    }
    override busy(cpu: number): boolean {
      return this.zone === 1 && cpu === 1;
    }
  }
  addToy("locks", (parts) => new Locks(parts));
  /** Has one block that it gives up when memory is out. */
  class Gives extends Reporter {
    override pressure(): void {
      this.allocateFor(3, MOVABLE, 0);
    }
    override outOfMemory(): boolean {
      if (this.heldBlocks === 0) return false;
      this.giveBack(this.firstHeld);
      return true;
    }
  }
  addToy("gives", (parts) => new Gives(parts));

  test("spin while the design's lock is held, whether they may sleep or not, and get their block after", () => {
    const guest = guestOf("locks", SHAPE);
    guest.perform({ do: "pressure", pages: 0 });
    expect(said(guest.perform(alloc(0)))).toEqual(["alloc-waits"]);
    expect([guest.view().stalled(), guest.view().waiters().length]).toEqual([1, 1]);
    expect(guest.perform(alloc(4))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
    expect(said(guest.perform({ do: "balloon", pages: 0 }))).toEqual(["alloc 0"]);
    expect(guest.view().stalled()).toBe(0);
  });

  test("in the kernel's slow path a spinner tries again when the lock is gone", () => {
    const guest = guestOf("locks", SHAPE, { slowPath: "kernel", retries: 0 });
    guest.perform({ do: "pressure", pages: 0 });
    expect(guest.perform(alloc(0))).toEqual([]);
    expect(guest.perform({ do: "retry", ticket: 1 })).toEqual([]);
    expect(guest.view().waiters()).toMatchObject([{ retries: 1 }]);
    guest.perform({ do: "balloon", pages: 0 });
    expect(said(guest.perform({ do: "retry", ticket: 1 }))).toEqual(["alloc 0"]);
  });

  test("a busy CPU does nothing, and hotplug waits for it", () => {
    const guest = guestOf("locks", geometry([zone(0, 16)], { sectionPages: 8 }), {
      cpus: 2,
      pcp: { maxOrder: 0, huge: false, high: 8, batch: 1 },
    });
    guest.perform(alloc(0));
    guest.perform({ do: "hint", command: "start" });
    expect(guest.perform(alloc(0, { cpu: 1 }))).toEqual([]);
    expect(guest.perform({ do: "free", pfn: 0, order: 0, cpu: 1 })).toEqual([]);
    guest.perform({ do: "offline", start: 8, pages: 8 });
    for (let step = 0; step < 3; step++) guest.perform({ do: "hotplug" });
    expect(guest.view().hotplug()).toMatchObject({ phase: "drain", done: 1 });
    guest.perform({ do: "hint", command: "stop" });
    guest.perform({ do: "hotplug" });
    expect(guest.view().hotplug()).toMatchObject({ phase: "isolate" });
    expect(said(guest.perform(alloc(0, { cpu: 1 })))).toEqual(["alloc 1"]);
  });

  test("a CPU that is not there does nothing", () => {
    expect(guestOf("none", SHAPE).perform(alloc(0, { cpu: 1 }))).toEqual([]);
  });

  test("a design that gives up what it has serves the caller who waits in the same action", () => {
    const guest = guestOf("gives", geometry([zone(0, 8)]));
    guest.perform({ do: "pressure", pages: 0 });
    expect(said(guest.perform(alloc(0, { wait: true })))).toEqual(["release 0", "alloc-waits", "alloc 0"]);
    checkLists(guest);
  });

  test("in the kernel's slow path the last retry is kept for what comes back", () => {
    const guest = guestOf("gives", geometry([zone(0, 8)]), { slowPath: "kernel", retries: 1 });
    guest.perform({ do: "pressure", pages: 0 });
    guest.perform(alloc(0, { wait: true }));
    expect(said(guest.perform({ do: "retry", ticket: 1 }))).toEqual(["release 0"]);
    expect(said(guest.perform({ do: "retry", ticket: 1 }))).toEqual(["alloc 0"]);
  });
});

describe("the end", () => {
  class Stops extends Reporter {
    override readonly stops: readonly string[] = ["too much", "too little"];
    override canWork(): boolean {
      return true;
    }
    override canProceed(cpu: number): boolean {
      return cpu === this.zone;
    }
    override proceed(cpu: number): void {
      this.zone = cpu + 1;
    }
    override balloon(pages: Pages): void {
      this.stop(pages > 4 ? "too much" : "too little");
      this.stop("too much");
    }
    override pressure(): void {
      this.stop("just so");
    }
  }
  addToy("stops", (parts) => new Stops(parts));

  test("a guest that has stopped does nothing any more, until it is restored", () => {
    const guest = guestOf("stops", SHAPE, { cpus: 2 });
    expect(guest.enabled()).toEqual([{ do: "work" }, { do: "proceed", cpu: 0 }]);
    guest.perform({ do: "proceed", cpu: 0 });
    expect(guest.enabled()).toEqual([{ do: "work" }, { do: "proceed", cpu: 1 }]);
    const before = guest.snapshot();
    guest.perform({ do: "balloon", pages: 1 });
    expect([guest.view().stopped(), guest.enabled(), guest.perform(alloc(0))]).toEqual(["too little", [], []]);
    guest.restore(before);
    expect([guest.view().stopped(), said(guest.perform(alloc(0)))]).toEqual(["", ["alloc 0"]]);
  });

  test("a reason that the design does not name is an error in it", () => {
    expect(() => guestOf("stops", SHAPE).perform({ do: "pressure", pages: 0 })).toThrow(/just so/);
  });

  test("a device leaves when nothing is in hand", () => {
    const guest = guestOf("keeper", SHAPE);
    guest.perform({ do: "pressure", pages: 0 });
    expect(guest.perform({ do: "unregister" })).toEqual([]);
    expect(guest.view().registered()).toBe(true);
    guest.perform({ do: "balloon", pages: 0 });
    guest.reporter.leaveIfDone();
    expect(guest.view().registered()).toBe(false);
    expect(said(guest.perform({ do: "register" }))).toEqual(["registered"]);
  });
});
