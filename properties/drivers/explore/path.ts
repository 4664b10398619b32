/** The way to a state: from what the table remembers, to steps that any driver can take. */
import type { Step } from "../../../model/alphabet/index.ts";
import type { World } from "../world.ts";
import type { Broken } from "./expander.ts";
import type { Move } from "./moves.ts";
import { ROOT, type States } from "./states/table.ts";

/** The moves from the start to a state, and the one that broke something there. */
export function pathTo(
  table: Pick<States, "parentOf" | "moveOf">,
  { state, move }: Pick<Broken, "state" | "move">,
): number[] {
  const moves = move === undefined ? [] : [move];
  for (let at = state; table.parentOf(at) !== ROOT; at = table.parentOf(at)) moves.push(table.moveOf(at));
  return moves.toReversed();
}

/**
 * Moves as steps, which mean the same to every guest: a `free` names the step that asked for the block.
 * @param world at its start; it takes the steps
 */
export function stepsOf(world: World, moves: Iterable<Move>): Step[] {
  const steps: Step[] = [];
  for (const move of moves) {
    const step = stepFor(world, move);
    world.perform(step, steps.length);
    steps.push(step);
  }
  return steps;
}

function stepFor({ environment }: World, move: Move): Step {
  switch (move.do) {
    case "free": {
      const block = environment.live.find(({ pfn }) => pfn === move.pfn);
      return { do: "free", of: block?.of ?? -1, cpu: move.cpu };
    }
    case "retry":
      return { do: "retry", of: environment.askedBy(move.ticket) };
    default:
      return move;
  }
}
