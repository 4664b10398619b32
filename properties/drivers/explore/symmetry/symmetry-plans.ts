/**
 * Plans that can be explored only up to symmetry: many blocks that are alike. With each block there are about ten times
 * as many states, but only twice as many representatives.
 */
import type { Order } from "../../../../model/alphabet/index.ts";
import { traitsOf } from "../../../subjects.ts";
import { scope } from "../../scopes.ts";
import type { Plan } from "../plans.ts";
import { refusal } from "./symmetry-refusal.ts";

interface Outline {
  readonly name: string;
  /** Of two pages each. */
  readonly blocks: number;
  readonly orders: readonly Order[];
}

const OUTLINES: readonly Outline[] = [
  // Seconds, and thousands of millions of states.
  { name: "ten blocks", blocks: 10, orders: [1] },
  { name: "seven blocks and their pages", blocks: 7, orders: [0, 1] },
  // Minutes, and a hundred times that.
  { name: "nine blocks and their pages", blocks: 9, orders: [0, 1] },
];

/**
 * The plans for a design, or none where blocks are not alike to it.
 * @throws InputError where there is no such design or variant
 */
export function symmetricPlansFor(design: string, variant = ""): readonly Plan[] {
  return OUTLINES.map((outline) => planFor(outline, design, variant)).filter(
    (plan) => refusal(plan, { design }) === undefined,
  );
}

function planFor({ name, blocks, orders }: Outline, design: string, variant: string): Plan {
  const { hears, hearsRefusals } = traitsOf(design, variant);
  const shape = { maxOrder: 1, pageblockOrder: 1, reportOrder: 1, capacity: 2, zones: [{ pages: 2 * blocks }] };
  return {
    name,
    scope: scope(name, shape, { variant }),
    menu: {
      orders,
      types: ["movable"],
      waits: [false],
      callers: 1,
      extras: ["discard", ...(hearsRefusals ? (["refuse"] as const) : []), ...hears],
    },
  };
}
