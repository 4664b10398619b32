/**
 * The certificate of a symmetry: where all states can be explored, each for itself, the orbits must add up to them.
 *
 *     full          states, beginning with every renaming of the start: what the representatives stand for
 *     represented   the sizes of the orbits of all representatives, added up        must be full
 *     forms         representatives of all those states
 *     canonical     representatives that were explored                              must be forms, one for one
 *     uneven        states whose moves lead to other representatives, or more often to one, than those of their like
 *
 * A symmetry that takes states for alike that are not finds too few representatives, or representatives of states that
 * nobody can reach; one that counts orbits wrongly has another sum. That alone is not enough: where a guest looks at
 * addresses, the states that can be reached may be the same under all names, and only what follows from them differs.
 * That is what `uneven` counts: it is the equivariance that is assumed, asked of every state.
 */
import { InputError } from "../../../../model/alphabet/index.ts";
import { explore } from "../explore.ts";
import type { Expander, Explored, Observer } from "../expander.ts";
import { Digest, hashOf } from "../states/hash.ts";
import { compare } from "./permutations.ts";
import type { Plan } from "../plans.ts";
import type { Ended, Known, Report } from "../report.ts";
import { Symmetry } from "./symmetry.ts";
import type { Alike } from "./symmetry-path.ts";
import { ROOT, StateTable } from "../states/table.ts";
import type { ExploredWorld } from "../world.ts";

export interface Certificate {
  readonly full: number;
  readonly represented: number;
  readonly forms: number;
  readonly canonical: number;
  /** Representatives that were explored although no state has them. */
  readonly strange: number;
  readonly uneven: number;
  /** How the exploration of the representatives ended; that of all states is complete. */
  readonly ended: Ended;
}

export interface Certified {
  readonly plan: Plan;
  readonly subject: Explored;
  /** Most states. */
  readonly limit: number;
  readonly known?: readonly Known[];
}

/** Seeds of two hashes. */
const LOW = 1;
const HIGH = 2;

/**
 * Explores a plan both ways.
 * @param alike the symmetry to be certified
 * @throws InputError where there are more states than the limit, or one of them is wrong
 */
export function certify(certified: Certified, alike: Alike): Certificate {
  const forms = new Forms(certified.limit);
  const starts = (start: Int32Array, world: ExploredWorld): Int32Array[] => startsOf(certified.plan, start, world);
  const all = explore({
    ...certified,
    starts,
    observe: (expander) => {
      forms.clear();
      return forms.observe(expander, alike);
    },
  });
  if (all.ended !== "complete") throw new InputError({ key: "plan" }, `${certified.plan.name}: ${endOf(all)}`);
  const { size: counted, uneven } = forms;
  const representatives = explore({ ...certified, observe: (expander) => forms.observe(expander, alike) }, alike);
  return {
    full: all.states,
    represented: representatives.represented,
    forms: counted,
    canonical: representatives.states,
    strange: forms.size - counted,
    uneven: uneven + forms.uneven,
    ended: representatives.ended,
  };
}

/** True where it says that the symmetry is right. */
export function holds({ full, represented, forms, canonical, strange, uneven, ended }: Certificate): boolean {
  return ended === "complete" && full === represented && forms === canonical && strange === 0 && uneven === 0;
}

/** Every renaming of a state. */
export function startsOf(plan: Plan, start: Int32Array, world: ExploredWorld): Int32Array[] {
  const symmetry = new Symmetry(plan, world);
  return symmetry.renamings().map((renaming) => {
    const renamed = start.slice();
    symmetry.rename(start, renaming, renamed);
    return renamed;
  });
}

function endOf({ ended, states, broken }: Report): string {
  return broken === undefined ? `${ended} at ${states} states` : broken.violation.explanation;
}

/** The representatives of all states that are entered, each once, and where their moves lead. */
class Forms {
  readonly #limit: number;
  #table: StateTable | undefined;
  /** By representative: where the moves of the first state lead that has it, as a sum of hashes. */
  #leads: string[] = [];
  #uneven = 0;
  /** The representative of the state that was entered last. */
  #form = -1;
  #sum = new Digest();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#table?.size ?? 0;
  }

  /** An exploration begins, or begins anew. */
  clear(): void {
    this.#table = undefined;
    this.#leads = [];
  }

  /** Of those entered since somebody observes: states whose moves lead elsewhere than those of the first with the same representative. */
  get uneven(): number {
    this.#leave();
    return this.#uneven;
  }

  observe({ world }: Expander, alike: Alike): Observer {
    this.#uneven = 0;
    this.#form = -1;
    this.#sum = new Digest();
    const canonical = alike(world);
    const cells = world.start();
    const from = cells.slice();
    this.#table ??= new StateTable(cells.length, this.#limit);
    const table = this.#table;
    const gather = (): void => {
      world.gather(cells);
      canonical.canonical(cells);
    };
    return {
      entered: () => {
        this.#leave();
        gather();
        from.set(cells);
        this.#form = table.insert(cells, 0, hashOf(cells, 0, cells.length, LOW), ROOT, 0);
      },
      moved: () => {
        gather();
        // Of a move that only changes names, representatives know nothing.
        if (world.events.length === 0 && compare(cells, from) === 0) return undefined;
        this.#sum.add(hashOf(cells, 0, cells.length, LOW), hashOf(cells, 0, cells.length, HIGH));
        return undefined;
      },
    };
  }

  #leave(): void {
    if (this.#form < 0) return;
    const leads = this.#sum.toString();
    this.#leads[this.#form] ??= leads;
    if (this.#leads[this.#form] !== leads) this.#uneven++;
    this.#form = -1;
    this.#sum = new Digest();
  }
}
