import { describe, expect, it } from "vitest";
import type { AllocAction, Block, Event, FreeAction, Geometry, WireAction } from "../../../model/alphabet/index.ts";
import { AdapterFault } from "../../../oracle/conform/adapter-fault.ts";
import { conform, replay, together } from "../../../oracle/conform/conform.ts";
import { storyText } from "../../../oracle/conform/story.ts";
import { tellConformance } from "../../../oracle/conform/tell.ts";
import type { Ready } from "../../../oracle/conform/system.ts";
import { numbersOf } from "../../../properties/drivers/campaign/numbers.ts";
import { GuestSystem } from "../own/guest-system.ts";
import { FAULTY } from "./faulty-kin.ts";
import { SmallAllocator, type PageState } from "./small-allocator.ts";

function faultOf(take: () => unknown): AdapterFault {
  try {
    take();
  } catch (error) {
    if (error instanceof AdapterFault) return error;
    throw error;
  }
  throw new Error("nobody was at fault");
}

const SIXTEEN: Geometry = {
  pageSize: 4096,
  maxOrder: 2,
  pageblockOrder: 1,
  reportOrder: 1,
  capacity: 2,
  zones: [{ name: "zone0", node: 0, start: 0, pages: 16, holes: [], watermarks: { min: 0, low: 0, high: 0 } }],
};

const chance = numbersOf(9, 0);

