import { describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { ACTORS, type Actor, type Graph } from "../../properties/drivers/explore/liveness/graph.ts";
import { accepting, answering, compile, type Fairness } from "../../properties/drivers/explore/liveness/fairness.ts";
import { tellLasso, type Lasso } from "../../properties/drivers/explore/liveness/lasso.ts";
import {
  checkLiveness,
  livenessVerdict,
  type LivenessResult,
  type Unending,
} from "../../properties/drivers/explore/liveness/liveness.ts";
import type { Move } from "../../properties/drivers/explore/moves.ts";
import { sourceOf } from "../../properties/drivers/explore/liveness/paths.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";

/** What happens in the graphs made by hand, and who does it. */
const MOVES = {
  work: { do: "work" },
  tick: { do: "tick" },
  hotplug: { do: "hotplug" },
  alloc: { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false },
  scan: { do: "scan", zone: "zone0" },
  discard: { do: "discard", request: 1 },
  ok: { do: "ack", request: 1, ok: true },
  refuse: { do: "ack", request: 1, ok: false },
  ok2: { do: "ack", request: 2, ok: true },
} as const satisfies Record<string, Move>;
type MoveName = keyof typeof MOVES;

const BY: Record<MoveName, Actor> = {
  work: "worker",
  tick: "clock",
  hotplug: "guest",
  alloc: "user",
  scan: "administrator",
  discard: "host",
  ok: "host",
  refuse: "host",
  ok2: "host",
};
const NAMES: readonly MoveName[] = ["work", "tick", "hotplug", "alloc", "scan", "discard", "ok", "refuse", "ok2"];
const TABLE: readonly Move[] = NAMES.map((name) => MOVES[name]);

const WISH = { name: "nothing held", undone: "is held" };

type Edge = readonly [from: number, to: number, move: number];

function graphOf(states: number, edges: readonly Edge[]): Graph {
  const sorted = [...edges].sort(([one], [other]) => one - other);
  const first = new Int32Array(states + 1);
  for (const [from] of sorted) first[from + 1]++;
  for (let state = 0; state < states; state++) first[state + 1] += first[state];
  return {
    states,
    first,
    target: Int32Array.from(sorted, ([, to]) => to),
    actor: Uint8Array.from(sorted, ([, , move]) => ACTORS.indexOf(BY[NAMES[move]])),
    move: Uint16Array.from(sorted, ([, , move]) => move),
  };
}

function byHand(...edges: readonly (readonly [from: number, move: MoveName, to: number])[]): Graph {
  const states = Math.max(...edges.flatMap(([from, , to]) => [from, to])) + 1;
  return graphOf(
    states,
    edges.map(([from, move, to]) => [from, to, NAMES.indexOf(move)]),
  );
}

/** Page 0 is held in these states. */
function check(graph: Graph, held: readonly number[], fairness: Fairness = answering(TABLE)): LivenessResult {
  const pages = Uint32Array.from({ length: graph.states }, (_, state) => (held.includes(state) ? 1 : 0));
  return checkLiveness(graph, WISH, pages, fairness);
}

function lassoOf(result: LivenessResult, graph: Graph): string {
  const [found] = result.unending;
  if (found === undefined) return "holds";
  const names = (edges: readonly number[]): string => edges.map((edge) => NAMES[graph.move[edge]]).join(" ");
  return `${found.kind}: ${names(found.lasso.stem)} (${names(found.lasso.loop)})`;
}

function told(graph: Graph, held: readonly number[], fairness?: Fairness): string {
  return lassoOf(check(graph, held, fairness), graph);
}

describe("fairness, rule by rule", () => {
  test("a state which nobody leaves may last for ever", () => {
    expect(told(byHand([0, "work", 1]), [1])).toBe("resting: work ()");
  });

  test("users and administrator owe nothing: what only they could end may last for ever", () => {
    expect(told(byHand([0, "work", 1], [1, "alloc", 0]), [1])).toBe("resting: work ()");
    expect(told(byHand([0, "work", 1], [1, "scan", 0]), [1])).toBe("resting: work ()");
  });

  test.each(["work", "tick", "hotplug", "ok"] as const)("%s is not put off for ever", (move) => {
    expect(told(byHand([0, "alloc", 1], [1, move, 0]), [1])).toBe("holds");
    expect(told(byHand([0, "alloc", 1], [1, "alloc", 2], [2, "alloc", 1], [1, move, 0], [2, move, 0]), [1, 2])).toBe(
      "holds",
    );
  });

  test("that the host drops pages is not owed", () => {
    expect(told(byHand([0, "work", 1], [1, "discard", 0]), [1])).toBe("resting: work ()");
  });

  test("who acts again and again has kept his promise, though it changes nothing", () => {
    expect(told(byHand([0, "alloc", 1], [1, "work", 1], [1, "work", 0]), [1])).toBe("resting: alloc (work)");
  });

  test("a promise is off where it can't be kept again and again", () => {
    const graph = byHand([0, "alloc", 1], [1, "alloc", 2], [2, "alloc", 1], [1, "work", 0], [1, "tick", 0]);
    expect(told(graph, [1, 2])).toBe("resting: alloc alloc ()");
    expect(told(byHand([0, "alloc", 1], [1, "alloc", 2], [2, "tick", 1], [1, "work", 0]), [1, 2])).toBe(
      "busy: alloc (alloc tick)",
    );
  });

  test("the worker alone can't go round where the clock must act and never does", () => {
    expect(told(byHand([0, "alloc", 1], [1, "work", 2], [2, "work", 1], [1, "tick", 0], [2, "tick", 0]), [1, 2])).toBe(
      "holds",
    );
  });

  test("each request is answered by itself", () => {
    const graph = byHand([0, "alloc", 1], [1, "ok", 1], [1, "ok2", 0]);
    expect(told(graph, [1])).toBe("holds");
  });

  test("a host that refuses for ever is fair, unless it must agree at last", () => {
    const graph = byHand([0, "work", 1], [1, "refuse", 0], [1, "ok", 2], [2, "alloc", 0]);
    expect(told(graph, [0, 1])).toBe("resting:  (work refuse)");
    expect(told(graph, [0, 1], accepting(TABLE))).toBe("holds");
  });

  test("a host that must agree at last may still refuse where nobody asks again", () => {
    const graph = byHand([0, "work", 1], [1, "refuse", 2], [1, "ok", 3]);
    expect(told(graph, [0, 1, 2], accepting(TABLE))).toBe("resting: work refuse ()");
  });

  test("where agreeing is possible only in a part of the loop, the rest of it is looked at alone", () => {
    const graph = byHand(
      [0, "work", 1],
      [1, "refuse", 0],
      [1, "ok", 4],
      [0, "alloc", 2],
      [2, "work", 3],
      [3, "tick", 2],
      [3, "alloc", 0],
    );
    expect(told(graph, [0, 1, 2, 3], accepting(TABLE))).toBe("resting: alloc (work tick)");
  });

  test("a loop visits all that is promised in it", () => {
    const graph = byHand(
      [0, "alloc", 1],
      [1, "work", 2],
      [2, "work", 1],
      [2, "hotplug", 3],
      [3, "tick", 1],
      [1, "tick", 4],
      [2, "tick", 4],
    );
    expect(told(graph, [1, 2, 3])).toBe("resting: alloc (work hotplug tick)");
  });
});

test("the story is a short one: the nearest place, and there the loop that is soonest told", () => {
  const places = byHand([0, "alloc", 1], [1, "alloc", 2], [0, "scan", 3], [3, "work", 0], [2, "work", 2]);
  expect(told(places, [2])).toBe("resting: alloc alloc (work)");
  expect(told(places, [1, 2])).toBe("resting: alloc ()");
  const all = byHand(
    [1, "tick", 0],
    [2, "tick", 0],
    [3, "tick", 0],
    [4, "tick", 0],
    [0, "alloc", 1],
    [1, "alloc", 2],
    [2, "tick", 3],
    [3, "alloc", 2],
    [3, "alloc", 4],
    [4, "scan", 1],
  );
  expect(told(all, [1, 2, 3, 4])).toBe("busy: alloc alloc (tick alloc)");
});

describe("what is said", () => {
  const graph = byHand([0, "work", 1], [1, "ok", 2], [2, "alloc", 0]);

  test("a verdict names what was explored, and what was assumed", () => {
    expect(livenessVerdict(check(graph, [1]), "tiny")).toBe(
      "holds (every fair run of scope tiny: 3 states, 3 transitions; every request is answered; 1 pages)",
    );
    expect(livenessVerdict(check(graph, [1, 2]), "tiny")).toMatch(/^violates nothing held: resting, of pages 0 /);
  });

  test("where nothing was ever undone, nothing was checked", () => {
    expect(livenessVerdict(check(graph, []), "tiny")).toMatch(/^not checked: no page ever is held/);
  });

  test("a lasso is a story: steps, then the loop", () => {
    const round = byHand([0, "work", 1], [1, "refuse", 2], [2, "work", 1]);
    const [{ lasso }] = check(round, [1, 2]).unending;
    const tell = (move: number, actor: number): string => `${ACTORS[actor]}: ${NAMES[move]}`;
    expect(tellLasso(lasso, round, "page 0 is held", tell)).toEqual([
      "   1  worker: work",
      "for ever:",
      "   2  host: refuse",
      "   3  worker: work",
      "and all the while page 0 is held",
    ]);
    const [rest] = check(graph, [2]).unending;
    expect(tellLasso(rest.lasso, graph, "page 0 is held", tell)).toEqual([
      "   1  worker: work",
      "   2  host: ok",
      "and there everything rests, and page 0 is held",
    ]);
  });

  test("states that can't be reached don't count", () => {
    const result = check(byHand([0, "work", 1], [2, "alloc", 2]), [2]);
    expect(result).toMatchObject({ states: 2, edges: 1, asked: 0 });
  });

  test("more obligations than bits are refused", () => {
    const requests = Array.from({ length: 33 }, (_, request): Move => ({ do: "ack", request, ok: true }));
    expect(() => answering(requests)).toThrow(InputError);
  });
});

/** Does a set of states, with all edges among them, make a fair run that never leaves it? Straight from the definition. */
function isFairSet(graph: Graph, set: number, fairness: Fairness, acts: (actor: Actor) => boolean): boolean {
  const members = Array.from({ length: graph.states }, (_, state) => state).filter((state) => (set >> state) & 1);
  const all = members.flatMap((state) => edgesOf(graph, state));
  const inside = all.filter((edge) => (set >> graph.target[edge]) & 1 && acts(ACTORS[graph.actor[edge]]));
  for (const start of members) {
    let seen = 1 << start;
    for (let round = 0; round < graph.states; round++)
      for (const edge of inside) if ((seen >> sourceOf(graph, edge)) & 1) seen |= 1 << graph.target[edge];
    if (seen !== set) return false;
  }
  return fairness.obligations.every(({ covers, kind }) => {
    const covered = (edge: number): boolean => covers(TABLE[graph.move[edge]]);
    if (inside.some(covered)) return true;
    const possible = (state: number): boolean => edgesOf(graph, state).some(covered);
    return kind === "weak" ? !members.every(possible) : !members.some(possible);
  });
}

function edgesOf({ first }: Graph, state: number): number[] {
  return Array.from({ length: first[state + 1] - first[state] }, (_, at) => first[state] + at);
}

/** Steps to each state, Infinity where there is no way. */
function distances(graph: Graph): number[] {
  const steps = Array.from({ length: graph.states }, (_, state) => (state === 0 ? 0 : Infinity));
  for (let round = 0; round < graph.states; round++)
    graph.target.forEach((to, edge) => (steps[to] = Math.min(steps[to], steps[sourceOf(graph, edge)] + 1)));
  return steps;
}

/** How near the nearest fair set lies in which the page is always undone; Infinity: there is none. */
function nearest(graph: Graph, undone: number, fairness: Fairness, acts: (actor: Actor) => boolean): number {
  const steps = distances(graph);
  let best = Infinity;
  for (let set = 1; set < 1 << graph.states; set++) {
    if ((set & ~undone) !== 0) continue;
    const near = Math.min(...steps.filter((_, state) => (set >> state) & 1));
    if (near < best && isFairSet(graph, set, fairness, acts)) best = near;
  }
  return best;
}

/** Is this truly a lasso, fair, along which the page stays undone? */
function isLasso(graph: Graph, { stem, loop }: Lasso, undone: number, fairness: Fairness): boolean {
  let state = 0;
  const follows = (edge: number): boolean => {
    const here = sourceOf(graph, edge) === state;
    state = graph.target[edge];
    return here;
  };
  if (!stem.every(follows)) return false;
  const entry = state;
  let visited = 1 << entry;
  for (const edge of loop) {
    if (!follows(edge)) return false;
    visited |= 1 << state;
  }
  if (state !== entry || (visited & ~undone) !== 0) return false;
  const states = Array.from({ length: graph.states }, (_, one) => one).filter((one) => (visited >> one) & 1);
  return fairness.obligations.every(({ covers, kind }) => {
    const covered = (edge: number): boolean => covers(TABLE[graph.move[edge]]);
    if (loop.some(covered)) return true;
    const possible = states.filter((one) => edgesOf(graph, one).some(covered)).length;
    return kind === "weak" ? possible < states.length : possible === 0;
  });
}

const RESTS = (actor: Actor): boolean => actor !== "user" && actor !== "administrator";

test("thousands of random graphs: the same as straight from the definition, and every lasso is one", () => {
  const below = xorshift(7);
  // What is strongly promised, beside the rules of the game: of anybody.
  const odd = compile(
    "odd",
    [
      { name: "agrees", kind: "strong", covers: (move) => move.do === "ack" && move.ok },
      { name: "takes", kind: "strong", covers: (move) => move.do === "work" },
      { name: "scans", kind: "weak", covers: (move) => move.do === "scan" || move.do === "tick" },
    ],
    TABLE,
  );
  const all = [answering(TABLE), accepting(TABLE), odd];
  const seen = { holds: 0, resting: 0, busy: 0, round: 0 };
  for (let round = 0; round < 3000; round++) {
    const states = 1 + below(6);
    const used = 1 + below(NAMES.length);
    const edges = Array.from({ length: below(3 * states + 1) }, (): Edge => [
      below(states),
      below(states),
      below(used),
    ]);
    const graph = graphOf(states, edges);
    const always = below(3) === 0 ? 0b111 : 0;
    const pages = Uint32Array.from({ length: states }, () => below(8) | (below(4) > 0 ? always : 0));
    const fairness = all[below(all.length)];
    const result = checkLiveness(graph, WISH, pages, fairness);
    for (let page = 0; page < 3; page++) {
      const undone = pages.reduce((set, now, state) => ((now >> page) & 1 ? set | (1 << state) : set), 0);
      const resting = nearest(graph, undone, fairness, RESTS);
      const busy = nearest(graph, undone, fairness, () => true);
      const found: Unending | undefined = result.unending.find((one) => one.page === page);
      const kind = resting < Infinity ? "resting" : busy < Infinity ? "busy" : "holds";
      expect(found?.kind ?? "holds").toBe(kind);
      seen[kind]++;
      if (found === undefined) continue;
      expect(found.lasso.stem.length).toBeGreaterThanOrEqual(kind === "resting" ? resting : busy);
      expect(isLasso(graph, found.lasso, undone, fairness)).toBe(true);
      if (found.lasso.loop.length > 1) seen.round++;
      if (kind === "resting") expect(found.lasso.loop.every((edge) => RESTS(ACTORS[graph.actor[edge]]))).toBe(true);
    }
  }
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(100);
});
