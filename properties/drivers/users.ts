/** The users of memory: which blocks they have, and which step asked for each. */
import type { Block, Pfn } from "../../model/alphabet/index.ts";

/** A block that a user has, and the step that asked for it. */
export interface LiveBlock extends Block {
  readonly of: number;
}

export class Users {
  /** What they can free. What stays keeps its order: random draws name places in it. */
  readonly live: LiveBlock[] = [];

  /** The block that the step asked for, as long as its user has it. */
  has(of: number): LiveBlock | undefined {
    for (const block of this.live) if (block.of === of) return block;
    return undefined;
  }

  got({ pfn, order }: Block, of: number): void {
    this.live.push({ pfn, order, of });
  }

  /** The block that begins there is freed. @returns undefined where nobody has it */
  gave(pfn: Pfn): LiveBlock | undefined {
    const { live } = this;
    let at = 0;
    while (at < live.length && live[at].pfn !== pfn) at++;
    const block = live[at];
    for (; at < live.length - 1; at++) live[at] = live[at + 1];
    if (block !== undefined) live.pop();
    return block;
  }
}
