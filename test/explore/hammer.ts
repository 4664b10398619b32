/** Threads that insert the same few states again and again, where all of them meet in the same slots. */
import { FULL, type States } from "../../properties/drivers/explore/states/table.ts";
import type { MakeHand } from "../../properties/drivers/explore/threads/workers.ts";

export interface Hammer {
  /** Different states that are inserted. */
  readonly states: number;
  readonly hash: "one for all" | "one for seven" | "good";
}

export interface Hammered {
  /** By state: its id, or -1 where this thread has never seen it. */
  readonly ids: Int32Array;
  /** True where a state had another id than before. */
  readonly hasChanged: boolean;
  readonly fresh: number;
  readonly refused: number;
}

const BATCH = 16;

function insertion({ states, hash }: Hammer, table: States): (from: number, to: number) => Hammered {
  const keys = new Int32Array(BATCH * table.words);
  const [hashes, parents, moves, ids] = Array.from({ length: 4 }, () => new Int32Array(BATCH));
  const fresh = new Uint8Array(BATCH);
  const seen = new Int32Array(states).fill(-1);
  let hasChanged = false;
  let news = 0;
  let refused = 0;
  return (from, to) => {
    for (let first = from; first < to; first += BATCH) {
      const count = Math.min(BATCH, to - first);
      for (let place = 0; place < count; place++) {
        const state = (first + place) % states;
        keys.fill(state, place * table.words, (place + 1) * table.words);
        hashes[place] = { "one for all": 77, "one for seven": state % 7, good: Math.imul(state, 0x9e3779b1) }[hash];
        parents[place] = moves[place] = state;
      }
      table.insertAll(keys, count, hashes, parents, moves, ids, fresh);
      for (let place = 0; place < count; place++) {
        const state = (first + place) % states;
        news += fresh[place];
        if (ids[place] === FULL) refused++;
        else if (seen[state] !== -1 && seen[state] !== ids[place]) hasChanged = true;
        else seen[state] = ids[place];
      }
    }
    return { ids: seen, hasChanged, fresh: news, refused };
  };
}

export const makeHand: MakeHand<Hammer, Hammered> = (hammer, table) => {
  const insert = insertion(hammer, table);
  return { expand: insert, flush: () => {}, isOver: false, report: () => insert(0, 0) };
};
