/** What a world passes over, where it ends a run, and how it heals. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Guest, type Settings, type Step } from "../../model/alphabet/index.ts";
import { createModel } from "../../model/guest.ts";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { Environment } from "../../properties/drivers/environment.ts";
import { execute } from "../../properties/drivers/run.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import { World, type Lenience } from "../../properties/drivers/world.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import { enter, traitsOf } from "../../properties/subjects.ts";
import { machine, zone } from "../judges/events.ts";
import { liar } from "../judges/liar.ts";
import { scratchFolder } from "../scratch-folder.ts";

const WORK: Step = { do: "work" };
const ACK: Step = { do: "ack", request: 1, ok: true };

/** The worker looks at a page that is gone, again and again. */
const STUCK = join(import.meta.dirname, "..", "counterexamples", "bitmap-v11-BM-8-rest.json");

function scope(settings: Partial<Settings>): Scope {
  return {
    name: "16 pages",
    geometry: machine([zone(0, 16)]),
    settings: { ...DEFAULT_SETTINGS, delay: 0, ...settings },
  };
}

function alloc(order: number): Step {
  return { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait: false };
}

describe("a violation", () => {
  // The hint is on its way, its pages on the lists: a caller gets them, and the host drops what he wrote (XB-1).
  const steps: Step[] = [{ do: "hint", command: "start" }, WORK, WORK, alloc(3), { do: "discard", request: 1 }];
  const as = (lenience: Lenience, ignored: readonly PropertyId[] = []): World =>
    enter(scope({ variant: "as-written" }), { design: "get-put-hints", system: "impl", ignored }, true, lenience);

  test("is told where nothing is said of it", () => {
    expect(execute(as({}), steps)).toMatchObject({ at: 3, violation: { property: "exclusion" }, cutShort: false });
  });

  test("is passed over where it is ignored, and the harm that follows is told", () => {
    const harm = { at: 4, violation: { property: "lost-write" } };
    expect(execute(as({ ignored: new Set(["exclusion"]) }), steps)).toMatchObject(harm);
    expect(execute(as({}, ["exclusion"]), steps)).toMatchObject(harm);
  });

  test("ends the run where it is known, unjudged from then on", () => {
    const world = as({ known: ({ property }) => property === "exclusion" });
    expect(execute(world, steps)).toMatchObject({ at: 3, violation: undefined, cutShort: true });
    expect(world.cut).toBe(true);
    expect(world.restart()).toBe(true);
    expect(world.cut).toBe(false);
    const other = as({ known: ({ property }) => property === "lost-write" });
    expect(execute(other, steps)).toMatchObject({ violation: { property: "exclusion" } });
  });

  test("of alive is the last: nothing is asked of a guest that stopped", () => {
    const here = scope({});
    const model = createModel("page-reporting", here.geometry, here.settings);
    const view = liar(model.view(), { stopped: () => "an assertion", held: () => [0, 4, 8] });
    const guest: Guest = { design: model.design, enabled: () => [], perform: () => [], view: () => view };
    const dead = (ignored: readonly PropertyId[]): World =>
      new World(here, {
        guest,
        environment: new Environment(here.geometry, here.settings),
        traits: traitsOf("page-reporting"),
        claims: ["bounded-hold"],
        ignored: new Set(ignored),
      });
    expect(execute(dead([]), [WORK]).violation).toMatchObject({ property: "alive" });
    expect(execute(dead(["alive"]), [WORK])).toMatchObject({ violation: undefined, unjudgedEnd: false });
  });

  test("is none where hints serve a migration: the host drops no page for them", () => {
    const settings = { variant: "as-written", hintsFor: "migration" } as const;
    const world = enter(scope(settings), { design: "get-put-hints", system: "impl" }, true);
    expect(execute(world, steps).violation).toBeUndefined();
  });

  test("that healing meets ends it as well", () => {
    const stuck = readCounterexample(STUCK);
    const world = enter(stuck.scope, stuck.subject, false, { known: ({ property }) => property === "rest" });
    const { steps } = stuck;
    expect(execute(world, steps)).toMatchObject({ at: steps.length, violation: undefined, cutShort: true });
  });
});

describe("healing", () => {
  test("undoes what host and administrator did, before the host answers and the guest goes on", () => {
    const world = enter(scope({ variant: "plain" }), { design: "balloon", system: "impl" }, true);
    const steps: Step[] = [{ do: "balloon", pages: 8 }, WORK, WORK, WORK, WORK, WORK, { do: "assign" }];
    const { violation, healing } = execute(world, steps);
    expect(violation).toBeUndefined();
    expect(healing.slice(0, 5)).toEqual([
      { do: "unassign" },
      { do: "balloon", pages: 0 },
      { do: "discard", request: 1 },
      { do: "discard", request: 1 },
      ACK,
    ]);
  });

  test("is done with hints before it ends a migration", () => {
    const settings = { variant: "migration", hintsFor: "migration" } as const;
    const world = enter(scope(settings), { design: "get-put-hints", system: "impl" }, true);
    const steps: Step[] = [{ do: "migrate", phase: "begin" }, { do: "hint", command: "start" }, WORK, WORK];
    const { violation, healing } = execute(world, steps);
    expect(violation).toBeUndefined();
    expect(healing.slice(0, 5)).toEqual([
      { do: "hint", command: "done" },
      { do: "discard", request: 1 },
      { do: "discard", request: 1 },
      ACK,
      { do: "migrate", phase: "end" },
    ]);
    expect(world.environment.migration?.underWay).toBe(false);
  });

  test("tells a guest that goes round in a circle from one that takes long", () => {
    const geometry = machine([zone(0, 256)], { capacity: 1 });
    const patient = enter({ ...scope({}), geometry }, { design: "page-reporting", system: "impl" }, true);
    expect(execute(patient, []).violation).toBeUndefined();
    expect(patient.healing.length).toBeGreaterThan(150);
    const stuck = readCounterexample(STUCK);
    const { violation } = execute(enter(stuck.scope, stuck.subject, false), stuck.steps);
    expect(violation?.explanation).toContain("the guest goes round in a circle");
  });
});

test("a file that passes over what is no property is refused", () => {
  const file = join(scratchFolder(), "odd.json");
  const { subject, ...rest } = JSON.parse(readFileSync(STUCK, "utf8"));
  writeFileSync(file, JSON.stringify({ ...rest, subject: { ...subject, ignored: ["exclusion", "luck"] } }));
  expect(() => readCounterexample(file)).toThrow(
    /subject\.ignored\[1\]: found "luck", expected the id of a property: exclusion, /,
  );
});
