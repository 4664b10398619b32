/**
 * Labels: situations that a campaign must have met before its green means anything. A run that reaches too few of
 * them fails (DESIGN.md, "Random schedules"). Which there are: labels/.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Traits } from "../judges/traits.ts";
import { ALLOCATOR_LABELS } from "./labels/allocator.ts";
import { ARRAY_LABELS } from "./labels/arrays.ts";
import { HINT_LABELS } from "./labels/hints.ts";
import type { Label } from "./labels/label.ts";
import { LIST_LABELS } from "./labels/lists.ts";
import { PASS_LABELS } from "./labels/passes.ts";
import type { World } from "./world.ts";

export const LABELS: readonly Label[] = [
  ...PASS_LABELS,
  ...ALLOCATOR_LABELS,
  ...LIST_LABELS,
  ...ARRAY_LABELS,
  ...HINT_LABELS,
];

/** Counts which labels a campaign has met; a label that is met is not looked for again. */
export class LabelWatch {
  readonly met = new Set<string>();
  readonly wanted: readonly string[];
  readonly #open: Label[];
  readonly #asked: { readonly label: Label; readonly met: () => boolean }[] = [];

  constructor(traits: Traits) {
    this.#open = LABELS.filter((one) => one.meant(traits));
    this.wanted = this.#open.map((one) => one.name);
  }

  before(world: World, step: Step): void {
    this.#asked.length = 0;
    for (const one of this.#open) {
      const met = one.watch(world, step);
      if (met !== undefined) this.#asked.push({ label: one, met });
    }
  }

  after(): void {
    for (const { label: one, met } of this.#asked) {
      if (!met()) continue;
      this.met.add(one.name);
      this.#open.splice(this.#open.indexOf(one), 1);
    }
  }

  /** Labels that were never met. */
  missing(): string[] {
    return this.wanted.filter((name) => !this.met.has(name));
  }
}