/** What was used once is never free again. */
class KeepsUsedPages extends SmallAllocator {
  readonly #used = new Set<number>();
  override start(geometry: Geometry): Ready {
    const ready = super.start(geometry);
    for (const pfn of this.#used) if (this.pages.has(pfn)) this.pages.set(pfn, "used");
    return ready;
  }
  override perform(action: WireAction): readonly Event[] {
    const events = super.perform(action);
    for (const event of events) if (event.event === "alloc") this.#used.add(event.pfn);
    return events;
  }
}

describe("conform", () => {
  it("has nothing against a correct allocator, and asks it for all that it does", () => {
    const { verdict, runs, actions, coverage, geometries, found } = conform(new SmallAllocator(), {
      runs: 200,
      seed: 1,
    });
    expect({ verdict, runs, found }).toEqual({ verdict: "holds", runs: 200, found: undefined });
    expect(actions).toBeGreaterThan(200 * 40);
    expect(geometries.length).toBeGreaterThanOrEqual(8);
    expect(coverage.actions.filter(({ sent }) => sent === 0)).toEqual([]);
    expect(coverage.actions.reduce((sum, { sent }) => sum + sent, 0)).toBe(actions);
  });

  it.each(FAULTY)("finds one that $name: $breaks, told in at most 12 actions", ({ breaks, make }) => {
    const { verdict, found } = conform(make(), { runs: 400, seed: 1, fresh: make });
    expect(verdict).toBe("violates");
    expect(found?.violation.property).toBe(breaks);
    expect(found?.repeats).toBe(true);
    expect(found?.steps.length).toBeLessThanOrEqual(12);
    const text = storyText(found?.story ?? { machine: [], steps: [], verdict: "", rule: [], inevitable: [] }).join(
      "\n",
    );
    expect(text).toContain(`: ${breaks}\n  the rule `);
  });

  it("finds what only many requests of one run lead to", () => {
    class WrapsRound extends SmallAllocator {
      protected override putBack(range: Block, reported: boolean): void {
        if (this.requests < 25) super.putBack(range, reported);
      }
    }
    const make = (): SmallAllocator => new WrapsRound();
    const { found } = conform(make(), { runs: 1000, seed: 1, fresh: make });
    expect(found).toMatchObject({ repeats: true, violation: { property: "stranded" } });
    expect(found?.length).toBeGreaterThan(120);
  });

  it.each<[string, () => (index: number) => number]>([
    ["goes on counting from start to start", () => (index) => index],
    ["calls them by chance", () => () => chance(2 ** 31)],
  ])("does not mind how a system calls its requests: one %s, and is wrong besides", (_, numbers) => {
    let submitted = 0;
    class Calls extends SmallAllocator {
      readonly #number = numbers();
      protected override submit(ranges: readonly Block[]): void {
        this.requests = this.#number(submitted++);
        super.submit(ranges);
      }
      protected override putBack(range: Block): void {
        super.putBack(range, true);
      }
    }
    const make = (): SmallAllocator => new Calls();
    const { found } = conform(make(), { runs: 100, seed: 1, fresh: make });
    expect(found).toMatchObject({ repeats: true, violation: { property: "truthful-mark" } });
    expect(found?.steps).toMatchObject([{ do: "work" }, { do: "ack", request: 1, ok: false }]);
    const [, submit] = /submit (\d+)/.exec(found?.story.steps[0] ?? "") ?? [];
    expect(found?.story.steps[1]).toContain(`ack request ${submit} refused`);
  });

  it("calls a system by a name on one line, however it calls itself", () => {
    class Odd extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        return { ...super.start(geometry), name: `\u001B[2Jmine\n${"x".repeat(1000)}` };
      }
    }
    const { name } = conform(new Odd(), { runs: 1, seed: 1 });
    expect(name).toMatch(/^\\u001b\[2Jmine\\u000ax+… \(1,009 characters\)$/);
  });

  it("never sends what the system does not list", () => {
    const asked = new Set<string>();
    class Lists extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        return { ...super.start(geometry), does: ["alloc", "free", "work", "ack", "unregister"] };
      }
      override perform(action: WireAction): readonly Event[] {
        asked.add(action.do);
        return super.perform(action);
      }
    }
    const { verdict, coverage } = conform(new Lists(), { runs: 60, seed: 2 });
    expect(verdict).toBe("holds");
    expect([...asked].toSorted()).toEqual(["ack", "alloc", "free", "unregister", "work"]);
    expect(coverage.notDone).toEqual(["compact", "offline", "online", "pressure", "balloon", "hint", "register"]);
  });

  it("does not send it where steps are replayed, either", () => {
    const asked: string[] = [];
    class FourOnly extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        return { ...super.start(geometry), does: ["alloc", "free", "work", "ack"] };
      }
      override perform(action: WireAction): readonly Event[] {
        asked.push(action.do);
        return super.perform(action);
      }
    }
    replay(new FourOnly(), SIXTEEN, [
      { do: "compact", zone: "zone0", order: 0, at: 0, end: "head" },
      { do: "offline", start: 0, pages: 16 },
      { do: "unregister" },
      { do: "work" },
    ]);
    expect([...new Set(asked)]).toEqual(["work", "ack"]);
  });

  it("holds a system to what it claims at the latest start", () => {
    let starts = 0;
    class ClaimsLater extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        const { name, does, claims = [] } = super.start(geometry);
        return starts++ < 3 ? { name, does } : { name, does, claims };
      }
      protected override work(): void {}
    }
    const geometries = [{ name: "sixteen pages", geometry: SIXTEEN }];
    const { found } = conform(new ClaimsLater(), { runs: 9, seed: 1, geometries });
    expect([found?.run, found?.violation.property]).toEqual([3, "completeness"]);
  });

  it("takes the same runs wherever they are taken", () => {
    const [first, second] = [0, 1].map((share) =>
      conform(new SmallAllocator(), { runs: 40, seed: 3, share: { first: share, every: 2 } }),
    );
    expect(first.runs).toBe(20);
    expect(together(first, second)).toEqual(conform(new SmallAllocator(), { runs: 40, seed: 3 }));
  });

  it("names the geometries that it came to, and no others", () => {
    const { geometries } = conform(new SmallAllocator(), { runs: 3, seed: 1 });
    expect(geometries).toEqual(["eight pages", "one zone", "watermarks"]);
    const shares = [0, 1].map((first) =>
      conform(new SmallAllocator(), { runs: 3, seed: 1, share: { first, every: 2 } }),
    );
    expect(shares.reduce(together).geometries.toSorted()).toEqual(geometries.toSorted());
  });

  it("keeps of two shares' findings that of the earlier run", () => {
    const { make } = FAULTY[0];
    const shares = [0, 1, 2].map((share) => conform(make(), { runs: 60, seed: 4, share: { first: share, every: 3 } }));
    const whole = conform(make(), { runs: 60, seed: 4 });
    expect(shares.reduce(together).found).toEqual(whole.found);
  });

  it("comes to the same finding again, as plain data", () => {
    const { make } = FAULTY[5];
    const one = conform(make(), { runs: 100, seed: 5 });
    expect(conform(make(), { runs: 100, seed: 5 })).toEqual(one);
    expect(structuredClone(one)).toEqual(one);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  it("stops where it is told to, and says how far it is and what broke", () => {
    const told: number[] = [];
    const options = { runs: 50, seed: 1, progress: ({ runs }: { runs: number }) => void told.push(runs) };
    expect(conform(new SmallAllocator(), { ...options, stop: (run) => run === 7 }).runs).toBe(7);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const broke: number[] = [];
    const { found } = conform(FAULTY[0].make(), { runs: 50, seed: 1, broke: (run) => void broke.push(run) });
    expect(broke).toEqual([found?.run]);
  });
});

