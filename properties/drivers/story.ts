/**
 * A run told as a story: a line a step with who acted and what happened, below it the lists that changed, before and
 * after; at the end the rule that broke, why, and the earlier step that made it inevitable.
 */
import {
  MIGRATETYPES,
  NONE,
  pagesOf,
  type Action,
  type Event,
  type Step,
  type View,
} from "../../model/alphabet/index.ts";
import { range } from "../judges/invariants/explain.ts";
import { freeList } from "../judges/lockstep.ts";
import { PROPERTIES, type Violation } from "../judges/properties.ts";
import { execute, type Outcome } from "./run.ts";
import { actorOf } from "./simpler-steps.ts";
import type { World } from "./world.ts";

export interface Told {
  readonly text: string;
  readonly outcome: Outcome;
}

/**
 * Runs the steps once and tells them.
 * @param enter makes a fresh world; called once for the run, and once for every prefix that is tried afterwards
 */
export function tell(enter: () => World, steps: readonly Step[]): Told {
  const world = enter();
  const lines = [machine(world)];
  let before = picture(world);
  const outcome = execute(world, steps, (index) => {
    const after = picture(world);
    lines.push(...stepLines(index, steps[index], world.events, before, after));
    before = after;
  });
  if (outcome.violation === undefined) lines.push("", outcome.unjudgedEnd ? LOST : "Nothing is broken.");
  else lines.push(...verdict(outcome.violation, outcome.at, steps), ...inevitability(enter, steps, outcome));
  return { text: lines.join("\n"), outcome };
}

const LOST = "No step broke a property; the end is not judged, because the host lost a request and never answers.";

/** The machine in one paragraph. */
function machine(world: World): string {
  const { geometry, settings } = world.scope;
  const zones = geometry.zones.map((zone) => {
    const holes = zone.holes.map((hole) => ` without ${hole.start}-${hole.start + hole.pages - 1}`).join("");
    const { min, low } = zone.watermarks;
    return `${zone.name}: pages ${zone.start}-${zone.start + zone.pages - 1}${holes} on node ${zone.node}, min ${min}, low ${low}`;
  });
  const { id, variant } = world.traits;
  return [
    `${variant === "" ? id : `${id} ${variant}`}: largest block 2^${geometry.maxOrder} pages, pageblock 2^${geometry.pageblockOrder}, reports from 2^${geometry.reportOrder}, ${geometry.capacity} ranges a request, slow path ${settings.slowPath}`,
    ...host(world).map((line) => `  ${line}`),
    ...zones.map((zone) => `  ${zone}`),
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
  const number = String(index).padStart(3);
  const head = `${number}  ${actorOf(step).padEnd(6)}  ${sayStep(step).padEnd(34)}  ${events.map(sayEvent).join("; ") || "-"}`;
  const changes = [...after].filter(([key, now]) => before.get(key) !== now);
  return [head, ...changes.map(([key, now]) => `             ${key}: ${before.get(key) ?? "[]"} -> ${now}`)];
}

/** A step, or an action of a guest, in words. */
export function sayStep(step: Step | Action): string {
  const special = sayOthers(step);
  if (special !== undefined) return special;
  const { do: name, ...details } = step;
  const said = Object.entries(details)
    .filter(
      ([key, value]) =>
        !(key === "cpu" && value === 0) && !(key === "node" && value === 0) && value !== false && value !== "movable",
    )
    .map(([key, value]) =>
      value === true
        ? key === "wait"
          ? "may sleep"
          : key
        : key === "migratetype" || key === "zone"
          ? String(value)
          : `${key} ${value}`,
    );
  if (step.do === "ack" && !step.ok) said.push("refused");
  return [name, ...said].join(" ");
}

/** What the host, the CPUs and the system do, in words. */
function sayOthers(step: Step | Action): string | undefined {
  switch (step.do) {
    case "proceed":
      return `CPU ${step.cpu} goes on`;
    case "pressure":
      return `memory is tight, by ${step.pages} pages`;
    case "balloon":
      return `balloon to ${step.pages} pages`;
    case "hint":
      return `hints: ${step.command}`;
    case "assign":
      return "assign a device";
    case "unassign":
      return "take the device away";
    case "squeeze":
      return `needs ${step.pages} pages back`;
    case "migrate":
      return `migration: ${step.phase}`;
    default:
      return undefined;
  }
}

/** An event in words. */
export function sayEvent(event: Event): string {
  switch (event.event) {
    case "submit":
      return `submit ${event.request}: ${event.ranges.map((block) => range(block.pfn, block.order)).join(" ")}`;
    case "release":
      return `release ${range(event.pfn, event.order)}${event.reported ? " as reported" : ""}`;
    case "ack":
      return `ack ${event.request}${event.ok ? "" : " refused"}`;
    case "alloc-failed":
      return `alloc-failed order ${event.order}: ${event.reason ?? "no-memory"}`;
    case "alloc-waits":
      return `the caller of order ${event.order} waits, ticket ${event.ticket}`;
    case "offline":
    case "online":
      return `${event.event} ${event.start}-${event.start + event.pages - 1}`;
    case "registered":
    case "unregistered":
    case "idle":
      return event.event;
    default:
      return `${event.event} ${range(event.pfn, event.order)}`;
  }
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

function verdict(violation: Violation, at: number, steps: readonly Step[]): string[] {
  const property = PROPERTIES.find((one) => one.id === violation.property);
  const when =
    at < steps.length ? `in step ${at}` : `after the last step, while the users rest and the host answers everything`;
  return [
    "",
    `Broken ${when}: ${violation.property}`,
    `  the rule    ${property?.sentence ?? ""} (${property?.source ?? ""})`,
    `  what broke  ${violation.explanation}`,
  ];
}

/**
 * The earliest step after which it breaks even if users and administrator do nothing more: from there on only the
 * worker, the host and the clock act, so nobody could have prevented it.
 */
function inevitability(enter: () => World, steps: readonly Step[], outcome: Outcome): string[] {
  for (let length = 0; length < Math.min(outcome.at, steps.length); length++) {
    const again = execute(enter(), steps.slice(0, length));
    if (again.violation?.property !== outcome.violation?.property) continue;
    const since = length === 0 ? "from the start" : `since step ${length - 1} (${sayStep(steps[length - 1])})`;
    return [`  inevitable  ${since}: from there on it breaks even if users and administrator do nothing more`];
  }
  return outcome.at < steps.length
    ? [`  inevitable  only with step ${outcome.at} itself (${sayStep(steps[outcome.at])})`]
    : [];
}
