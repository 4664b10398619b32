/**
 * What was explored, as a finite graph: states are numbers, and each edge says who acts and which move that is.
 * Kept in compressed rows, four typed arrays in all: millions of states fit.
 */

/**
 * Who acts. `worker` is all that runs for the reporter, on whichever CPU; `guest` is the rest of the guest's own: callers
 * that try again, the hotplug operation under way. The administrator compacts, plugs memory, and sees to the device.
 */
export const ACTORS = ["user", "worker", "clock", "host", "administrator", "guest"] as const;
export type Actor = (typeof ACTORS)[number];

/** The states are those of the scope themselves, not classes of alike ones: what is asked of a page needs its name. */
export interface Graph {
  readonly states: number;
  /** By state: its edges are `first[s]` up to, but not including, `first[s + 1]`. */
  readonly first: Int32Array;
  /** By edge: the state it leads to. */
  readonly target: Int32Array;
  /** By edge: who acts, as a number in `ACTORS`. Edges that change nothing are kept. */
  readonly actor: Uint8Array;
  /** By edge: the move, as a number in the plan's table. */
  readonly move: Uint16Array;
}
