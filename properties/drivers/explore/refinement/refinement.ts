/**
 * The model beside the explorer, on every transition: from the source's state of the model it takes the same action, and
 * must answer with the same events and show the same state. A state that is reached once more, by another way, must be
 * the same state of the model once more. So states of the implementation stand for states of the model, each for one; and
 * as the model alone has as many (model-search.ts), none stands for two.
 */
import { InputError } from "../../../../model/alphabet/index.ts";
import { designOf } from "../../../../model/designs/index.ts";
import { step } from "../../../../model/machine.ts";
import { initial, type State } from "../../../../model/state.ts";
import { StateView } from "../../../../model/view.ts";
import { Lockstep } from "../../../judges/lockstep.ts";
import type { Violation } from "../../../judges/properties.ts";
import type { Batch } from "../states/batch.ts";
import type { Expander, Explored, Observer } from "../expander.ts";
import { explore } from "../explore.ts";
import { searchModel, type Found } from "./model-search.ts";
import { firstDifference, textOf } from "./model-text.ts";
import type { Plan } from "../plans.ts";
import type { Known, Report } from "../report.ts";
import type { States } from "../states/table.ts";
import { twins } from "../symmetry/twins.ts";

/**
 * States of the model that are kept at most. They share what a step leaves alone: measured, one takes 1.0 to 1.8 KB of
 * the heap, and its text in the plain search as much again. So these take 1 to 2 GB, which node has without being asked.
 */
export const MOST_KEPT = 500_000;

/** The model beside one exploration. */
class Refinement {
  readonly observer: Observer;
  readonly #expander: Expander;
  readonly #table: States;
  readonly #lockstep: Lockstep;
  readonly #view: StateView;
  /** By id. */
  readonly #states: State[] = [];
  /** Of the state that is expanded, and of the successors in the batch. */
  #source: State;
  readonly #successors: State[] = [];

  constructor(expander: Expander, table: States, { scope: { geometry, settings } }: Plan, design: string) {
    const start = initial(geometry, settings, designOf(design, settings.variant));
    this.#expander = expander;
    this.#table = table;
    this.#view = new StateView(start);
    this.#lockstep = new Lockstep(this.#view);
    this.#source = start;
    this.#successors[0] = start;
    this.observer = {
      entered: (id) => {
        this.#source = this.#states[id];
      },
      moved: (move, place) => this.#moved(move, place),
      inserted: (batch) => this.#inserted(batch),
    };
  }

  /** Two states that are one of the model, where there are any: what tells them apart. */
  twins(): string | undefined {
    return twins(this.#expander, this.#table, (id) => textOf(this.#states[id]));
  }

  /** Does the model what the implementation has just done. What the host does alone leaves it as it is. */
  #moved(number: number, place: number): Violation | undefined {
    const { world, moves } = this.#expander;
    const move = moves.all[number];
    if (move.do === "discard" || move.do === "lose") {
      this.#successors[place] = this.#source;
      return undefined;
    }
    const { state, events } = step(this.#source, move);
    this.#successors[place] = state;
    this.#view.show(state);
    return this.#lockstep.compare({ events, view: this.#view }, { events: world.events, view: world.guest.view() });
  }

  /** Each successor has its id now: is it the state of the model that this id stands for? */
  #inserted({ count, ids, fresh, parents, moves }: Batch): void {
    for (let place = 0; place < count; place++) {
      const id = ids[place];
      const state = this.#successors[place];
      if (id < 0) continue;
      if (fresh[place] === 1) {
        this.#states[id] = state;
        continue;
      }
      if (textOf(state) === textOf(this.#states[id])) continue;
      const violation: Violation = {
        property: "lockstep",
        explanation: `the implementation is in a state that it was in before, the model is not: ${firstDifference(this.#states[id], state)}`,
      };
      this.#expander.broken ??= { violation, state: parents[place], move: moves[place] };
    }
  }
}

export interface Verification {
  readonly plan: Plan;
  readonly subject: Explored;
  /** Most states. */
  readonly limit: number;
  /** Most moves from the start; undefined: no bound. */
  readonly depth?: number | undefined;
  /** Violations that are on record: there neither search goes further. */
  readonly known?: readonly Known[];
}

export interface Verified {
  /** What was found, in a sentence. */
  readonly verdict: string;
  readonly holds: boolean;
  readonly explorer: Report;
  /** Undefined where the implementation did not even come so far. */
  readonly model: Found | undefined;
}

/**
 * Explores the implementation with the model beside it, then the model alone.
 * @throws InputError where the guest can't work with the plan, or more states are asked for than can be kept
 */
export function verified({ plan, subject, limit, depth, known = [] }: Verification): Verified {
  if (limit > MOST_KEPT) {
    const problem = `found a limit of ${limit} states, but of the model at most ${MOST_KEPT} can be kept beside them`;
    throw new InputError({}, `${problem}; choose a smaller plan, or explore the implementation alone`);
  }
  const designs = known.filter(({ property }) => property !== "lockstep");
  let beside: Refinement | undefined;
  const observe = (expander: Expander, table: States): Observer => {
    beside = new Refinement(expander, table, plan, subject.design);
    return beside.observer;
  };
  const explorer = explore({ plan, subject, limit, depth, known: designs, observe });
  const finished = explorer.ended === "complete" || explorer.ended === "depth";
  const model = finished ? searchModel({ plan, design: subject.design, limit, depth, known: designs }) : undefined;
  const told = judged(plan, subject, explorer, model);
  const why = model !== undefined && model.states < explorer.states ? beside?.twins() : undefined;
  return { ...told, ...(why === undefined ? {} : { verdict: `${told.verdict}: ${why}` }), explorer, model };
}

function judged(
  plan: Plan,
  { design }: Explored,
  explorer: Report,
  model: Found | undefined,
): Pick<Verified, "verdict" | "holds"> {
  const { variant } = plan.scope.settings;
  const form = variant === "" ? design : `${design}:${variant}`;
  const bound = explorer.ended === "depth" ? `, up to ${explorer.depth} moves` : "";
  const scope = `scope ${plan.name}${bound}`;
  const not = (why: string): Pick<Verified, "verdict" | "holds"> => ({ verdict: `${form}: ${why}`, holds: false });
  if (explorer.broken !== undefined) {
    const { property, explanation } = explorer.broken.violation;
    return not(`violates ${property} in ${scope}, after ${explorer.path.length} moves: ${explanation}`);
  }
  if (model === undefined) return not(`unjudged: stopped at ${explorer.states} states of ${scope}`);
  if (model.broken !== undefined) {
    return not(`the model violates ${model.broken.property} in ${scope}: ${model.broken.explanation}`);
  }
  const counts = ["states", "transitions", "depth", "cut"] as const;
  if (counts.some((count) => explorer[count] !== model[count])) {
    return not(`not the same in ${scope}: the implementation has ${told(explorer)}; the model alone ${told(model)}`);
  }
  const { states, transitions } = explorer.digest;
  const figures = `${told(explorer)}, digest ${states} ${transitions}`;
  const verdict = `${form}: the implementation is verified against the model for ${scope}: ${figures}`;
  return { verdict: `${verdict}; the model alone has ${model.states} states`, holds: true };
}

function told({ states, transitions, depth, cut }: Pick<Found, "states" | "transitions" | "depth" | "cut">): string {
  const ends = cut === 0 ? "" : `, cut at ${cut} failures on record`;
  return `${states} states, ${transitions} transitions, depth ${depth}${ends}`;
}
