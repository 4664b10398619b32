/**
 * A system: an allocator with reporting, whoever wrote it. This is all that the oracle needs of it, in this process or behind a
 * pipe. `wire.md`, "The live protocol".
 */
import type { Event, Geometry, WireAction, WireActionName } from "../../model/alphabet/index.ts";

/** What a system says of itself. */
export interface Ready {
  readonly name: string;
  /** The actions that it supports: nothing else is asked of it. At least `alloc`, `free`, `work` and `ack`. */
  readonly does: readonly WireActionName[];
  /** Properties that it claims beyond those that are always judged: `completeness`. Absent: none. */
  readonly claims?: readonly string[];
}

/** An allocator with reporting, as the oracle sees it. */
export interface System {
  /** Begins anew, as a fresh, empty system with this memory: every present page is free and not reported. */
  start(geometry: Geometry): Ready;
  /**
   * Takes one action and answers with all that happened, in order, the action's own event first. The list may be used
   * again by the next call; its events may not: they are kept for the story.
   */
  perform(action: WireAction): readonly Event[];
}
