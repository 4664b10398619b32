/** Symmetry: what is taken for alike is alike, orbits add up to all states, and what is wrong about one is found. */
import { describe, expect, test } from "vitest";
import { FREE_TAG, OWNER_BITS, type Settings } from "../../model/alphabet/index.ts";
import { DESIGNS } from "../../impl/designs/index.ts";
import { certify, holds } from "../../properties/drivers/explore/symmetry/certificate.ts";
import { findInequality } from "../../properties/drivers/explore/symmetry/equivariance.ts";
import { explore } from "../../properties/drivers/explore/explore.ts";
import { compare } from "../../properties/drivers/explore/symmetry/permutations.ts";
import type { Extra, Menu, Plan } from "../../properties/drivers/explore/plans.ts";
import { Symmetry, type Canonical } from "../../properties/drivers/explore/symmetry/symmetry.ts";
import { refusal, symmetryOf } from "../../properties/drivers/explore/symmetry/symmetry-refusal.ts";
import { namingCells } from "../../properties/drivers/explore/symmetry/symmetry-cells.ts";
import { symmetricPlansFor } from "../../properties/drivers/explore/symmetry/symmetry-plans.ts";
import type { Alike } from "../../properties/drivers/explore/symmetry/symmetry-path.ts";
import { exploreTogether } from "../../properties/drivers/explore/threads/together.ts";
import { ExploredWorld } from "../../properties/drivers/explore/world.ts";
import { scope, type Shape } from "../../properties/drivers/scopes.ts";
import { traitsOf } from "../../properties/subjects.ts";

const TINY: Omit<Shape, "zones"> = { maxOrder: 1, pageblockOrder: 1, reportOrder: 1, capacity: 1 };

/** Some blocks of two pages. */
function planOf(blocks: number, menu: Partial<Menu> = {}, settings: Partial<Settings> = {}): Plan {
  return planIn({ ...TINY, zones: [{ pages: 2 * blocks }] }, menu, settings);
}

function planIn(shape: Shape, menu: Partial<Menu> = {}, settings: Partial<Settings> = {}): Plan {
  return {
    name: "alike",
    scope: scope("alike", shape, settings),
    menu: { orders: [0, 1], types: ["movable"], waits: [false], callers: 1, extras: [], ...menu },
  };
}

function certificateOf(design: string, plan: Plan, alike?: Alike) {
  const subject = { design };
  return certify({ plan, subject, limit: 100_000 }, alike ?? ((world) => symmetryOf(plan, subject, world)));
}

const HALVES: Shape = { maxOrder: 2, pageblockOrder: 1, reportOrder: 1, capacity: 2, zones: [{ pages: 8 }] };
const TWO_ZONES: Shape = { ...TINY, zones: [{ pages: 4 }, { pages: 4, node: 1 }] };
const CACHES: Partial<Settings> = { cpus: 2, pcp: { maxOrder: 0, huge: false, high: 2, batch: 1 } };

describe("orbits add up to all states, and each has one representative", () => {
  const plans: readonly (readonly [string, Plan, readonly string[]])[] = [
    ["two blocks", planOf(2, { extras: ["discard", "refuse"] }), ["none", "page-reporting"]],
    ["two blocks", planOf(2, { extras: ["discard"] }), ["reported-boundary", "bubble", "treated-buddy"]],
    ["three blocks", planOf(3), ["none", "page-reporting", "reported-boundary", "bubble", "treated-buddy"]],
    ["three blocks, cut and rotated", planOf(3, { extras: ["compact"] }), ["none", "page-reporting"]],
    ["a bad page", planOf(3, { orders: [1], extras: ["memory-failure"] }), ["none", "page-reporting"]],
    [
      "blocks with halves to report",
      planIn(HALVES, { orders: [1, 2] }),
      ["none", "page-reporting", "reported-boundary"],
    ],
    ["two zones", planIn(TWO_ZONES, { orders: [1] }), ["none", "page-reporting", "reported-boundary"]],
    ["two CPUs", planOf(2, { orders: [0] }, CACHES), ["none", "page-reporting", "reported-boundary"]],
    ["sleepers", planOf(3, { orders: [1], waits: [true], callers: 2 }), ["page-reporting", "reported-boundary"]],
    ["poison", planOf(3, {}, { freeContent: "poison" }), ["none"]],
  ];
  for (const [name, plan, designs] of plans) {
    test.each(designs)(`${name}: %s`, (design) => {
      const certificate = certificateOf(design, plan);
      expect(certificate).toSatisfy(holds);
      expect(certificate.canonical).toBeLessThan(certificate.full);
    });
  }

  test("two CPUs are taken for alike, too", () => {
    const plan = planOf(2, { orders: [0] }, CACHES);
    expect(new Symmetry(plan, new ExploredWorld(plan, { design: "none" })).order).toBe(4);
    expect(new Symmetry(plan, new ExploredWorld(plan, { design: "balloon" })).order).toBe(2);
  });
});