describe("a start that does not begin afresh", () => {
  it("is a fault of the adapter, not a verdict", () => {
    const { fault, run } = faultOf(() =>
      conform(new KeepsUsedPages(), { runs: 100, seed: 1, fresh: () => new KeepsUsedPages() }),
    );
    expect(fault.problem).toContain('"start" does not begin afresh');
    expect(fault.rule).toBe("a second start is a fresh, empty system");
    expect(run?.run).toBeGreaterThan(0);
  });

  it("is one too where what is left over shows only after many runs", () => {
    class Tires extends SmallAllocator {
      #starts = 0;
      override start(geometry: Geometry): Ready {
        this.#starts++;
        return super.start(geometry);
      }
      protected override wouldFit(order: number): boolean {
        return this.#starts < 20 && super.wouldFit(order);
      }
    }
    const { fault } = faultOf(() => conform(new Tires(), { runs: 300, seed: 1, fresh: () => new Tires() }));
    expect(fault.problem).toContain('"start" does not begin afresh');
  });
});

describe("a start that does not begin afresh, in a system that is wrong besides", () => {
  it("is a fault, too, where only the shortened story depends on it", () => {
    /** From its second start on it is wrong from the beginning; at first only after some frees. */
    class Both extends SmallAllocator {
      #starts = 0;
      #frees = 0;
      override start(geometry: Geometry): Ready {
        this.#starts++;
        this.#frees = 0;
        return super.start(geometry);
      }
      protected override free(action: FreeAction): void {
        this.#frees++;
        super.free(action);
      }
      protected override wouldFit(order: number): boolean {
        return this.#starts === 1 && this.#frees < 3 && super.wouldFit(order);
      }
    }
    const make = (): SmallAllocator => new Both();
    const options = { runs: 1, seed: 3, geometries: [{ name: "sixteen pages", geometry: SIXTEEN }], fresh: make };
    const { fault, run } = faultOf(() => conform(make(), options));
    expect(fault.problem).toContain('"start" does not begin afresh');
    expect(run?.run).toBe(0);
    if (run === undefined) return;
    expect(replay(make(), run.scope.geometry, run.steps).violation?.property).not.toBe("fake-oom");
  });
});

