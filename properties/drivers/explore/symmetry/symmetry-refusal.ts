/** Where blocks are not alike: no symmetry is used, and the reason is told. */
import { InputError } from "../../../../model/alphabet/index.ts";
import { designOf } from "../../../../impl/designs/index.ts";
import type { Explored } from "../expander.ts";
import type { Plan } from "../plans.ts";
import { Symmetry } from "./symmetry.ts";
import type { ExploredWorld } from "../world.ts";

/**
 * The symmetry of a plan.
 * @throws InputError where it would be unsound, with the reason
 */
export function symmetryOf(plan: Plan, subject: Explored, world: ExploredWorld): Symmetry {
  const reason = refusal(plan, subject);
  if (reason !== undefined) throw new InputError({ key: "symmetry" }, reason);
  return new Symmetry(plan, world);
}

/** Why blocks are not alike in a plan, and what would go wrong if they were taken for it; undefined where they are. */
export function refusal({ scope, menu }: Plan, { design, fault }: Explored): string | undefined {
  const unsound =
    "States that differ in where blocks lie would be taken for one, though they have different futures: failures would be missed";
  const because = (reason: string): string => `refused, as ${reason}. ${unsound}`;
  const { pageWords, byAddress = false } = designOf(design, scope.settings.variant);
  if (byAddress) return because(`${design} goes through memory by address`);
  if (pageWords === undefined) return because(`${design} does not say which of its words are pages`);
  if (fault !== undefined) return because(`nobody has looked whether ${fault} depends on addresses`);
  if (menu.extras.includes("scan")) return because("compaction's free scanner takes the highest block by address");
  if (menu.extras.includes("offline") || menu.extras.includes("online")) {
    return because("hotplug takes and gives sections, which are told apart by address");
  }
  const holed = scope.geometry.zones.find(({ holes }) => holes.length > 0);
  if (holed !== undefined) return because(`${holed.name} has holes, so that its blocks are not alike from the start`);
  return undefined;
}
