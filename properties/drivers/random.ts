/**
 * Random interleavings: fast-check supplies the numbers, the replayable seed and the first shrink. This is the one
 * file that knows fast-check; everything else sees a scope and a list of steps.
 */
import fc from "fast-check";
import type { Step } from "../../model/alphabet/index.ts";
import { traitsOf, Worlds, type Subject } from "../subjects.ts";
import type { PropertyId } from "../judges/properties.ts";
import { LabelWatch } from "./labels.ts";
import { execute } from "./run.ts";
import { isNothing, Schedule, type Choose } from "./schedule.ts";
import type { Scope } from "./scopes.ts";
import { shrink, type Finding } from "./shrink.ts";

export interface Campaign {
  readonly subject: Subject;
  readonly scopes: readonly Scope[];
  readonly runs: number;
  readonly seed: number;
  /** True: the model runs beside the implementation. */
  readonly lockstep: boolean;
  /** Properties whose violations are passed over; absent: none. */
  readonly ignored?: ReadonlySet<PropertyId>;
  /** Told now and then how far it is. */
  readonly progress?: (sampled: Progress) => void;
}

export interface Progress {
  readonly runs: number;
  readonly steps: number;
  readonly labels: number;
}

/** What a campaign saw. */
export interface Sampled {
  readonly runs: number;
  readonly steps: number;
  /** Runs whose end could not be judged, because the host had lost a request. */
  readonly unjudgedEnds: number;
  readonly labels: { readonly met: readonly string[]; readonly missing: readonly string[] };
  /** The first run that broke a property: as it was found, and as it was shrunk. */
  readonly found?: { readonly run: number; readonly steps: number; readonly shrunk: Finding };
}

/** Numbers that one run may use up: a step takes two to five. */
const TAPE = 2000;
/** Runs that fast-check's own shrinking may take; the domain's shrinker does the rest. */
const FAST_CHECK_SHRINKS = 200;

/** The end of the tape. */
class TapeEnd extends Error {}

function reader(tape: Uint16Array): Choose {
  let at = 0;
  return (bound) => {
    if (bound === 1) return 0;
    if (at >= tape.length) throw new TapeEnd();
    return tape[at++] % bound;
  };
}

/** Runs a campaign until its runs are done or a property is broken; then shrinks. */
export function sample(campaign: Campaign): Sampled {
  return new Sampler(campaign).run();
}

class Sampler {
  readonly #campaign: Campaign;
  readonly #worlds: Worlds;
  readonly #labels: LabelWatch;
  #runs = 0;
  #steps = 0;
  #unjudgedEnds = 0;
  #shrinks = 0;
  #first: { readonly run: number; readonly steps: number } | undefined;
  #last: Finding | undefined;

  constructor(campaign: Campaign) {
    this.#campaign = campaign;
    this.#worlds = new Worlds(campaign.subject, campaign.lockstep, campaign.ignored);
    this.#labels = new LabelWatch(campaign.subject.design);
  }

  run(): Sampled {
    const { scopes, runs, seed } = this.#campaign;
    const tape = fc.uint16Array({ minLength: 0, maxLength: TAPE, size: "max" });
    const property = fc.property(fc.nat(scopes.length - 1), tape, (scope, numbers) => this.#holds(scopes[scope], numbers));
    fc.check(property, { seed, numRuns: runs });
    const sampled = {
      runs: this.#runs,
      steps: this.#steps,
      unjudgedEnds: this.#unjudgedEnds,
      labels: { met: [...this.#labels.met], missing: this.#labels.missing() },
    };
    if (this.#first === undefined || this.#last === undefined) return sampled;
    const shrunk = shrink(this.#last, (scope, steps) => execute(this.#worlds.enter(scope), steps));
    return { ...sampled, found: { ...this.#first, shrunk } };
  }

  /** One run, as fast-check sees it. Once one has failed, what follows is fast-check's shrinking. */
  #holds(scope: Scope, tape: Uint16Array): boolean {
    if (this.#first !== undefined && ++this.#shrinks > FAST_CHECK_SHRINKS) return true;
    const finding = this.#drive(scope, tape);
    if (this.#first === undefined) {
      this.#runs++;
      if (this.#runs % 16 === 0) {
        this.#campaign.progress?.({ runs: this.#runs, steps: this.#steps, labels: this.#labels.met.size });
      }
    }
    if (finding === undefined) return true;
    if (this.#last !== undefined && finding.violation.property !== this.#last.violation.property) return true;
    this.#first ??= { run: this.#runs, steps: this.#steps };
    this.#last = finding;
    return false;
  }

  #drive(scope: Scope, tape: Uint16Array): Finding | undefined {
    const world = this.#worlds.enter(scope);
    const schedule = new Schedule(world, traitsOf(this.#campaign.subject.design));
    const choose = reader(tape);
    const steps: Step[] = [];
    try {
      schedule.swarm(choose);
      for (;;) {
        const step = schedule.next(choose);
        if (isNothing(step)) continue;
        this.#labels.before(world, step);
        const violation = world.perform(step, steps.length);
        steps.push(step);
        this.#steps++;
        if (violation !== undefined) return { scope, steps, violation, at: steps.length - 1 };
        this.#labels.after();
      }
    } catch (end) {
      if (!(end instanceof TapeEnd)) throw end;
    }
    const healed = world.heal(steps.length);
    if (healed === "a request was lost") this.#unjudgedEnds++;
    return typeof healed === "string" ? undefined : { scope, steps, violation: healed, at: steps.length };
  }
}
