/**
 * Random interleavings: fast-check supplies the numbers, the replayable seed and the first shrink. This is the one
 * file that knows fast-check; everything else sees a scope and a list of steps.
 */
import fc from "fast-check";
import type { Step } from "../../model/alphabet/index.ts";
import { traitsOf, Worlds, type Subject } from "../subjects.ts";
import type { PropertyId, Violation } from "../judges/properties.ts";
import { LabelWatch } from "./labels.ts";
import { execute } from "./run.ts";
import { isNothing, Schedule, type Choose } from "./schedule.ts";
import type { Scope } from "./scopes.ts";
import { SHORT_STORY, shrink, type Finding } from "./shrink.ts";
import type { World } from "./world.ts";

export interface Campaign {
  readonly subject: Subject;
  /** At least one; all of the same variant of the design. */
  readonly scopes: readonly Scope[];
  readonly runs: number;
  readonly seed: number;
  /** True: the model runs beside the implementation. */
  readonly lockstep: boolean;
  /** Properties whose violations are passed over; absent: none. */
  readonly ignored?: ReadonlySet<PropertyId>;
  /** What is looked for: a run that breaks anything else ends there, unjudged from then on; absent: whatever breaks. */
  readonly wanted?: (violation: Violation) => boolean;
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
  /** Runs that ended at a violation which is not looked for. */
  readonly cutShort: number;
  readonly labels: { readonly met: readonly string[]; readonly missing: readonly string[] };
  /** The first run that broke a property: as it was found, and as it was shrunk. */
  readonly found?: { readonly run: number; readonly steps: number; readonly shrunk: Finding };
}

/** Numbers that one run may use up: a step takes two to five. */
const TAPE = 2000;
const TAPES = fc.uint16Array({ minLength: 0, maxLength: TAPE, size: "max" });

/**
 * Candidates that fast-check's own shrinking may try. It knows nothing of what the numbers mean, so it is good at
 * shortening the tape and at nothing else; the domain's shrinker does the rest.
 */
const FAST_CHECK_TRIALS = 60;

/** Where a story stays long: how often another run is looked for, and among how many runs. */
const FURTHER_SEARCHES = 8;
const FURTHER_RUNS = 100;

/** A run that broke a property, and the numbers that led to it. */
interface Failed {
  readonly finding: Finding;
  readonly tape: Uint16Array<ArrayBuffer>;
}

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
  #cutShort = 0;

  constructor(campaign: Campaign) {
    const { subject, lockstep, ignored, wanted } = campaign;
    this.#campaign = campaign;
    this.#worlds = new Worlds(subject, lockstep, {
      ...(ignored === undefined ? {} : { ignored }),
      ...(wanted === undefined ? {} : { known: (violation) => !wanted(violation) }),
    });
    this.#labels = new LabelWatch(traitsOf(subject.design, campaign.scopes[0].settings.variant));
  }

  run(): Sampled {
    const { runs, seed } = this.#campaign;
    const found = this.#search(runs, seed);
    const sampled = {
      runs: this.#runs,
      steps: this.#steps,
      unjudgedEnds: this.#unjudgedEnds,
      cutShort: this.#cutShort,
      labels: { met: [...this.#labels.met], missing: this.#labels.missing() },
    };
    if (found === undefined) return sampled;
    return { ...sampled, found: { run: sampled.runs, steps: sampled.steps, shrunk: this.#shortest(found) } };
  }

  /** Shrinking ends where no small change helps; while the story is still long, another run may end at a shorter one. */
  #shortest(found: Failed): Finding {
    let shortest = this.#shrink(found);
    for (let more = 1; more <= FURTHER_SEARCHES && shortest.steps.length > SHORT_STORY; more++) {
      const other = this.#search(FURTHER_RUNS, this.#campaign.seed + more);
      if (other?.finding.violation.property !== found.finding.violation.property) continue;
      const shrunk = this.#shrink(other);
      if (shrunk.steps.length < shortest.steps.length) shortest = shrunk;
    }
    return shortest;
  }

  #shrink(found: Failed): Finding {
    return shrink(this.#shorten(found), (scope, steps) => execute(this.#worlds.enter(scope), steps));
  }

  /** fast-check's shrink of the tape: the first candidate that breaks the same property is taken, and shrunk on. */
  #shorten({ finding, tape }: Failed): Finding {
    let best = finding;
    let candidates = TAPES.shrink(tape, undefined);
    for (let trial = 0; trial < FAST_CHECK_TRIALS; trial++) {
      const next = candidates.next();
      if (next.done === true) break;
      const shorter = this.#drive(finding.scope, next.value.value);
      if (shorter?.violation.property !== finding.violation.property) continue;
      best = shorter;
      candidates = TAPES.shrink(next.value.value, next.value.context);
    }
    return best;
  }

  #search(runs: number, seed: number): Failed | undefined {
    const { scopes } = this.#campaign;
    let failed: Failed | undefined;
    const property = fc.property(fc.nat(scopes.length - 1), TAPES, (scope, tape) => {
      const finding = this.#drive(scopes[scope], tape);
      if (finding !== undefined) failed = { finding, tape };
      this.#count();
      return finding === undefined;
    });
    const { errorInstance } = fc.check(property, { seed, numRuns: runs, endOnFailure: true });
    // A guest or a judge that throws has not been judged right.
    if (failed === undefined && errorInstance) throw errorInstance;
    return failed;
  }

  #count(): void {
    this.#runs++;
    if (this.#runs % 16 !== 0) return;
    this.#campaign.progress?.({ runs: this.#runs, steps: this.#steps, labels: this.#labels.met.size });
  }

  #drive(scope: Scope, tape: Uint16Array): Finding | undefined {
    const world = this.#worlds.enter(scope);
    const steps: Step[] = [];
    const violation = this.#drawn(world, reader(tape), steps);
    if (violation !== undefined) return { scope, steps, violation, at: steps.length - 1 };
    const healed = world.cut ? "cut short" : world.heal(steps.length);
    if (healed === "cut short") this.#cutShort++;
    if (healed === "a request was lost") this.#unjudgedEnds++;
    return typeof healed === "string" ? undefined : { scope, steps, violation: healed, at: steps.length };
  }

  /** Takes steps until the tape ends, a property breaks or the run is cut short. @param steps those that were taken */
  #drawn(world: World, choose: Choose, steps: Step[]): Violation | undefined {
    const schedule = new Schedule(world, world.traits);
    try {
      schedule.swarm(choose);
      while (!world.cut) {
        const step = schedule.next(choose);
        if (isNothing(step)) continue;
        this.#labels.before(world, step);
        const violation = world.perform(step, steps.length);
        steps.push(step);
        this.#steps++;
        if (violation !== undefined) return violation;
        this.#labels.after();
      }
    } catch (end) {
      if (!(end instanceof TapeEnd)) throw end;
    }
    return undefined;
  }
}
