/** Labelled transitions: what they say, that they say the same of model and implementation, and that none stands for two. */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../model/designs/index.ts";
import type { Action, Event, HostStep, Step } from "../../model/alphabet/index.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { Transitions } from "../../properties/drivers/explore/transitions.ts";
import { Coverage } from "../../properties/drivers/explore/transitions/coverage.ts";
import { MOMENTS, Moments, tellMoment } from "../../properties/drivers/explore/transitions/moments.ts";
import { isNothing, Schedule } from "../../properties/drivers/schedule.ts";
import { scopesFor, type Scope } from "../../properties/drivers/scopes.ts";
import type { World } from "../../properties/drivers/world.ts";
import { enter, Worlds } from "../../properties/subjects.ts";

const FORMS = [...DESIGNS.values()].flatMap((variants) =>
  variants.map(({ id, variant }) => ({ id, variant, form: variant === "" ? id : `${id}:${variant}` })),
);

function scopeOf(id: string, variant: string, name = "eight pages"): Scope {
  const scope = scopesFor(id, variant).find((one) => one.name === name);
  if (scope === undefined) throw new Error(`there is no scope ${name}`);
  return scope;
}

/** What is labelled: what the guest was asked, or what the host did alone. */
function acted(world: World, step: Step): Action | HostStep | undefined {
  return world.action ?? (step.do === "discard" || step.do === "lose" || step.do === "assign" ? step : undefined);
}

interface Follower {
  readonly begins: (world: World) => void;
  readonly after: (world: World) => void;
}

/** Drawn steps; at the start of a run and after each step, somebody looks. */
function wander(id: string, variant: string, runs: number, { begins, after }: Follower): void {
  const worlds = new Worlds({ design: id, system: "impl" }, false, { known: () => true });
  const scope = scopeOf(id, variant);
  const choose = xorshift(3);
  for (let run = 0; run < runs; run++) {
    const world = worlds.enter(scope);
    begins(world);
    const schedule = new Schedule(world, world.traits);
    schedule.swarm(choose);
    for (let at = 0; at < 300 && !world.cut; at++) {
      const step = schedule.next(choose);
      if (isNothing(step)) continue;
      world.perform(step, at);
      after(world);
    }
  }
}

function alloc(order: number, wait = false): Step {
  return { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait };
}

/** The labels of a story of page-reporting on eight pages: report order 1, blocks of up to four pages, one in a request. */
function labelled(steps: readonly Step[]): string[] {
  const world = enter(scopeOf("page-reporting", ""), { design: "page-reporting", system: "impl" }, false);
  const transitions = new Transitions(world.view(), world.environment);
  return steps.flatMap((step, at) => {
    transitions.before();
    expect(world.perform(step, at)).toBeUndefined();
    const action = acted(world, step);
    return action === undefined ? [] : [transitions.tell(transitions.after(action, world.events))];
  });
}

const WORK: Step = { do: "work" };

describe("a label says who did what, what came of it, and in which situation", () => {
  test("from a pass to the ack, with a user in between", () => {
    const story = [WORK, WORK, WORK, WORK, alloc(1), { do: "ack", request: 1, ok: true }, WORK] as const;
    expect(labelled(story)).toEqual([
      "worker: work; to zone; due",
      "worker: work; to list; zone",
      "worker: work; takes above, to full; list",
      "worker: work; sends a full request, to full-wait; full, holds a batch",
      "user: alloc at; got by a split; full-wait, holds a batch, one open",
      "host: ack; nothing else; full-wait, holds a batch, one open",
      "worker: work; puts back marked, to list; full-wait, holds a batch",
    ]);
  });

  test("what a freed block merges with, and what keeps it from that", () => {
    const story: Step[] = [
      alloc(1),
      alloc(1),
      { do: "free", of: 0, cpu: 0 },
      WORK,
      WORK,
      WORK,
      { do: "free", of: 1, cpu: 0 },
    ];
    const labels = labelled(story);
    expect(labels[2]).toBe("user: free at; freed; due");
    expect(labels[5]).toBe("worker: work; takes at; list");
    expect(labels[6]).toBe("user: free at; freed beside a held one; list, holds a batch");
  });

  test("who sleeps, and is woken", () => {
    const asks = [alloc(1), WORK, WORK, WORK, alloc(2), alloc(1, true)];
    const story: Step[] = [...asks, WORK, { do: "ack", request: 1, ok: true }, WORK];
    expect(labelled(story).slice(5)).toEqual([
      "user: alloc at; sleeps; list, holds a batch",
      "worker: work; sends a full request, to left-wait; list, holds a batch, someone sleeps",
      "host: ack; nothing else; left-wait, holds a batch, one open",
      "worker: work; puts back marked, a sleeper gets it, to finish; left-wait, holds a batch, someone sleeps",
    ]);
  });
});

