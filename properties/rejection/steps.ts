/**
 * The nearest repair of a run of a guest of ours: other steps, judged by taking them. For what no event shows (`slip`, `missed`)
 * this is the only way; every judge looks on, and the run is healed to its end.
 */
import type { FreeStep, RetryStep, Step } from "../../model/alphabet/index.ts";
import { execute, type Outcome } from "../drivers/run.ts";
import { sayStep } from "../drivers/story/words.ts";
import type { World } from "../drivers/world.ts";
import type { StepRepairs } from "./rejection.ts";

/** A step, and its number in the run as it was taken; what was put in has none. */
interface Item {
  readonly step: Step;
  readonly number: number | undefined;
}

interface Candidate {
  readonly text: string;
  readonly items: readonly Item[];
  /** Steps that it has beyond the run's. */
  readonly added: number;
  /** The nearest goes first: how far a step moves. */
  readonly weight: number;
}

/** In runs of at most so many steps any two may change places; in longer ones only those near the one that breaks. */
const NEAR = 12;
/** The most runs that are taken. */
const MOST = 400;
/** Further steps of the worker at one place. */
const MOST_WORK = 3;
/** So many of the lightest changes are joined with a second one, where none alone is enough. */
const MOST_JOINED = 24;

/**
 * Tries changes one by one, and where none is enough, two together; at last steps left out.
 * @param enter makes a fresh world
 */
export function repairSteps(enter: () => World, steps: readonly Step[], outcome: Outcome): StepRepairs {
  const run = new Rerun(enter);
  const [needed, open] = run.original(steps);
  const items = steps.map((step, number) => ({ step, number }));
  const at = Math.min(outcome.at, steps.length - 1);
  const singles = byWeight([...acks(items, at, open), ...candidates(items, at)]);
  let tried = 0;
  for (const candidate of [...upTo(MOST, singles, at), ...leftOut(items, at)]) {
    tried++;
    const changed = candidate.items.map(({ step }) => step);
    const effects = run.legalEffects(changed);
    // A step that has become impossible, or changes nothing now, was not moved but left out: that says nothing.
    if (effects === undefined || effects < needed + candidate.added) continue;
    return { tried, repair: { text: candidate.text, steps: changed } };
  }
  return { tried };
}

/** All single changes, then pairs. */
function* upTo(most: number, singles: readonly Candidate[], at: number): Generator<Candidate> {
  yield* singles.slice(0, most);
  let left = most - singles.length;
  for (const one of singles.slice(0, MOST_JOINED)) {
    for (const other of byWeight(candidates(one.items, at + one.added)).slice(0, MOST_JOINED)) {
      if (left-- <= 0) return;
      yield { ...other, text: `${one.text}, and ${other.text}`, added: one.added + other.added };
    }
  }
}

function byWeight(all: readonly Candidate[]): Candidate[] {
  return all.toSorted((a, b) => a.weight - b.weight);
}

/** Which requests are open before each step: numbers only, by the step's. */
type OpenBefore = readonly (readonly number[])[];

class Rerun {
  readonly #enter: () => World;
  #world: World;

  constructor(enter: () => World) {
    this.#enter = enter;
    this.#world = enter();
  }

  /** How many of the steps change anything, and which requests are open before each. */
  original(steps: readonly Step[]): [effects: number, open: OpenBefore] {
    const open: number[][] = [[]];
    const { effects } = this.#take(steps, (world) => {
      open.push(world.environment.requests.filter(({ lost }) => !lost).map(({ request }) => request));
    });
    return [effects, open];
  }

  /** How many of the steps change anything, or undefined where something breaks or can't be judged. */
  legalEffects(steps: readonly Step[]): number | undefined {
    const { outcome, effects } = this.#take(steps);
    const isLegal = outcome.violation === undefined && !outcome.cutShort && !outcome.unjudgedEnd;
    return isLegal ? effects : undefined;
  }

  #take(steps: readonly Step[], observe?: (world: World) => void): { outcome: Outcome; effects: number } {
    if (!this.#world.restart()) this.#world = this.#enter();
    const world = this.#world;
    let before = picture(world);
    let effects = 0;
    const outcome = execute(world, steps, () => {
      const after = picture(world);
      if (after !== before || world.events.length > 0) effects++;
      before = after;
      observe?.(world);
    });
    return { outcome, effects };
  }
}

/** All that a step can change, as text. */
function picture({ environment, guest }: World): string {
  const view = guest.view();
  const { tags, next, types } = view.words();
  const around = [environment.balloonTarget, environment.hinting, environment.assigned, environment.migration?.books()];
  const own = JSON.stringify([view.reporter(), view.hotplug(), view.waiters(), view.registered(), around]);
  return `${own} ${tags.join()} ${next.join()} ${types.join()}`;
}

