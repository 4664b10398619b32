/** Random interleavings: every design is tried, and a seed gives one campaign. */
import { expect, test } from "vitest";
import { DESIGNS } from "../../model/designs/index.ts";
import { sample } from "../../properties/drivers/random.ts";
import { scopesFor } from "../../properties/drivers/scopes.ts";
import type { Subject } from "../../properties/subjects.ts";
import { PARTS, SEED } from "./tried.ts";

test("every design is in one of the parts", () => {
  expect(Object.values(PARTS).flat().toSorted()).toEqual([...DESIGNS.keys()].toSorted());
});

test("the same seed gives the same campaign, another seed another", () => {
  const subject: Subject = { design: "page-reporting", system: "impl" };
  const campaign = { subject, scopes: scopesFor("page-reporting"), runs: 20, lockstep: false };
  const first = sample({ ...campaign, seed: SEED });
  expect(sample({ ...campaign, seed: SEED })).toEqual(first);
  expect(sample({ ...campaign, seed: SEED + 1 }).steps).not.toBe(first.steps);
});
