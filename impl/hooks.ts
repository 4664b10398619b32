/**
 * What the page allocator, the host and the judges may ask of a reporting design, and what is so where it does not answer:
 * the allocator goes on as if there were no reporter.
 *
 * Blocks are page indices (shape.ts), migratetypes their numbers (state.ts).
 */
import type { Order, Pages, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { FreedBlock, ListHooks } from "./free-lists.ts";

export abstract class Hooks implements ListHooks {
  // ---- traits: constants of a design ----

  /** Does it hear that the host refused? */
  readonly hearsRefusals: boolean = true;
  /** Does a caller who finds nothing wait for what is held? Else held pages look allocated to him. */
  readonly callersWait: boolean = true;
  /** Does a mark mean all pages of a block, so that merged marked halves and split parts have it too? */
  readonly inheritsMarks: boolean = false;
  /** Does a marked block stay marked when it changes its list? */
  readonly movesKeepMark: boolean = true;

  // ---- costs: no state ----

  /** Entries of lists, arrays and bitmaps that the worker has looked at since the guest began. */
  visited = 0;
  /**
   * Units of work done inside allocations and frees since the guest began: one for each array append, entry compared,
   * bit set, list entry or page looked at in a hook.
   */
  inFreePath = 0;

  /** The CPU on which the action under way runs. */
  cpu = 0;

  /** Which hooks has the design of its own? Asked once: the hot paths then test a constant, and make no call. */
  readonly interceptsFrees: boolean = this.freed !== Hooks.prototype.freed;
  readonly freesItself: boolean = this.freeing !== Hooks.prototype.freeing;
  readonly placesMarked: boolean = this.place !== Hooks.prototype.place;
  readonly runsOnCpus: boolean = this.canProceed !== Hooks.prototype.canProceed;
  readonly judgesMemory: boolean = this.outOfMemory !== Hooks.prototype.outOfMemory;

  abstract get heldBlocks(): number;

  // ---- the worker ----

  /** May the worker take a step now? */
  canWork(): boolean {
    return false;
  }

  /** One step of the worker. Where it can take none, nothing. */
  work(): void {}

  /** May what runs on this CPU for the reporter take a step now? */
  canProceed(_cpu: number): boolean {
    return false;
  }

  /** That step. Only called where it may be taken. */
  proceed(_cpu: number): void {}

  // ---- hooks of the free lists (free-lists.ts, ListHooks) ----

  removing(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}
  moving(_zone: ZoneIndex, _block: number, _order: Order, _from: number, _to: number): void {}
  reworking(_zone: ZoneIndex, _order: Order, _type: number): void {}
  notify(_zone: ZoneIndex, _order: Order, _block: number): void {}
  placed(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}
  inherited(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}

  movesToTail(): boolean {
    return true;
  }

  tail(_zone: ZoneIndex, _order: Order, _type: number): number {
    return NONE;
  }

  place(_zone: ZoneIndex, _block: number, _order: Order, _type: number): number {
    return NONE;
  }

  // ---- hooks of allocation and free ----

  /**
   * An owner gives back a block, before the allocator sees it (`arch_free_page`). The block has no owner now.
   *
   * @returns true where the design has the block now: it has taken it with `hold`, or has passed it on
   */
  freed(_block: number, _order: Order): boolean {
    return false;
  }

  /** Blocks are about to be freed to the lists, all at once. They have no owner now. @returns true where the design frees them */
  freeing(_blocks: readonly FreedBlock[]): boolean {
    return false;
  }

  /** Is the CPU inside the reporter? Then nothing can be allocated, freed or drained on it. */
  busy(_cpu: number): boolean {
    return false;
  }

  /** Does everyone who wants to allocate spin on the reporter's lock? */
  spins(): boolean {
    return false;
  }

  /** A caller has found nothing. @returns true where something will come back for which he may wait */
  outOfMemory(): boolean {
    return this.callersWait && this.heldBlocks > 0;
  }

  /** Shrinkers run: somebody wants so many pages. */
  pressure(_pages: Pages): void {}
  /** The host sets the balloon's target. */
  balloon(_pages: Pages): void {}
  /** The host begins, pauses or ends a round of hinting. */
  hint(_command: "start" | "stop" | "done"): void {}
  /** The host has answered a request. Most designs hear it in the worker's next step. */
  acked(_request: number): void {}

  // ---- what judges ask ----

  /** CPUs that can't go on because of the reporter, beside those who spin in `alloc`. */
  stalled(): number {
    return 0;
  }

  /** Will the reporter yet look at this free block? */
  noted(_block: number, _order: Order): boolean {
    return true;
  }

  /** Does the design's own rule say that a pass is due? */
  due(): boolean {
    return false;
  }

  /** Boundary designs: of a zone, by list number, the first block behind the boundary or NONE; undefined where none are kept now. */
  boundariesOf?(zone: ZoneIndex): Float64Array | undefined;
  /** Designs that count reported blocks: the counters, at `zone << ORDERS_SHIFT | order`. */
  counters?(): Float64Array;
}
