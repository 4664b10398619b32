/**
 * Shrinking in the terms of the domain, after fast-check's own: drop steps until none can go, say each as simply as
 * possible, make the machine smaller, let page numbers fall, and let actors take turns as rarely as possible.
 * Every candidate is run; it is taken when it breaks the same property.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import type { Outcome } from "./run.ts";
import type { Scope } from "./scopes.ts";
import { simplerScopes } from "./simpler-scopes.ts";
import { actorOf, simplerSteps } from "./simpler-steps.ts";

/** A run that breaks a property. */
export interface Finding {
  readonly scope: Scope;
  readonly steps: readonly Step[];
  readonly violation: Violation;
  /** The step that broke it, or the number of steps where healing did. */
  readonly at: number;
}

/** Runs a candidate from the start. Undefined: it can't be judged, and is not taken. */
export type Try = (scope: Scope, steps: readonly Step[]) => Outcome | undefined;

/** Trials after which shrinking stops with what it has. */
const MOST_TRIALS = 30_000;
/** Of a run of more steps, those of one size are dropped side by side: to try every place takes the square of its length. */
const MANY_STEPS = 500;
/** Up to so many steps any two of them may go together, though they are not neighbours. */
const FEW_STEPS = 40;
/** So many requests fewer may have been sent before an answer, when something in front of it is dropped. */
const FEWER_REQUESTS = [1, 2, 3];
/** A story of at most so many steps is read as a whole: what healing did is told in it. */
export const SHORT_STORY = 12;

export function shrink(found: Finding, attempt: Try): Finding {
  return new Shrinker(found, attempt).run();
}

class Shrinker {
  #best: Finding;
  #trials = 0;
  readonly #attempt: Try;

  constructor(found: Finding, attempt: Try) {
    this.#best = found;
    this.#attempt = attempt;
  }

  run(): Finding {
    this.#take(this.#best.scope, this.#best.steps.slice(0, this.#best.at + 1));
    let before: Finding;
    do {
      before = this.#best;
      this.#dropSteps();
      if (this.#best.steps.length <= FEW_STEPS) this.#dropPairs();
      this.#simplify();
      this.#smallerScope();
      this.#fewerTurns();
    } while (before !== this.#best && this.#trials < MOST_TRIALS);
    this.#tellHealing();
    return this.#best;
  }

  /** Takes the candidate if it still breaks the same property, cut behind the step that breaks it. */
  #take(scope: Scope, steps: readonly Step[]): boolean {
    if (this.#trials++ >= MOST_TRIALS) return false;
    const outcome = this.#attempt(scope, steps);
    if (outcome?.violation?.property !== this.#best.violation.property) return false;
    const { violation, at } = outcome;
    this.#best = { scope, steps: steps.slice(0, at + 1), violation, at };
    return true;
  }

  /** Takes the candidate as it is, or with lower numbers of requests: where steps were dropped, fewer may have been sent. */
  #takeRenumbered(scope: Scope, steps: readonly Step[], from: number): boolean {
    if (this.#take(scope, steps)) return true;
    return FEWER_REQUESTS.some((fewer) => {
      const renumbered = withLowerRequests(steps, from, fewer);
      return renumbered !== undefined && this.#take(scope, renumbered);
    });
  }

  /** Where it is a step of healing that breaks the property, the steps up to it belong to the story. */
  #tellHealing(): void {
    const { scope, steps, at } = this.#best;
    if (at < steps.length) return;
    const whole = [...steps, ...(this.#attempt(scope, steps)?.healing ?? [])];
    const told = whole.length <= SHORT_STORY ? this.#attempt(scope, whole) : undefined;
    if (told !== undefined && told.at < whole.length) this.#take(scope, whole);
  }

  #dropSteps(): void {
    for (let size = Math.max(1, this.#best.steps.length >> 1); size >= 1; size >>= 1) {
      const stride = this.#best.steps.length > MANY_STEPS ? size : 1;
      for (let start = this.#best.steps.length - size; start >= 0; start -= stride) {
        if (start + size > this.#best.steps.length) continue;
        this.#takeRenumbered(
          this.#best.scope,
          without(this.#best.steps, (index) => index >= start && index < start + size),
          start,
        );
      }
    }
  }

  /** Two steps that only go together: unregister and register, freeze and thaw, offline and online. */
  #dropPairs(): void {
    for (let one = this.#best.steps.length - 1; one > 0; one--) {
      for (let other = one - 1; other >= 0 && one < this.#best.steps.length; other--) {
        const first = other;
        const second = one;
        this.#takeRenumbered(
          this.#best.scope,
          without(this.#best.steps, (index) => index === first || index === second),
          first,
        );
      }
    }
  }

  #simplify(): void {
    for (let index = 0; index < this.#best.steps.length; index++) {
      let again = true;
      while (again && index < this.#best.steps.length) {
        again = simplerSteps(this.#best.steps[index], this.#best.scope).some((step) =>
          this.#take(this.#best.scope, this.#best.steps.with(index, step)),
        );
      }
    }
  }

  #smallerScope(): void {
    let again = true;
    while (again && this.#trials < MOST_TRIALS) {
      again = simplerScopes(this.#best.scope, this.#best.steps).some(({ scope, steps }) =>
        this.#takeRenumbered(scope, steps, 0),
      );
    }
  }

  #fewerTurns(): void {
    for (let index = 0; index + 1 < this.#best.steps.length; index++) {
      const swapped = swap(this.#best.steps, index);
      if (swapped !== undefined && turns(swapped) < turns(this.#best.steps)) this.#take(this.#best.scope, swapped);
    }
  }
}

/** The steps without some of them; who refers to a dropped step goes too, and numbers close up. */
export function without(steps: readonly Step[], dropped: (index: number) => boolean): Step[] {
  const kept: Step[] = [];
  const renamed = new Map<number, number>();
  steps.forEach((step, index) => {
    if (dropped(index)) return;
    if (step.do === "free" || step.do === "retry") {
      const of = renamed.get(step.of);
      if (of === undefined) return;
      renamed.set(index, kept.length);
      kept.push({ ...step, of });
      return;
    }
    renamed.set(index, kept.length);
    kept.push(step);
  });
  return kept;
}

/** The answers from step `from` on go to requests of lower numbers; undefined where none of them can. */
function withLowerRequests(steps: readonly Step[], from: number, fewer: number): Step[] | undefined {
  let some = false;
  const renumbered = steps.map((step, index) => {
    if (index < from || !("request" in step) || step.request <= fewer) return step;
    some = true;
    return { ...step, request: step.request - fewer };
  });
  return some ? renumbered : undefined;
}

/** Steps `index` and `index + 1` in the other order, or undefined where the second refers to the first. */
function swap(steps: readonly Step[], index: number): Step[] | undefined {
  const [one, other] = [steps[index], steps[index + 1]];
  if ("of" in other && other.of === index) return undefined;
  const moved = new Map([
    [index, index + 1],
    [index + 1, index],
  ]);
  return [...steps.slice(0, index), other, one, ...steps.slice(index + 2)].map((step) =>
    step.do === "free" || step.do === "retry" ? { ...step, of: moved.get(step.of) ?? step.of } : step,
  );
}

function turns(steps: readonly Step[]): number {
  return steps.filter((step, index) => index > 0 && actorOf(step) !== actorOf(steps[index - 1])).length;
}