function candidates(items: readonly Item[], at: number): Candidate[] {
  return [...answers(items), ...moves(items, at), ...work(items, at)];
}

/** A refusal as an ok. */
function answers(items: readonly Item[]): Candidate[] {
  return items.flatMap(({ step, number }, index) =>
    step.do !== "ack" || step.ok
      ? []
      : [
          {
            text: `the host had acked request ${step.request} with ok in step ${number}`,
            items: items.with(index, { number, step: { ...step, ok: true } }),
            added: 0,
            weight: 1.2,
          },
        ],
  );
}

/** The ack of a request that is open, before a step. */
function acks(items: readonly Item[], at: number, open: OpenBefore): Candidate[] {
  return items.slice(0, at + 1).flatMap((item, index) =>
    (open[index] ?? []).flatMap((request) => {
      // Where the run acks it later, that one would find it closed: it is moved.
      if (items.some(({ step }, later) => later >= index && step.do === "ack" && step.request === request)) return [];
      return [
        {
          text: `request ${request} had been acked before ${named(item)}`,
          items: inserted(items, index, [{ do: "ack", request, ok: true }]),
          added: 1,
          weight: 1.1 + 0.1 * (at - index),
        },
      ];
    }),
  );
}

/** One step before another that came before it. */
function moves(items: readonly Item[], at: number): Candidate[] {
  const found: Candidate[] = [];
  const first = items.length <= NEAR ? 0 : Math.max(0, at - NEAR);
  for (let later = first + 1; later < items.length; later++) {
    for (let earlier = first; earlier < later; earlier++) {
      const [one, other] = [items[earlier], items[later]];
      if (one.number === undefined || other.number === undefined) continue;
      const distance = later - earlier;
      const weight = 1 + 0.1 * (distance - 1) + 0.05 * Math.abs(at - later);
      found.push(...moved(items, later, earlier, `${named(other)} came before ${named(one)}`, weight));
      if (distance > 1) found.push(...moved(items, earlier, later, `${named(one)} came after ${named(other)}`, weight));
    }
  }
  return found;
}

function moved(items: readonly Item[], from: number, to: number, text: string, weight: number): Candidate[] {
  const order = items
    .map((_, index) => index)
    .toSpliced(from, 1)
    .toSpliced(to, 0, from);
  const changed = renumbered(items, order);
  return changed === undefined ? [] : [{ text, items: changed, added: 0, weight }];
}

/** The worker takes more steps at some place. */
function work(items: readonly Item[], at: number): Candidate[] {
  return items.slice(0, at + 1).flatMap((item, index) =>
    Array.from({ length: item.number === undefined ? 0 : MOST_WORK }, (_, more) => more + 1).map((more) => ({
      text: `the worker took ${more === 1 ? "one more step" : `${more} more steps`} before ${named(item)}`,
      items: inserted(
        items,
        index,
        Array.from({ length: more }, (): Step => ({ do: "work" })),
      ),
      added: more,
      weight: 1.25 + 0.1 * (more - 1) + 0.05 * (at - index),
    })),
  );
}

/**
 * One step left out, but not the one that breaks: without that there is nothing to mend. Of a shrunk run each step is needed, so
 * this says least of all.
 */
function leftOut(items: readonly Item[], at: number): Candidate[] {
  return items.slice(0, at).map((item, index) => ({
    text: `${named(item)} had not been taken`,
    items: withoutStep(items, index),
    added: -1,
    weight: 0,
  }));
}

function withoutStep(items: readonly Item[], gone: number): Item[] {
  return items.toSpliced(gone, 1).map(({ step, number }) => ({
    number,
    step: isReference(step) && step.of > gone ? { ...step, of: step.of - 1 } : step,
  }));
}

function inserted(items: readonly Item[], at: number, more: readonly Step[]): Item[] {
  const shifted = items.map(({ step, number }) => ({
    number,
    step: isReference(step) && step.of >= at ? { ...step, of: step.of + more.length } : step,
  }));
  return shifted.toSpliced(at, 0, ...more.map((step) => ({ step, number: undefined })));
}

/** The steps in another order, or undefined where one would come before the step that it refers to. */
function renumbered(items: readonly Item[], order: readonly number[]): Item[] | undefined {
  const places = new Map(order.map((from, place) => [from, place]));
  const changed = order.map((from) => {
    const { step, number } = items[from];
    return { number, step: isReference(step) ? { ...step, of: places.get(step.of) ?? step.of } : step };
  });
  return changed.every(({ step }, place) => !isReference(step) || step.of < place) ? changed : undefined;
}

/** Names another step by its number. */
function isReference(step: Step): step is FreeStep | RetryStep {
  return step.do === "free" || step.do === "retry";
}

function named({ step, number }: Item): string {
  return `step ${number} (${sayStep(step)})`;
}
