/** What a label is, and the questions that many of them ask. */
import {
  MIGRATETYPES,
  NONE,
  pagesOf,
  type Block,
  type Event,
  type Pfn,
  type Step,
  type View,
} from "../../../model/alphabet/index.ts";
import type { Traits } from "../../judges/traits.ts";
import type { World } from "../world.ts";

interface LabelOf<Token> {
  readonly name: string;
  /** True where the design can meet it. */
  readonly meant: (traits: Traits) => boolean;
  /** Before a step: what must be remembered to recognise the situation, or undefined where it can't come now. */
  before(world: World, step: Step): Token | undefined;
  /** After the step: was it met? */
  met(world: World, remembered: Token, step: Step): boolean;
}

export type Label = Pick<LabelOf<never>, "name" | "meant"> & {
  /** Looks at the world before a step; answers a question to ask after it. */
  watch(world: World, step: Step): (() => boolean) | undefined;
};

export function label<Token>(one: LabelOf<Token>): Label {
  return {
    name: one.name,
    meant: one.meant,
    watch: (world, step) => {
      const remembered = one.before(world, step);
      return remembered === undefined ? undefined : () => one.met(world, remembered, step);
    },
  };
}

export const everyone = (): boolean => true;
export const reporters = ({ id }: Traits): boolean => id !== "none";

/** Those of these ids; `id:variant` names one form of a design. */
export function only(...ids: readonly string[]): (traits: Traits) => boolean {
  return ({ id, variant }) => ids.includes(id) || ids.includes(`${id}:${variant}`);
}

/** As `meant`, without those of these ids. */
export function but(meant: (traits: Traits) => boolean, ...ids: readonly string[]): (traits: Traits) => boolean {
  const left = only(...ids);
  return (traits) => meant(traits) && !left(traits);
}

/** True as a token: nothing needs to be remembered. */
export function when(condition: boolean): true | undefined {
  return condition ? true : undefined;
}

/** The reporter takes a step, in its worker or on a CPU. */
export function reporterActs(step: Step): boolean {
  return step.do === "work" || step.do === "proceed";
}

export function phase(world: World): string {
  return String(world.view().reporter().phase ?? "rest");
}

/** A number of the reporter's state, or the length of a list in it. */
export function amount(world: World, key: string): number {
  const value = world.view().reporter()[key];
  if (typeof value === "number") return value;
  return Array.isArray(value) ? value.length : 0;
}

export function stages(world: World): string[] {
  return String(world.view().reporter().stages ?? "").split(",");
}

export function events<Name extends Event["event"]>(world: World, name: Name): Extract<Event, { event: Name }>[] {
  return world.events.filter((event): event is Extract<Event, { event: Name }> => event.event === name);
}

export function happened(world: World, name: Event["event"]): boolean {
  return world.events.some((event) => event.event === name);
}

export function total(view: View, count: (zone: number) => number): number {
  return view.geometry.zones.reduce((sum, _, zone) => sum + count(zone), 0);
}

/** The block that a `free` step is about. */
export function freed(world: World, step: Step): Block | undefined {
  return step.do === "free" ? world.environment.live.find((block) => block.of === step.of) : undefined;
}

export function covers({ pfn, order }: Block, page: Pfn): boolean {
  return page >= pfn && page < pfn + pagesOf(order);
}

/** What the lists show of a kind, list by list from the report order on. */
export function onLists(
  view: View,
  look: (zone: number, order: number, type: (typeof MIGRATETYPES)[number]) => Block[],
): Block[] {
  return view.geometry.zones.flatMap((_, zone) => {
    const found: Block[] = [];
    for (let order = view.geometry.reportOrder; order <= view.geometry.maxOrder; order++) {
      for (const type of MIGRATETYPES) found.push(...look(zone, order, type));
    }
    return found;
  });
}

/** Free blocks that carry the mark. */
export function reportedBlocks(view: View): Block[] {
  return onLists(view, (zone, order, type) => {
    const marked: Block[] = [];
    for (let at = view.firstFree(zone, order, type); at !== NONE; at = view.nextFree(at)) {
      if (view.reported(at)) marked.push({ pfn: at, order });
    }
    return marked;
  });
}

/** The blocks at which a boundary stands. */
export function boundaries(view: View): Block[] {
  return onLists(view, (zone, order, type) => {
    const boundary = view.boundary?.(zone, order, type) ?? NONE;
    return boundary === NONE ? [] : [{ pfn: boundary, order }];
  });
}
