/** Legal lists of events: random runs of our own designs, healed until they rest. */
import type { Event, Geometry } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import { isNothing, Schedule } from "../../properties/drivers/schedule.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { nextHealing } from "../../properties/drivers/healing.ts";
import { scopesFor } from "../../properties/drivers/scopes.ts";
import { enter } from "../../properties/subjects.ts";

export interface Legal {
  readonly geometry: Geometry;
  readonly options: ContractOptions;
  readonly events: readonly Event[];
}

/**
 * The events of one random run, `idle` last.
 * @param form a design and its variant
 * @param place which of its scopes
 */
export function legalRun(form: { design: string; variant: string }, place: number, seed: number, steps: number): Legal {
  const scope = scopesFor(form.design, form.variant)[place];
  const world = enter(scope, { design: form.design, system: "impl" }, false);
  const choose = xorshift(seed);
  const schedule = new Schedule(world, world.traits);
  schedule.swarm(choose);
  const events: Event[] = [];
  for (let taken = 0; taken < steps;) {
    const step = schedule.next(choose);
    if (isNothing(step) || step.do === "lose") continue;
    if (world.perform(step, taken++) !== undefined) break;
    events.push(...world.events);
  }
  for (let step = nextHealing(world.guest, world.environment); step !== undefined;) {
    if (world.perform(step, steps) !== undefined) break;
    events.push(...world.events);
    step = nextHealing(world.guest, world.environment);
  }
  const options: ContractOptions = {
    unseen: world.traits.takes === "in-place" ? ["isolate", "release"] : [],
    inPlace: world.traits.takes === "in-place",
  };
  return {
    geometry: scope.geometry,
    options,
    events: [...legalPart(scope.geometry, options, events), { event: "idle" }],
  };
}

function legalPart(geometry: Geometry, options: ContractOptions, events: readonly Event[]): readonly Event[] {
  const contract = new Contract(geometry, options);
  const end = events.findIndex((event) => contract.event(event) !== undefined);
  return end < 0 ? events : events.slice(0, end);
}
