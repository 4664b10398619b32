/**
 * A device that answers late, as the model tells it (`linux-guest.md`, slow-device): today's kernel ends a process for lack of
 * memory that the reporter merely holds. What happens there is here, step by step:
 *
 *     a pass takes blocks; report() sleeps       work, 4 times         isolate, submit; no ack
 *     the process touches what is left           alloc                 alloc
 *     and more, order 0, movable; it may sleep   alloc, wait           nothing yet: it tries again
 *     the last retry, then the OOM killer        retry                 alloc-failed, no-memory, while a page is held
 *
 * Shrunk it is a step shorter: that the block is isolated is enough, it need not have been submitted.
 */
import { describe, expect, test } from "vitest";
import type { AllocAction, Step } from "../../model/alphabet/index.ts";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { sample } from "../../properties/drivers/random.ts";
import { execute } from "../../properties/drivers/run.ts";
import { without } from "../../properties/drivers/shrink.ts";
import { fileOf, scopesOf } from "../../properties/findings/failure.ts";
import { FAILURES } from "../../properties/findings/index.ts";
import { isOf } from "../../properties/findings/refind.ts";
import { enter } from "../../properties/subjects.ts";
import type { World } from "../../properties/drivers/world.ts";

const failure = FAILURES.find(({ id }) => id === "page-reporting-kernel-fake-oom");
if (failure === undefined) throw new Error("it is not on record");
const { scope, steps } = readCounterexample(fileOf(failure));

const asked = (wait: boolean): AllocAction => ({
  do: "alloc",
  order: 0,
  migratetype: "movable",
  node: 0,
  cpu: 0,
  wait,
});
/** The pass is asked for, finds the zone, isolates a block and submits it. */
const PASS: readonly Step[] = [{ do: "work" }, { do: "work" }, { do: "work" }, { do: "work" }];
/** One caller has what is left; the other, who may sleep, is the one whose last try fails. */
const IN_NEED: readonly Step[] = [asked(false), asked(true)];

/** The last try of the caller in need, where he came after so many steps of the reporter. */
const lastTry = (works: number): Step => ({ do: "retry", of: works + 1 });

describe.each(["model", "impl"] as const)("the %s", (system) => {
  const begin = (): World => enter(scope, { design: "page-reporting", system }, false);

  function take(world: World, some: readonly Step[], from: number): void {
    some.forEach((step, index) => expect(world.perform(step, from + index)).toBeUndefined());
  }

  test("holds a block for a request that is not acked, and tells the one in need that memory is out", () => {
    const world = begin();
    take(world, PASS, 0);
    const [request] = world.environment.requests;
    expect(world.environment.requests).toHaveLength(1);
    expect(world.view().held()).toEqual(request.ranges.map(({ pfn }) => pfn));
    expect(request.ranges).toHaveLength(1);

    take(world, IN_NEED, PASS.length);
    expect(world.view().waiters()).toMatchObject([{ order: 0, migratetype: "movable" }]);
    const violation = world.perform(lastTry(PASS.length), PASS.length + IN_NEED.length);
    expect(world.events).toMatchObject([
      { event: "alloc-failed", order: 0, migratetype: "movable", reason: "no-memory" },
    ]);
    expect(violation?.property).toBe("fake-oom");
    expect(world.environment.requests).toEqual([request]);
    expect(world.view().held()).toEqual(request.ranges.map(({ pfn }) => pfn));
  });

  test("serves him where the device answers in time", () => {
    const world = begin();
    take(world, [...PASS, ...IN_NEED, { do: "ack", request: 1, ok: true }, { do: "work" }], 0);
    expect(world.view().held()).toEqual([]);
    expect(world.perform(lastTry(PASS.length), PASS.length + IN_NEED.length + 2)).toBeUndefined();
    expect(world.events).toMatchObject([{ event: "alloc", order: 0 }]);
  });

  test("none of the steps can be left out, nor any of them together", () => {
    const works = PASS.length - 1;
    expect(steps).toEqual([...PASS.slice(0, works), ...IN_NEED, lastTry(works)]);
    for (let kept = 0; kept < 2 ** steps.length - 1; kept++) {
      const fewer = without(steps, (index) => (kept & (1 << index)) === 0);
      expect(execute(begin(), fewer).violation).toBeUndefined();
    }
  });
});

test("chance finds it on the model by itself, and shrinks it to the same six steps", () => {
  const campaign = { subject: { design: "page-reporting", system: "model" as const }, runs: 100, seed: 1 };
  const { found } = sample({
    ...campaign,
    scopes: scopesOf(failure),
    lockstep: false,
    wanted: (violation) => isOf(failure, violation),
  });
  expect(found?.shrunk.steps).toEqual(steps);
  expect(found?.shrunk.scope.geometry).toEqual(scope.geometry);
});
