/**
 * What designs do alike that keep blocks after the host was told of them: free page hinting, and Linus' array in its parked
 * form. A parked block is freed when the host is done, when memory is short, or when the device goes.
 *
 * Source: `nitesh-wei-host.md` 2.2 (DONE, shrinker), 3 step 4.
 */
import type { HintAction } from "../alphabet/action.ts";
import type { Pages, Pfn } from "../alphabet/units.ts";
import { pagesOf } from "../alphabet/units.ts";
import { leave } from "../reporter.ts";
import type { Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { freeHeld } from "./holding.ts";

export interface ParkingReporter extends Reporter {
  /** The host's last word. */
  command: "none" | HintAction["command"];
  /** The parked blocks, the oldest first. All are of the largest order. */
  parked: Pfn[];
}

/** The shrinker: the youngest parked blocks are freed, as many as have these pages. */
export function shrink(turn: Turn, mine: ParkingReporter, pages: Pages): void {
  const blocks = Math.ceil(pages / pagesOf(turn.geometry.maxOrder));
  const first = Math.max(0, mine.parked.length - blocks);
  for (const pfn of mine.parked.slice(first)) {
    freeHeld(turn, mine, pfn);
  }
  mine.parked = mine.parked.slice(0, first);
}

/** Frees the oldest parked block. @returns false where none is left */
export function releaseNext(turn: Turn, mine: ParkingReporter): boolean {
  if (mine.parked.length === 0) {
    return false;
  }
  freeHeld(turn, mine, mine.parked[0]);
  mine.parked = mine.parked.slice(1);
  return true;
}

/** The device is to go: at rest it does so at once, or the worker starts, to free what is parked first. */
export function startLeaving(turn: Turn, mine: ParkingReporter): void {
  mine.device = "leaving";
  if (mine.phase === "rest" && mine.parked.length === 0) {
    leave(turn, mine);
  } else if (mine.phase === "rest") {
    mine.timer = 0;
  }
}