describe("a system that is not deterministic", () => {
  it("is told as it was seen, and said not to repeat", () => {
    let failures = 0;
    class Once extends SmallAllocator {
      protected override wouldFit(order: number): boolean {
        return super.wouldFit(order) && failures++ > 0;
      }
    }
    const make = (): SmallAllocator => new Once();
    const { verdict, found } = conform(make(), { runs: 300, seed: 2, fresh: make });
    expect(verdict).toBe("violates");
    expect(found?.repeats).toBe(false);
    expect(found?.violation.property).toBe("fake-oom");
    expect(found?.length).toBe(found?.steps.length);
    expect(found?.heard.at(-1)?.event.event).toBe("alloc-failed");
    expect(found?.story.inevitable).toEqual([]);
  });

  it("is not said never to break it again, where it did but not every time", () => {
    const conformance = conform(FAULTY[0].make(), { runs: 50, seed: 1 });
    const { found } = conformance;
    if (found === undefined) throw new Error("nothing was found");
    const told = (length: number): string =>
      tellConformance({ ...conformance, found: { ...found, length, repeats: false } })[0];
    const why = "the same actions do not break it every time; the system is not deterministic";
    expect(told(found.steps.length)).toContain(`, NOT shrunk: ${why}`);
    // It broke once more when it was short, but not the last time that it was taken.
    expect(told(30)).toContain(`, shrunk from 30 actions to ${found.steps.length}: ${why}`);
  });

  const choose = numbersOf(7, 0);
  /** Wrong to every third caller or so, whatever came before. */
  class OftenWrong extends SmallAllocator {
    protected override alloc(action: AllocAction): void {
      if (choose(3) > 0 || this.open === undefined) super.alloc(action);
      else this.told.push({ event: "alloc-failed", order: action.order });
    }
  }
  /** Does not wait for the host, every second time or so: a story of one step. */
  class OftenImpatient extends SmallAllocator {
    protected override submit(ranges: readonly Block[]): void {
      super.submit(ranges);
      if (choose(2) === 0) this.ack(true);
    }
  }

  it.each([
    { often: "wrong", make: (): SmallAllocator => new OftenWrong() },
    { often: "impatient", make: (): SmallAllocator => new OftenImpatient() },
  ])("is not taken for one whose start does not begin afresh, where chance makes it $often again", ({ make }) => {
    for (let seed = 1; seed <= 15; seed++) {
      expect(conform(make(), { runs: 100, seed, fresh: make }).verdict).toBe("violates");
    }
  });
});

describe("replay", () => {
  const { make } = FAULTY[0];

  it("tells of the steps of a finding what the finding told", () => {
    const { found } = conform(make(), { runs: 50, seed: 1 });
    if (found === undefined) throw new Error("nothing was found");
    const { violation, at, heard, story, name } = replay(make(), found.scope.geometry, found.steps);
    expect({ violation, at, heard, story }).toEqual({
      violation: found.violation,
      at: found.at,
      heard: found.heard,
      story: found.story,
    });
    expect(name).toBe("small allocator");
    expect(replay(new SmallAllocator(), found.scope.geometry, found.steps).story.verdict).toBe("Nothing is broken.");
  });

  it("numbers what healing did behind the steps, and tells it", () => {
    const { heard, story } = replay(new SmallAllocator(), SIXTEEN, [
      { do: "work" },
      { do: "tick" },
      { do: "compact", zone: "zone0", order: 0, at: 0, end: "head" },
    ]);
    expect(heard.slice(0, 6).map(({ at, event }) => `${at} ${event.event}`)).toEqual([
      "0 isolate",
      "0 isolate",
      "0 submit",
      "3 discard",
      "3 discard",
      "3 ack",
    ]);
    expect(story.steps.slice(0, 5)).toEqual([
      "  0  worker  work                                isolate 0-1; isolate 2-3; submit 0: 0-1 2-3",
      "  1  clock   tick                                -",
      "  2  admin   compact zone0                       -",
      "     the users rest and the host answers everything:",
      "  3  host    ack request 0 ok                    discard 0-1; discard 2-3; ack 0; release 0-1 as reported; release 2-3 as reported",
    ]);
  });
});