describe.each(FORMS)("$form", ({ id, variant }) => {
  test("model and implementation get the same labels, and no two labels read alike", () => {
    const scope = scopeOf(id, variant);
    const impl = enter(scope, { design: id, system: "impl" }, false, { known: () => true });
    const model = enter(scope, { design: id, system: "model" }, false, { known: () => true });
    const both = [impl, model].map((world) => ({
      world,
      transitions: new Transitions(world.view(), world.environment),
    }));
    const choose = xorshift(5);
    for (let run = 0; run < 4; run++) {
      for (const { world } of both) world.restart();
      const schedule = new Schedule(impl, impl.traits);
      schedule.swarm(choose);
      for (let at = 0; at < 200 && !impl.cut; at++) {
        const step = schedule.next(choose);
        const [ours, theirs] = both.map(({ world, transitions }) => {
          transitions.before();
          world.perform(step, at);
          const action = acted(world, step);
          return action === undefined ? undefined : transitions.tell(transitions.after(action, world.events));
        });
        expect(theirs).toBe(ours);
      }
    }
    const [{ transitions }] = both;
    const told = Array.from({ length: transitions.size }, (_, label) => transitions.tell(label));
    expect(new Set(told).size).toBe(told.length);
    expect(told.length).toBeGreaterThan(15);
  });

  test("what events alone show of held blocks and open requests is what is so", () => {
    let follower = new Moments(scopeOf(id, variant).geometry);
    const looker = new Moments(scopeOf(id, variant).geometry);
    let before = { held: 0, open: 0 };
    wander(id, variant, 20, {
      begins: (world) => {
        follower = new Moments(world.scope.geometry);
        before = { held: 0, open: 0 };
      },
      after: (world) => {
        looker.at(before.held, before.open);
        for (const event of world.events) {
          const moment = follower.follow(event);
          expect(moment).toBeLessThan(MOMENTS);
          expect(tellMoment(moment)).toBe(tellMoment(looker.follow(event)));
        }
        before = { held: world.view().held().length, open: world.environment.requests.length };
      },
    });
  });
});

test("coverage counts what is known, and tells apart what is not", () => {
  const coverage = new Coverage(["free", "work", "ack"]);
  coverage.visit("work");
  coverage.visit("work");
  coverage.visit("ack", 3);
  coverage.visit("tick");
  expect(coverage).toMatchObject({ known: 3, visited: 2 });
  expect(coverage.missing()).toEqual(["free"]);
  expect(coverage.unknown()).toEqual(["tick"]);
});

test("a moment is told as one line", () => {
  const moments = new Moments({ reportOrder: 9, capacity: 2 });
  const events: Event[] = [
    { event: "free", pfn: 0, order: 10 },
    { event: "isolate", pfn: 512, order: 9 },
    { event: "isolate", pfn: 1024, order: 9 },
    {
      event: "submit",
      request: 1,
      ranges: [
        { pfn: 512, order: 9 },
        { pfn: 1024, order: 9 },
      ],
    },
    { event: "alloc", pfn: 0, order: 0 },
    { event: "ack", request: 1, ok: true },
    { event: "release", pfn: 512, order: 9, reported: true },
  ];
  expect(events.map((event) => tellMoment(moments.follow(event)))).toEqual([
    "free above; nothing held",
    "isolate at; nothing held",
    "isolate at; holds some",
    "submit a full request; holds a batch",
    "alloc below; holds a batch, one open",
    "ack ok; holds a batch, one open",
    "release marked at; holds a batch",
  ]);
});
