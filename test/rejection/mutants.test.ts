/**
 * Legal runs of our own designs with one event lost, told twice or swapped with the next, at every place. Whatever of them is
 * refused must have a repair that is really legal; how often it is the very one that was planted is measured.
 */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { InputError, type Event } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import { explainRejection, type Rejection } from "../../properties/rejection/index.ts";
import { judge, type Judged } from "../judges/events.ts";
import { legalRun, type Legal } from "./legal.ts";
import { repaired } from "./repaired.ts";

interface Mutant {
  readonly how: "lost" | "twice" | "swapped";
  readonly place: number;
  readonly events: readonly Event[];
}

const RUNS: readonly (readonly [design: string, variant: string, scope: number, seed: number])[] = [
  ["page-reporting", "", 0, 1],
  ["page-reporting", "", 1, 2],
  ["page-reporting", "", 2, 3],
  ["balloon", "plain", 0, 5],
  ["array-percpu", "v8", 0, 6],
  ["sync-hypercall", "", 0, 7],
  ["bitmap", "v12", 1, 8],
];
const STEPS = 120;

function* mutants(events: readonly Event[]): Generator<Mutant> {
  for (const [place, event] of events.entries()) {
    yield { how: "lost", place, events: events.toSpliced(place, 1) };
    yield { how: "twice", place, events: events.toSpliced(place, 0, event) };
    if (place + 1 < events.length)
      yield { how: "swapped", place, events: events.toSpliced(place, 2, events[place + 1], event) };
  }
}

/** Undefined where the mutant is legal, or what only a recorder can get wrong (a ticket that nobody waits with). */
function refused({ geometry, options }: Legal, events: readonly Event[]): Judged["violation"] {
  try {
    return judge(new Contract(geometry, options), events).violation;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function explained(
  { geometry, options }: Legal,
  events: readonly Event[],
  violation: NonNullable<Judged["violation"]>,
): Rejection {
  const heard = events.map((event, place) => ({ at: place + 1, event }));
  return explainRejection({ geometry, options, heard, violation, unit: "event", ended: true });
}

/** What breaks in the repaired list. */
function broken(legal: Legal, options: ContractOptions, events: readonly Event[]): PropertyId | undefined {
  return judge(new Contract(legal.geometry, options), events).property;
}

/** True where the repair gives the list as it was, or puts the very event that was lost where nobody could tell the difference. */
function isExact(rejection: Rejection, mutant: Mutant, events: readonly Event[]): boolean {
  const changes = rejection.repair?.changes ?? [];
  if (isDeepStrictEqual(repaired(mutant.events, changes), events)) return true;
  const [change] = changes;
  if (mutant.how !== "lost" || changes.length > 1 || change?.do !== "insert") return false;
  return isDeepStrictEqual(bare(change.event), bare(events[mutant.place]));
}

/** What a judge looks at. */
function bare(event: Event): object {
  return { ...event, time: 0, cpu: 0, migratetype: "movable" };
}

describe("an event that was lost, told twice or swapped", () => {
  it(
    "is refused with a repair that is legal, and nearly always it is the one that was planted",
    { timeout: 60_000 },
    () => {
      const seen = { refused: 0, whole: 0, exact: 0 };
      const names = new Set<string>();
      for (const [design, variant, scope, seed] of RUNS) {
        const legal = legalRun({ design, variant }, scope, seed, STEPS);
        expect(broken(legal, legal.options, legal.events)).toBeUndefined();
        for (const mutant of mutants(legal.events)) {
          const violation = refused(legal, mutant.events);
          if (violation === undefined) continue;
          const rejection = explained(legal, mutant.events, violation);
          const { repair } = rejection;
          const where = `${design} ${variant}, event ${mutant.place + 1} ${mutant.how}`;
          expect(repair, where).toBeDefined();
          if (repair === undefined) continue;
          seen.refused++;
          names.add(violation.property);
          expect(broken(legal, legal.options, repaired(mutant.events, repair.changes)), where).toBe(
            repair.reach.breaks?.property,
          );
          if (repair.reach.breaks === undefined) seen.whole++;
          if (isExact(rejection, mutant, legal.events)) seen.exact++;
        }
      }
      const share = (count: number): string => `${((100 * count) / seen.refused).toFixed(1)} %`;
      console.log(
        `${seen.refused} mutants refused (${[...names].join(", ")}): ${share(seen.whole)} repaired to the end, ${share(seen.exact)} by undoing exactly what was planted`,
      );
      expect(seen.refused).toBeGreaterThan(600);
      expect(seen.whole / seen.refused).toBeGreaterThan(0.98);
      expect(seen.exact / seen.refused).toBeGreaterThan(0.93);
    },
  );
});