describe("a fault of the adapter", () => {
  class Crashes extends SmallAllocator {
    protected override ack(): void {
      throw new TypeError("no such request");
    }
  }

  it("says in which run it showed, and shows again when its steps are replayed", () => {
    const { fault, run, cause } = faultOf(() => conform(new Crashes(), { runs: 50, seed: 1 }));
    expect(fault.problem).toBe("the system threw: no such request");
    expect(fault.sent).toMatch(/^\{"do":"ack"/);
    expect(cause).toBeInstanceOf(TypeError);
    if (run === undefined) throw new Error("it says nothing of a run");
    expect(run.steps.at(-1)?.do).toBe("ack");
    const again = faultOf(() => replay(new Crashes(), run.scope.geometry, run.steps));
    expect(again.fault).toEqual(fault);
    expect(again.run?.steps).toEqual(run.steps);
  });

  it("does not take long, where shrinking meets one at every turn", () => {
    let threw = 0;
    /** Wrong in the machine that it is found on, and out of order in every other. */
    class OnlyThere extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        if (geometry.zones[0].pages < 16) {
          threw++;
          throw new Error("hangs, until somebody kills it");
        }
        return super.start(geometry);
      }
      protected override wouldFit(): boolean {
        return false;
      }
    }
    const geometries = [{ name: "sixteen pages", geometry: SIXTEEN }];
    expect(conform(new OnlyThere(), { runs: 100, seed: 1, geometries }).found?.repeats).toBe(true);
    expect(threw).toBe(3);
  });

  it("leaves open what was inevitable, where it shows in the steps before", () => {
    class CrashesLater extends Crashes {
      protected override find(order: number, fits: (state: PageState) => boolean): number | undefined {
        return super.find(order, (state) => state === "held" || fits(state));
      }
    }
    const { violation, story } = replay(new CrashesLater(), SIXTEEN, [
      { do: "work" },
      { do: "alloc", order: 2, migratetype: "movable", node: 0, cpu: 0, wait: false },
    ]);
    expect(violation?.property).toBe("exclusion");
    expect(story.inevitable).toEqual([]);
  });

  it("tells the steps of healing, too, where it showed in them", () => {
    const { run } = faultOf(() => replay(new Crashes(), SIXTEEN, [{ do: "work" }]));
    expect(run?.steps).toEqual([{ do: "work" }, { do: "ack", request: 1, ok: true }]);
  });

  it.each<[string, Partial<Record<keyof Ready, unknown>>, RegExp]>([
    ["lacks what is required", { does: ["alloc", "work"] }, /^"does" lacks "free", "ack"$/],
    ["does what nobody knows", { does: ["alloc", "free", "work", "ack", "sing"] }, /"sing"/],
    ["has no name", { name: undefined }, /name/],
    ["claims what nobody knows", { claims: ["speed"] }, /"speed"/],
  ])("a system that %s", (_, differs, problem) => {
    class Says extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        return Object.assign(super.start(geometry), differs);
      }
    }
    const { fault, run } = faultOf(() => conform(new Says(), { runs: 1, seed: 1 }));
    expect(fault.problem).toMatch(problem);
    expect(run).toMatchObject({ run: 0, steps: [] });
  });
});

describe("what the host asked for", () => {
  it("may be held while it asks for it: a worker that does nothing then is not idle", () => {
    const { violation, heard } = replay(
      new GuestSystem({ design: "balloon", variant: "oom", system: "impl" }),
      SIXTEEN,
      [{ do: "balloon", pages: 2 }, { do: "work" }, { do: "ack", request: 1, ok: true }, { do: "work" }],
    );
    expect(violation).toBeUndefined();
    expect(heard.filter(({ at }) => at < 4).map(({ event }) => event.event)).not.toContain("idle");
    expect(heard.at(-1)?.event.event).toBe("idle");
  });
});
