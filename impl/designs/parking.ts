/**
 * What designs share that keep blocks after the host was told of them: free page hinting, and Linus' array in its parked form.
 * `nitesh-wei-host.md` 2.2 (DONE, shrinker), 3 step 4.
 *
 * The batch, in take order, is what is parked, and behind it what is fresh: taken, not parked yet. A parked block is freed when
 * the host is done, when memory is short, or when the device goes.
 */
import type { Pages } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";

type Command = "none" | "start" | "stop" | "done";
const COMMANDS: readonly Command[] = ["none", "start", "stop", "done"];

const COMMAND = OWN_WORDS;
/** Where the own words of a design that parks begin, behind those that all of them have. */
export const PARKING_OWN_WORDS = OWN_WORDS + 1;

export abstract class ParkingReporter extends Reporter {
  override readonly hearsRefusals = false;
  override readonly callersWait = false;

  /** The worker has released the last block. */
  abstract rest(): void;

  /** Blocks taken, but not parked yet. */
  abstract get fresh(): number;

  get parked(): number {
    return this.heldBlocks - this.fresh;
  }

  /** What the host said last. */
  get command(): Command {
    return COMMANDS[this.words[COMMAND]];
  }
  protected set command(command: Command) {
    this.words[COMMAND] = COMMANDS.indexOf(command);
  }

  /** The shrinker, under the lock of the list: the blocks that were parked last, also where the host has them queued yet (N29). */
  override pressure(pages: Pages): void {
    const blocks = Math.min(Math.ceil(pages / 2 ** this.shape.maxOrder), this.parked);
    if (blocks === 0) return;
    let block = this.lastHeld;
    for (let behind = 1; behind < blocks + this.fresh; behind++) block = this.heldBefore(block);
    for (let given = 0; given < blocks; given++) {
      const after = this.heldAfter(block);
      this.giveBack(block);
      block = after;
    }
  }

  override unregister(): void {
    if (this.device !== "registered") return;
    this.device = "leaving";
    if (this.phase !== REST) return;
    if (this.parked === 0) this.goAway();
    else this.timer = 0;
  }

  /** DONE: one block a step, as each free takes the zone lock. */
  releaseNext(): void {
    if (this.parked > 0) this.giveBack(this.firstHeld);
    else this.rest();
  }
}
