/** The designs that the model knows: a new one is a file beside this one, and a row here. */
import { InputError } from "../alphabet/input-error.ts";
import type { Design } from "../reporter.ts";
import { arrayPercpuV8 } from "./array-percpu.ts";
import { arrayPercpuV9 } from "./array-percpu-v9.ts";
import { incrementalArrayPutBack } from "./array-put-back.ts";
import { arraySeqlock } from "./array-seqlock.ts";
import { balloonOom, balloonPlain, balloonShrinker } from "./balloon.ts";
import { bitmapV10, bitmapV11, bitmapV12 } from "./bitmap.ts";
import { bubble } from "./bubble.ts";
import { freePageHintPlain, freePageHintWaitOnAck } from "./free-page-hint.ts";
import { getPutHintsAsWritten, getPutHintsMigration, getPutHintsRepaired } from "./get-put-hints.ts";
import { incrementalArrayParked } from "./incremental-array.ts";
import { none } from "./none.ts";
import { pageReporting } from "./page-reporting.ts";
import { reportedBoundary } from "./reported-boundary.ts";
import { syncHypercall } from "./sync-hypercall.ts";
import { treatedBuddy } from "./treated-buddy.ts";

const known = new Map<string, readonly Design[]>();

/** By id, in the order in which they are shown: the variants of each, the first of which is the default. */
export const DESIGNS: ReadonlyMap<string, readonly Design[]> = known;

/**
 * Adds a design, or a variant of one, from wherever it comes.
 *
 * @throws InputError where there is one of this id and variant
 */
export function addDesign(design: Design): void {
  const variants = known.get(design.id) ?? [];
  if (variants.some(({ variant }) => variant === design.variant)) {
    const variant = design.variant === "" ? "" : ` with variant ${design.variant}`;
    throw new InputError({ key: "design" }, `there is a design ${design.id}${variant} already: give another id`);
  }
  known.set(design.id, [...variants, design]);
}

/**
 * @param variant empty: the first one
 * @throws InputError where there is no such design, or none of this variant
 */
export function designOf(id: string, variant = ""): Design {
  const variants = known.get(id);
  if (variants === undefined) {
    throw new InputError({ key: "design" }, `there is no design ${id}; there are ${[...known.keys()].join(", ")}`);
  }
  const design = variant === "" ? variants[0] : variants.find((one) => one.variant === variant);
  if (design === undefined) {
    const names = variants.map((one) => one.variant).filter((name) => name !== "");
    const offer = names.length === 0 ? "it has none: leave it empty" : `there are ${names.join(", ")}`;
    throw new InputError({ key: "settings.variant" }, `design ${id} has no variant ${variant}; ${offer}`);
  }
  return design;
}

for (const design of [
  none,
  balloonOom,
  balloonShrinker,
  balloonPlain,
  freePageHintPlain,
  freePageHintWaitOnAck,
  incrementalArrayParked,
  incrementalArrayPutBack,
  arraySeqlock,
  arrayPercpuV8,
  arrayPercpuV9,
  syncHypercall,
  treatedBuddy,
  bubble,
  bitmapV11,
  bitmapV10,
  bitmapV12,
  getPutHintsAsWritten,
  getPutHintsRepaired,
  getPutHintsMigration,
  reportedBoundary,
  pageReporting,
]) {
  addDesign(design);
}
