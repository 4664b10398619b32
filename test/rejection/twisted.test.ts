/**
 * Legal runs with one or two things wrong, chosen by chance: whole, begun in the middle, or without isolate and release. Each
 * refusal has a repair; every repair that is told does what it says when it is applied by hand, and the same words come twice.
 */
import { describe, expect, it } from "vitest";
import { InputError, type Event } from "../../model/alphabet/index.ts";
import { parseEvent } from "../../model/alphabet/schema.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import type { Violation } from "../../properties/judges/properties.ts";
import {
  explainRejection,
  tellRejection,
  type Case,
  type PageRun,
  type Unit,
} from "../../properties/rejection/index.ts";
import { legalRun, type Legal } from "./legal.ts";
import { repaired } from "./repaired.ts";
import { TWISTS, type Choose } from "./twists.ts";

const FORMS: readonly (readonly [design: string, variant: string, scope: number])[] = [
  ["page-reporting", "", 0],
  ["page-reporting", "", 2],
  ["balloon", "plain", 0],
  ["array-percpu", "v8", 0],
  ["sync-hypercall", "", 0],
  ["bitmap", "v12", 1],
  ["get-put-hints", "repaired", 0],
];
const EACH = 60;
const UNITS: readonly Unit[] = ["step", "line", "event"];

/** What breaks first; `unjudged` where the recorder contradicts itself. */
function broken({ geometry, options, ended }: Omit<Case, "heard" | "violation" | "unit">, events: readonly Event[]) {
  const contract = new Contract(geometry, options);
  try {
    for (const event of events) {
      const violation = contract.event(event);
      if (violation !== undefined) return violation;
    }
    return ended === true ? contract.end() : undefined;
  } catch (error) {
    if (error instanceof InputError) return "unjudged";
    throw error;
  }
}

function twisted({ geometry, options, events }: Legal, choose: Choose): { name: string; of: Case } | undefined {
  const names = Array.from({ length: 1 + choose(2) }, () => Object.keys(TWISTS)[choose(Object.keys(TWISTS).length)]);
  const wrong = names.reduce<readonly Event[]>((list, name) => TWISTS[name](list, choose), events);
  const views: readonly (readonly [readonly Event[], ContractOptions])[] = [
    [wrong, options],
    [wrong, { ...options, claims: ["completeness"] }],
    [wrong.slice(choose(wrong.length)), { ...options, start: "unknown" }],
    [wrong.filter(({ event }) => event !== "isolate" && event !== "release"), { unseen: ["isolate", "release"] }],
  ];
  const [seen, given] = views[choose(views.length)];
  const unit = UNITS[choose(UNITS.length)];
  const run = { geometry, options: given, ended: choose(2) === 0 };
  const violation = broken(run, seen);
  if (violation === undefined || violation === "unjudged") return undefined;
  const heard = seen.map((event, place) => ({ at: unit === "step" ? place >> 1 : place + 1, event }));
  return { name: names.join(" and "), of: { ...run, heard, violation, unit } };
}

function propertyOf(violation: ReturnType<typeof broken>): Violation["property"] | undefined {
  return violation === "unjudged" ? undefined : violation?.property;
}

describe("events with one or two things wrong", () => {
  it("are refused with repairs that are legal, in words that are whole", { timeout: 60_000 }, () => {
    const refused = new Map<string, number>();
    for (const [place, [design, variant, scope]] of FORMS.entries()) {
      const choose = xorshift(place + 1);
      const legal = legalRun({ design, variant }, scope, place + 1, 100);
      for (let drawn = 0; drawn < EACH; drawn++) {
        const found = twisted(legal, choose);
        if (found === undefined) continue;
        const { name, of } = found;
        const where = `${design} ${variant}, ${name}, ${of.violation.property}`;
        const rejection = explainRejection(of);
        refused.set(of.violation.property, (refused.get(of.violation.property) ?? 0) + 1);
        expect(rejection.repair, where).toBeDefined();
        for (const repair of [rejection.repair, ...rejection.others]) {
          if (repair === undefined) continue;
          for (const change of repair.changes) {
            // What is put in is what a trace may have.
            if (change.do !== "drop")
              expect(parseEvent(JSON.parse(JSON.stringify(change.event)), {})).toEqual(change.event);
          }
          const events = repaired(
            of.heard.map(({ event }) => event),
            repair.changes,
          );
          expect(propertyOf(broken(of, events)), `${where}: ${repair.text}`).toBe(repair.reach.breaks?.property);
        }
        const numbers = rejection.chain.map(({ at }) => at);
        expect(numbers, where).toEqual(numbers.toSorted((a, b) => a - b));
        expect(Math.max(0, ...numbers), where).toBeLessThanOrEqual(rejection.at ?? of.heard.at(-1)?.at ?? 0);
        const { before, touched } = rejection.pages;
        const { start, pages } = of.violation.pages ?? { start: 0, pages: 0 };
        const isShown = (runs: readonly PageRun[]): boolean =>
          runs.some((run) => run.start <= start && start < run.start + run.pages);
        if (pages > 0) {
          expect(isShown(before), where).toBe(true);
          expect(touched.length === 0 || isShown(touched), where).toBe(true);
        }
        const told = tellRejection(rejection).join("\n");
        expect(told, where).not.toMatch(/undefined|NaN|\[object|\b1 (events|pages|requests)\b|of {2}|pages {2}with/);
        expect(tellRejection(explainRejection(of)).join("\n")).toBe(told);
      }
    }
    expect(refused.size).toBeGreaterThanOrEqual(7);
    expect([...refused.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(200);
  });
});
