/** Known transitions: what is on the lists, that chance visits all of it, and that each can be reached on purpose. */
import { describe, expect, test } from "vitest";
import { formOf, shownOf } from "../../cli/shown.ts";
import { DESIGNS } from "../../model/designs/index.ts";
import { aim } from "../../properties/drivers/explore/transitions/aim.ts";
import { blinded } from "../../properties/drivers/explore/transitions/moments.ts";
import { survey } from "../../properties/drivers/explore/transitions/survey.ts";
import { visit } from "../../properties/drivers/explore/transitions/visits.ts";
import { grouped, KNOWN, labels } from "../../properties/known-transitions.ts";

/** Random steps, over all small plans of a design, within which each of its transitions is visited: a few seconds. */
const BUDGET = 3_000_000;
const SLOW = 300_000;

function known(form: string): NonNullable<ReturnType<typeof KNOWN.get>> {
  const list = KNOWN.get(form);
  if (list === undefined) throw new Error(`no list of ${form} is kept: write it with bench/known.ts`);
  return list;
}

test("of every form of every design a list is kept", () => {
  const forms = [...DESIGNS.values()].flat().map(({ id, variant }) => (variant === "" ? id : `${id}:${variant}`));
  expect([...KNOWN.keys()].toSorted()).toEqual(forms.toSorted());
  for (const form of forms) expect(known(form).transitions.length).toBeGreaterThan(50);
});

test("labels are kept in two parts, and come back", () => {
  const some = [
    "user: free at; merged; rest",
    "user: alloc at; got whole; due",
    "user: free at; merged; list, holds some",
  ];
  expect(labels(grouped(some)).toSorted()).toEqual(some.toSorted());
  expect(grouped(some)).toEqual({
    "user: alloc at; got whole": ["due"],
    "user: free at; merged": ["list, holds some", "rest"],
  });
});

describe.each(["none", "sync-hypercall", "reported-boundary"])("%s", (form) => {
  test(
    "what is on the list is what complete explorations meet",
    () => {
      const list = known(form);
      const { plans, states, routes, moments } = survey(form, "");
      expect([...routes.keys()].toSorted()).toEqual(list.transitions.toSorted());
      expect([...moments].toSorted()).toEqual(list.moments.toSorted());
      expect({ plans, states }).toEqual({ plans: list.plans, states: list.states });
    },
    SLOW,
  );
});

describe.each(["page-reporting", "reported-boundary", "bubble", "treated-buddy", "sync-hypercall"])("%s", (form) => {
  test(
    `random walks visit every transition within ${BUDGET} steps, and nothing else`,
    () => {
      const { coverage, steps, stumble } = visit(form, "", known(form).transitions, 1, BUDGET);
      expect(stumble).toBeUndefined();
      expect(coverage.missing()).toEqual([]);
      expect(coverage.unknown()).toEqual([]);
      expect(coverage.visited).toBe(known(form).transitions.length);
      expect(steps).toBeLessThan(BUDGET);
    },
    SLOW,
  );
});

test("what a few steps leave out is named", () => {
  const list = known("reported-boundary").transitions;
  const { coverage } = visit("reported-boundary", "", list, 1, 1000);
  expect(coverage.missing().length).toBeGreaterThan(0);
  expect(coverage.visited + coverage.missing().length).toBe(list.length);
});

test(
  "each transition can be reached on purpose, beside the model, by the actions that are told",
  () => {
    const { routes } = survey("sync-hypercall", "");
    for (const [label, route] of routes) {
      const aimed = aim({ design: "sync-hypercall", system: "impl" }, route, label);
      expect(aimed).toMatchObject({ reached: true });
      expect(aimed.steps.length).toBe(route.moves.length);
      expect(aim({ design: "sync-hypercall", system: "impl" }, route, "something else").reached).toBe(false);
    }
  },
  SLOW,
);

describe("what a recording shows", () => {
  test("whoever sees no isolate does not know what is held", () => {
    expect(blinded("ack ok; holds a batch, one open", ["isolate"])).toBe("ack ok; one open");
    expect(blinded("free at; holds some", ["release"])).toBe("free at; none open");
    expect(blinded("isolate at; nothing held", ["isolate"])).toBeUndefined();
    expect(blinded("free at; holds some", ["discard"])).toBe("free at; holds some");
  });

  test("is compared with what the design shows in its small plans", () => {
    const shown = shownOf("page-reporting", ["free at; nothing held", "ack ok; holds a batch, several open"], []);
    expect(shown).toMatchObject({ visited: 1, transitions: known("page-reporting").moments.length, beyond: 1 });
    expect(shown?.neverVisited).toContain("release marked at; holds a batch");
    expect(shown?.neverVisited).not.toContain("free at; nothing held");
  });

  test("a design with several forms is named with its form", () => {
    expect(formOf("bitmap:v10")).toBe("bitmap:v10");
    expect(() => formOf("bitmap")).toThrow("it has several forms: say bitmap:v11 or bitmap:v10 or bitmap:v12");
    expect(() => formOf("nothing")).toThrow("found nothing; there are none, balloon:oom");
  });
});