describe("a symmetry that is wrong has no certificate", () => {
  const plan = planOf(3);

  test("one that takes no note of the order of lists", () => {
    const halves = planOf(2);
    const certificate = certificateOf("page-reporting", halves, (world) => new Unordered(halves, world));
    expect(certificate).not.toSatisfy(holds);
    expect(certificate.represented).not.toBe(certificate.full);
  });

  test("one that lets blocks change zones", () => {
    const zones = planIn(TWO_ZONES, { orders: [1] });
    const exchange: Alike = (world) => new Exchange(zones, world);
    expect(certificateOf("page-reporting", zones, exchange)).not.toSatisfy(holds);
  });

  test("one that takes every orbit for as large as it can be", () => {
    const greedy: Alike = (world) => {
      const symmetry = new Symmetry(plan, world);
      return { canonical: (cells) => Math.max(symmetry.canonical(cells), symmetry.order) };
    };
    const certificate = certificateOf("page-reporting", plan, greedy);
    expect(certificate).not.toSatisfy(holds);
    expect(certificate.represented).toBeGreaterThan(certificate.full);
  });

  test("one that finds two representatives in an orbit", () => {
    const certificate = certificateOf("page-reporting", plan, (world) => new Untidy(plan, world));
    expect(certificate).not.toSatisfy(holds);
    expect(certificate.represented).toBeGreaterThan(certificate.full);
  });

  test("one of a guest that looks at addresses", () => {
    const scanned = planIn(HALVES, { orders: [0], extras: ["scan"] });
    const forced: Alike = (world) => new Symmetry(scanned, world);
    const certificate = certificateOf("none", scanned, forced);
    expect(certificate.represented).toBe(certificate.full);
    expect(certificate.uneven).toBeGreaterThan(0);
    expect(certificate).not.toSatisfy(holds);
  });
});

describe("with other names the same happens, under those names", () => {
  const shape: Shape = {
    ...HALVES,
    zones: [
      { pages: 12, watermarks: { min: 1, low: 2, high: 3 } },
      { pages: 8, node: 1 },
    ],
  };
  const extras: readonly Extra[] = [
    ...(["discard", "refuse", "lose", "drain", "compact", "memory-failure", "set-order"] as const),
    ...(["unregister", "register", "freeze", "thaw", "pressure"] as const),
  ];
  const tries = { walks: 1, steps: 60, seed: 5 };
  const planFor = (id: string, variant: string, more: readonly Extra[]): Plan =>
    planIn(
      shape,
      { orders: [0, 1, 2], types: ["movable", "unmovable"], waits: [true, false], callers: 2, extras: more },
      { ...CACHES, variant, ...(traitsOf(id, variant).hears.includes("hint") ? { hintsFor: "dropping" } : {}) },
    );
  const forms = DESIGNS.map(({ id, variant, pageWords }) => ({ id, variant, says: pageWords !== undefined }));

  test.each(forms.filter(({ says }) => says))("$id $variant", ({ id, variant }) => {
    const heard = traitsOf(id, variant).hears;
    expect(findInequality(planFor(id, variant, [...extras, ...heard]), { design: id }, tries)).toBeUndefined();
  });

  test.each(forms.filter(({ says }) => !says))("not so: $id $variant", ({ id, variant }) => {
    const heard = traitsOf(id, variant).hears;
    const found = findInequality(planFor(id, variant, [...extras, ...heard]), { design: id }, { ...tries, walks: 20 });
    expect(found).toBeDefined();
  });

  test("not so: compaction's free scanner", () => {
    const found = findInequality(planFor("none", "", ["scan"]), { design: "none" }, { walks: 20, steps: 100, seed: 5 });
    expect(found?.move).toMatchObject({ do: "scan" });
  });
});

describe("refused, with the reason", () => {
  const missed = "States that differ in where blocks lie would be taken for one";
  const cases: readonly (readonly [string, Plan, string])[] = [
    ["bitmap", planOf(2), "bitmap goes through memory by address"],
    ["array-percpu", planOf(2), "array-percpu does not say which of its words are pages"],
    ["none", planOf(2, { extras: ["scan"] }), "compaction's free scanner takes the highest block by address"],
    ["none", planOf(2, { extras: ["offline"] }), "hotplug takes and gives sections"],
    ["none", planIn({ ...TINY, zones: [{ pages: 4, holes: [{ start: 0, pages: 1 }] }] }), "zone0 has holes"],
  ];
  test.each(cases)("%s", (design, plan, reason) => {
    expect(refusal(plan, { design })).toMatch(reason);
    expect(refusal(plan, { design })).toMatch(missed);
    expect(() => explore({ plan, subject: { design }, limit: 10, symmetric: true })).toThrow(reason);
  });

  test("a planted fault", () => {
    expect(refusal(planOf(2), { design: "none", fault: "some" })).toMatch("nobody has looked whether some depends");
  });
});

