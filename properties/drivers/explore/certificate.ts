/**
 * The certificate of a symmetry: where all states can be explored, each for itself, the orbits must add up to them.
 *
 *     full          states, beginning with every renaming of the start: what the representatives stand for
 *     represented   the sizes of the orbits of all representatives, added up        must be full
 *     forms         representatives of all those states
 *     canonical     representatives that were explored                              must be forms, one for one
 *
 * A symmetry that takes states for alike that are not finds too few representatives, or representatives of states that
 * nobody can reach; one that counts orbits wrongly has another sum.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import { explore } from "./explore.ts";
import type { Expander, Explored, Observer } from "./expander.ts";
import { hashOf } from "./hash.ts";
import type { Plan } from "./plans.ts";
import type { Ended, Known, Report } from "./report.ts";
import { Symmetry } from "./symmetry.ts";
import type { Alike } from "./symmetry-path.ts";
import { ROOT, StateTable } from "./table.ts";
import type { ExploredWorld } from "./world.ts";

export interface Certificate {
  readonly full: number;
  readonly represented: number;
  readonly forms: number;
  readonly canonical: number;
  /** Representatives that were explored although no state has them. */
  readonly strange: number;
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

/**
 * Explores a plan both ways.
 * @param alike the symmetry to be certified
 * @throws InputError where there are more states than the limit, or one of them is wrong
 */
export function certify(certified: Certified, alike: Alike): Certificate {
  const forms = new Forms(certified.limit);
  const starts = (start: Int32Array, world: ExploredWorld): Int32Array[] => startsOf(certified.plan, start, world);
  const all = explore({ ...certified, starts, observe: (expander) => forms.observe(expander, alike) });
  if (all.ended !== "complete") throw new InputError({ key: "plan" }, `${certified.plan.name}: ${endOf(all)}`);
  const counted = forms.size;
  const representatives = explore({ ...certified, observe: (expander) => forms.observe(expander, alike) }, alike);
  return {
    full: all.states,
    represented: representatives.represented,
    forms: counted,
    canonical: representatives.states,
    strange: forms.size - counted,
    ended: representatives.ended,
  };
}

/** True where it says that the symmetry is right. */
export function holds({ full, represented, forms, canonical, strange, ended }: Certificate): boolean {
  return ended === "complete" && full === represented && forms === canonical && strange === 0;
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

/** The representatives of all states that are entered, each once. */
class Forms {
  readonly #limit: number;
  #table: StateTable | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#table?.size ?? 0;
  }

  observe({ world }: Expander, alike: Alike): Observer {
    const canonical = alike(world);
    const cells = world.start();
    this.#table ??= new StateTable(cells.length, this.#limit);
    const table = this.#table;
    return {
      entered: () => {
        world.gather(cells);
        canonical.canonical(cells);
        table.insert(cells, 0, hashOf(cells, 0, cells.length, 1), ROOT, 0);
      },
    };
  }
}
