/**
 * A run told as a story: a line a step with who acted and what happened, below it the lists that changed, before and
 * after; at the end the rule that broke, why, and the earlier step that made it inevitable.
 */
import { MIGRATETYPES, NONE, pagesOf, type Event, type Step, type View } from "../../model/alphabet/index.ts";
import { freeList } from "../judges/lockstep.ts";
import { execute, type Outcome } from "./run.ts";
import { explainRun, tellRejection, type Heard, type Rejection } from "../rejection/index.ts";
import {
  NOTHING_BROKEN,
  healingLines,
  inevitability,
  sayGeometry,
  sayZones,
  stepLine,
  verdict,
} from "./story/parts.ts";
import type { World } from "./world.ts";

export interface Told {
  readonly text: string;
  readonly outcome: Outcome;
  /** Why, how it came, and what would have been legal; absent: nothing is broken. */
  readonly rejection?: Rejection;
}

/**
 * Runs the steps once and tells them.
 * @param enter makes a fresh world; called once for the run, and once for every prefix that is tried afterwards
 */
export function tell(enter: () => World, steps: readonly Step[]): Told {
  const world = enter();
  const lines = [machine(world)];
  let before = picture(world);
  const heard: Heard[] = [];
  const outcome = execute(world, steps, (index) => {
    const after = picture(world);
    heard.push(...world.events.map((event) => ({ at: index, event })));
    lines.push(...stepLines(index, steps[index], world.events, before, after));
    before = after;
  });
  if (outcome.violation !== undefined && outcome.at === steps.length) {
    const rest = heardInHealing(enter(), steps, outcome);
    const eventsOf = (index: number): Event[] => rest.filter(({ at }) => at === index).map(({ event }) => event);
    lines.push(...healingLines(outcome.healing, steps.length, eventsOf));
    heard.push(...rest);
  }
  const rejection = explainRun(enter, steps, outcome, heard);
  if (outcome.violation === undefined || rejection === undefined) {
    lines.push("", outcome.unjudgedEnd ? LOST : NOTHING_BROKEN);
    return { text: lines.join("\n"), outcome };
  }
  const [when] = verdict(outcome.violation, outcome.at, steps);
  const attempt = (prefix: readonly Step[]): Outcome => execute(enter(), prefix);
  lines.push("", when, ...tellRejection(rejection), ...inevitability(attempt, steps, outcome));
  return { text: lines.join("\n"), outcome, rejection };
}

/** What came of the steps of healing, taken once more behind the others. */
function heardInHealing(world: World, steps: readonly Step[], { healing }: Outcome): Heard[] {
  return [...steps, ...healing].flatMap((step, index) => {
    // Who asked for a block is known by the number of the step before healing.
    world.perform(step, Math.min(index, steps.length));
    return index < steps.length ? [] : world.events.map((event) => ({ at: index, event }));
  });
}

const LOST = "No step broke a property; the end is not judged, because the host lost a request and never answers.";

/** The machine in one paragraph. */
function machine(world: World): string {
  const { geometry, settings } = world.scope;
  const { id, variant } = world.traits;
  return [
    `${variant === "" ? id : `${id} ${variant}`}: ${sayGeometry(geometry)}, slow path ${settings.slowPath}`,
    ...host(world).map((line) => `  ${line}`),
    ...sayZones(geometry),
  ].join("\n");
}

/** What the host does, where that is not what it usually does. */
function host({ environment: { settings, migration } }: World): string[] {
  if (migration === undefined) return settings.hostDrops === "lazily" ? ["the host drops pages lazily"] : [];
  const cleared = settings.dirtyLog === "chunk" ? "chunk by chunk as they are touched" : "as it is read";
  return [`hints serve a migration, whose dirty log is cleared ${cleared}`];
}

function stepLines(
  index: number,
  step: Step,
  events: readonly Event[],
  before: Map<string, string>,
  after: Map<string, string>,
): string[] {
  const changes = [...after].filter(([key, now]) => before.get(key) !== now);
  return [
    stepLine(index, step, events),
    ...changes.map(([key, now]) => `             ${key}: ${before.get(key) ?? "[]"} -> ${now}`),
  ];
}

/** What of the reporter's own state a person would want to see change. */
const TOLD = /^(status|phase|requested|stages|command|target|wanted|bits|chosen|entries|runs|parked|fresh)$/;

/** What a person would want to see change: lists, types, who holds what, the reporter's own state, the migration's books. */
function picture({ guest, environment }: World): Map<string, string> {
  const view = guest.view();
  const shown = new Map<string, string>();
  view.geometry.zones.forEach(({ name }, zone) => {
    for (let order = 0; order <= view.geometry.maxOrder; order++) {
      for (const type of MIGRATETYPES) {
        const boundary = view.boundary?.(zone, order, type) ?? NONE;
        const blocks = freeList(view, zone, order, type);
        shown.set(`${name} order ${order} ${type}`, boundary === NONE ? blocks : `${blocks} boundary ${boundary}`);
      }
    }
    shown.set(`${name} pageblocks`, pageblocks(view, zone));
  });
  shown.set("held", `[${view.held().join(" ")}]`);
  const operation = view.hotplug();
  shown.set("hotplug", operation === undefined ? "none" : `${operation.kind} ${operation.start}: ${operation.phase}`);
  for (const [key, value] of Object.entries(view.reporter())) {
    if (TOLD.test(key)) shown.set(`reporter's ${key}`, Array.isArray(value) ? `[${value.join(" ")}]` : String(value));
  }
  if (environment.migration !== undefined) {
    const { toSend, dirty } = environment.migration.books();
    shown.set("still to be sent", runs(toSend));
    shown.set("the dirty log", runs(dirty));
  }
  return shown;
}

/** Page numbers in short: `0-7 12`. */
function runs(pages: readonly number[]): string {
  const found: { first: number; last: number }[] = [];
  for (const page of pages) {
    const run = found.at(-1);
    if (run?.last === page - 1) run.last = page;
    else found.push({ first: page, last: page });
  }
  return `[${found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(" ")}]`;
}

/** The pageblocks of a zone that are not movable, neighbours of one type together: `unmovable 0-7, isolate 12-15`. */
function pageblocks(view: View, zone: number): string {
  const { start, pages } = view.geometry.zones[zone];
  const size = pagesOf(view.geometry.pageblockOrder);
  const groups: { type: string; first: number; last: number }[] = [];
  for (let pfn = start; pfn < start + pages; pfn += size) {
    const type = view.pageblock(pfn);
    const group = groups.at(-1);
    if (group?.type === type) group.last = pfn + size - 1;
    else groups.push({ type, first: pfn, last: pfn + size - 1 });
  }
  const others = groups.filter(({ type }) => type !== "movable");
  return others.length === 0
    ? "all movable"
    : others.map(({ type, first, last }) => `${type} ${first}-${last}`).join(", ");
}