describe("what is explored up to symmetry", () => {
  test("a failure is found as near as without it, and the path to it is real", () => {
    const plan = planOf(4, { extras: ["refuse", "discard"] });
    const subject = { design: "reported-boundary" };
    const exploration = { plan, subject, limit: 100_000 };
    const plain = explore(exploration);
    const symmetric = explore({ ...exploration, symmetric: true });
    expect(symmetric.broken?.violation.property).toBe(plain.broken?.violation.property);
    expect(symmetric.path.length).toBe(plain.path.length);
    expect(lastOf(plan, subject.design, symmetric)).toBe(plain.broken?.violation.property);
  });

  test.each(["page-reporting", "reported-boundary"])("more than 10^9 states: %s", (design) => {
    const [plan] = symmetricPlansFor(design);
    const { ended, states, represented } = explore({ plan, subject: { design }, limit: 20_000, symmetric: true });
    expect(ended).toBe("complete");
    expect(represented).toBeGreaterThan(1e9);
    // Ten factorial is what ten blocks can give at most.
    expect(represented / states).toBeGreaterThan(0.4 * 3_628_800);
  });

  test("as many as can be counted without it: users have some of ten blocks, the others stand in some order", () => {
    const [plan] = symmetricPlansFor("none");
    const { states, represented } = explore({ plan, subject: { design: "none" }, limit: 100, symmetric: true });
    let arrangements = 0;
    for (let free = 0, ways = 1; free <= 10; ways *= 10 - free++) arrangements += ways;
    expect(states).toBe(11);
    expect(represented).toBe(arrangements);
  });

  test("there is no such plan for a design to which blocks are not alike", () => {
    expect(symmetricPlansFor("bitmap")).toEqual([]);
  });

  test("threads count the same", async () => {
    const exploration = { plan: planOf(4), subject: { design: "page-reporting" }, limit: 100_000, symmetric: true };
    const { states, transitions, represented, digest } = explore(exploration);
    expect(represented).toBeGreaterThan(20 * states);
    expect(await exploreTogether(exploration, 2)).toMatchObject({ states, transitions, represented, digest });
  });
});

/** Walks a path. @returns the property that its last move breaks */
function lastOf(plan: Plan, design: string, { path, moves }: ReturnType<typeof explore>): string | undefined {
  const world = new ExploredWorld(plan, { design });
  const cells = world.start();
  let broken = world.enter(cells);
  for (const [at, move] of path.entries()) {
    expect(broken, `move ${at}`).toBeUndefined();
    broken = world.take(moves.all[move]);
    world.gather(cells);
    broken ??= world.enter(cells);
  }
  return broken?.property;
}

/** Wrong: blocks ordered by what they say of themselves, and every list in ascending order (`perf.md`, Design advice 12). */
class Unordered implements Canonical {
  readonly #symmetry: Symmetry;
  readonly #plan: Plan;
  readonly #world: ExploredWorld;

  constructor(plan: Plan, world: ExploredWorld) {
    this.#symmetry = new Symmetry(plan, world);
    this.#plan = plan;
    this.#world = world;
  }

  canonical(cells: Int32Array): number {
    const orbit = this.#symmetry.canonical(cells);
    const candidates = this.#symmetry.renamings().map((renaming) => {
      const renamed = cells.slice();
      this.#symmetry.rename(cells, renaming, renamed);
      this.#sortLists(renamed);
      return renamed;
    });
    cells.set(candidates.toSorted(compare)[0]);
    return orbit;
  }

  #sortLists(cells: Int32Array): void {
    const { headsNext, headsPrev, heads, next, prev } = namingCells(this.#plan, this.#world);
    const pages = this.#world.guest.shape.pages;
    const link = (from: number, to: number): void => {
      cells[from < pages ? next + from : headsNext + from - pages] = to;
      cells[to < pages ? prev + to : headsPrev + to - pages] = from;
    };
    for (let head = 0; head < heads; head++) {
      const blocks: number[] = [];
      for (let node = cells[headsNext + head]; node < pages; node = cells[next + node]) blocks.push(node);
      const ring = [pages + head, ...blocks.toSorted((one, other) => one - other)];
      ring.forEach((node, at) => link(node, ring[(at + 1) % ring.length]));
    }
  }
}

/** Wrong: the first block of one zone and the first of the other change places. */
class Exchange implements Canonical {
  readonly #symmetry: Symmetry;

  constructor(plan: Plan, world: ExploredWorld) {
    this.#symmetry = new Symmetry(plan, world);
  }

  canonical(cells: Int32Array): number {
    const orbit = this.#symmetry.canonical(cells);
    const exchanged = cells.slice();
    this.#symmetry.rename(cells, { blocks: Int32Array.of(2, 1, 0, 3), cpus: [0] }, exchanged);
    if (compare(exchanged, cells) >= 0) return orbit;
    cells.set(exchanged);
    return 2 * orbit;
  }
}

/** Wrong: where the first page is not free, all blocks keep their places. */
class Untidy implements Canonical {
  readonly #symmetry: Symmetry;

  constructor(plan: Plan, world: ExploredWorld) {
    this.#symmetry = new Symmetry(plan, world);
  }

  canonical(cells: Int32Array): number {
    const before = cells.slice();
    const orbit = this.#symmetry.canonical(cells);
    if ((before[0] & OWNER_BITS) !== FREE_TAG) cells.set(before);
    return orbit;
  }
}
