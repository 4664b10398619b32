/**
 * One measurement of the explorer in a process of its own: `explore-one.js WHAT DESIGN` prints a JSON object. It is
 * built first (explore.ts): what runs TypeScript as it is makes a getter of every import, in the hottest of loops.
 */
import type { Expander } from "../properties/drivers/explore/expander.ts";
import { explore } from "../properties/drivers/explore/explore.ts";
import { hashOf } from "../properties/drivers/explore/states/hash.ts";
import { Batch } from "../properties/drivers/explore/states/batch.ts";
import { Moves } from "../properties/drivers/explore/moves.ts";
import type { Plan } from "../properties/drivers/explore/plans.ts";
import type { Report } from "../properties/drivers/explore/report.ts";
import { ROOT, StateTable } from "../properties/drivers/explore/states/table.ts";
import { exploreTogether } from "../properties/drivers/explore/threads/together.ts";
import { ExploredWorld, isAction } from "../properties/drivers/explore/world.ts";
import { Invariants } from "../properties/judges/invariants.ts";
import { SCOPES } from "../properties/drivers/scopes.ts";

/** Of the first so many states, one in so many is kept for the bare steps. */
const FIRST = 2 ** 16;
const EVERY = 2;
/** The least of so many runs of the bare steps counts: they take a few milliseconds, and others disturb them. */
const RUNS = 5;
/** More than any plan here has. */
const LIMIT = 2 ** 20;

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** The digests of both. */
  readonly digest: string;
  /** Bytes of a state's key, and of the table. */
  readonly stateBytes: number;
  readonly bytes: number;
  /** Microseconds of CPU time, all threads: the whole of it. */
  readonly micros: number;
}

export interface Measured {
  readonly explored: Explored;
  /** Nanoseconds of CPU time: of a bare step of the implementation, and of a transition of the synthetic model. */
  readonly step: number;
  readonly synthetic: number;
}

/** Eight pages in two blocks, asked for by one, two and four; the host refuses, or is late. */
function planFor(design: string): Plan {
  return {
    name: "eight pages",
    scope: SCOPES[0],
    menu: {
      orders: [0, 1, 2],
      types: ["movable"],
      waits: [true],
      callers: 1,
      extras: design === "page-reporting" ? ["refuse", "discard"] : ["discard"],
    },
  };
}

function micros(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

function explored({ ended, states, transitions, digest, stateBytes, bytes }: Report, micros: number): Explored {
  if (ended !== "complete") throw new Error(`the exploration ended as ${ended}`);
  return { states, transitions, digest: `${digest.states} ${digest.transitions}`, stateBytes, bytes, micros };
}

/** The last attempt alone: those before found out how far cells range. */
function exploreOnce(plan: Plan, design: string): Explored {
  let began = process.cpuUsage();
  const observe = (): object => {
    began = process.cpuUsage();
    return {};
  };
  const report = explore({ plan, subject: { design }, limit: LIMIT, observe });
  return explored(report, micros(began));
}

/** States of a plan, for bare steps. */
function sample(plan: Plan, design: string): Int32Array[] {
  let states: Int32Array[] = [];
  const observe = ({ world }: Expander): { entered(state: number): void } => {
    states = [];
    return {
      entered: (state) => {
        if (state % EVERY !== 0) return;
        const cells = new Int32Array(world.length);
        world.gather(cells);
        states.push(cells);
      },
    };
  };
  explore({ plan, subject: { design }, limit: FIRST, observe });
  return states;
}

/** Nanoseconds of one step of the implementation alone: every move that is possible in each of the states. */
function bareStep(plan: Plan, design: string, states: readonly Int32Array[]): number {
  const world = new ExploredWorld(plan, { design });
  const moves = new Moves(plan, world.room);
  const bytes = new Uint8Array(world.guest.state.buffer);
  const kept = bytes.slice();
  let steps = 0;
  const run = (takes: boolean): number => {
    steps = 0;
    const began = process.cpuUsage();
    for (const cells of states) {
      world.enter(cells);
      kept.set(bytes);
      const possible = moves.look(world);
      for (let at = 0; at < possible; at++) {
        const move = moves.all[moves.possible[at]];
        if (!isAction(move)) continue;
        if (takes) world.guest.perform(move);
        bytes.set(kept);
        steps++;
      }
    }
    return micros(began);
  };
  let [taking, coming] = [Infinity, Infinity];
  for (let turn = 0; turn < RUNS; turn++) {
    taking = Math.min(taking, run(true));
    coming = Math.min(coming, run(false));
  }
  return (1000 * (taking - coming)) / steps;
}

/** Six counters to eight in a key of so many words, each move counts one on: what table and hash cost, and nothing else does. */
function synthetic(words: number): number {
  const table = new StateTable(words, LIMIT);
  const batch = new Batch(words);
  const key = new Int32Array(words);
  const write = (state: number, at: number): void => {
    for (let word = 0; word < words; word++) batch.keys[at + word] = Math.imul(state, word + 1);
  };
  const push = (state: number, from: number, move: number): void => {
    const place = batch.count++;
    write(state, place * words);
    batch.hashes[place] = hashOf(batch.keys, place * words, words, 1);
    batch.parents[place] = from;
    batch.moves[place] = move;
    if (batch.count === batch.size) flush();
  };
  const flush = (): void => {
    const { keys, count, hashes, parents, moves, ids, fresh } = batch;
    table.insertAll(keys, count, hashes, parents, moves, ids, fresh);
    batch.count = 0;
  };
  let transitions = 0;
  const began = process.cpuUsage();
  push(0, ROOT, 0);
  flush();
  for (let id = 0, to = table.size; id < to;) {
    for (; id < to; id++) {
      table.read(id, key);
      for (let counter = 0; counter < 6; counter++) {
        const shift = 3 * counter;
        const count = ((key[0] >> shift) + 1) & 7;
        push((key[0] & ~(7 << shift)) | (count << shift), id, counter);
        transitions++;
      }
    }
    flush();
    to = table.size;
  }
  return (1000 * micros(began)) / transitions;
}

async function together(plan: Plan, design: string, threads: number): Promise<Explored> {
  const began = process.cpuUsage();
  const report = await exploreTogether({ plan, subject: { design }, limit: LIMIT }, threads);
  return explored(report, micros(began));
}

async function measure(what: string, design: string): Promise<Explored | Measured> {
  const plan = planFor(design);
  switch (what) {
    case "explored": {
      const once = exploreOnce(plan, design);
      const step = bareStep(plan, design, sample(plan, design));
      return { explored: once, step, synthetic: synthetic(once.stateBytes / 4) };
    }
    case "unchecked":
      // Nothing of a guest's own state is judged. What events say is, as they make a part of what a state is.
      Invariants.prototype.checkState = () => undefined;
      return exploreOnce(plan, design);
    default:
      return together(plan, design, Number(what));
  }
}

const [what, design] = process.argv.slice(2);
console.log(JSON.stringify(await measure(what, design)));
