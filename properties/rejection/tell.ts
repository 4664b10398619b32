/** A rejection for people: the rule, what broke, the pages, how it came, the nearest repair, and what is unknown. */
import type { PageRange } from "../../model/alphabet/index.ts";
import type { PageRun, Reach, Rejection, Repair, Unit, Unknowns } from "./rejection.ts";
import { FURTHEST } from "./trials.ts";
import { counted } from "../numbers.ts";
import { deed, numbered, ownerText, rangesOf, span } from "./words.ts";

/** The column in which texts begin. */
const LABEL = 12;

/** Lines to print one below the other, instead of a rule and an explanation of one's own. */
export function tellRejection(rejection: Rejection): string[] {
  const { rule, explanation, unit, repair, others, unknown } = rejection;
  return [
    ...labelled("the rule", [`${rule.sentence} (${rule.source})`]),
    ...labelled("what broke", [explanation]),
    ...labelled("the pages", pages(rejection)),
    ...labelled("history", links(rejection)),
    ...labelled("repair", repair === undefined ? bySteps(rejection) : [tellRepair(repair, unit)]),
    ...labelled(
      "or",
      others.map((other) => `legal if ${other.text}`),
    ),
    ...labelled("unknown", unknown === undefined ? [] : unknowns(unknown)),
  ];
}

function labelled(label: string, texts: readonly string[]): string[] {
  return texts.map((text, at) => `  ${(at === 0 ? label : "").padEnd(LABEL)}${text}`);
}

function pages({ pages: { untold, before, touched, after }, event, unit, at }: Rejection): string[] {
  if (untold !== undefined) return [untold];
  if (before.length === 0) return [];
  if (after.length === 0) return [picture(before)];
  if (event === undefined || at === undefined) return [picture(before), `after the step: ${picture(after)}`];
  const changes = touched.map((run, place) => changed(run, after[place]));
  const pagesOf = (ranges: readonly PageRange[]): number => ranges.reduce((sum, range) => sum + range.pages, 0);
  const more = pagesOf(touched) < pagesOf(rangesOf(event)) ? " | and more" : "";
  return [picture(before), `${numbered(unit, at)}, ${deed(event)}: ${changes.join(" | ")}${more}`];
}

function picture(runs: readonly PageRun[]): string {
  return runs.map((run) => `${span(run)} ${ownerText(run)}`).join(" | ");
}

function changed(run: PageRun, after: PageRun): string {
  const [was, is] = [ownerText(run), ownerText(after)];
  return was === is ? `${span(run)} stay ${was}` : `${span(run)} ${was} -> ${is}`;
}

function links({ chain, leftOut, noChain, unit }: Rejection): string[] {
  const told = chain.map(({ at, what }) => `${numbered(unit, at)}: ${what}`);
  if (noChain !== undefined) return [noChain];
  return leftOut === undefined ? told : [`${counted(leftOut, "earlier event")} left out`, ...told];
}

function tellRepair({ text, reach }: Repair, unit: Unit): string {
  return `legal if ${text}${reached(reach, unit)}`;
}

function reached({ holds, follow, breaks }: Reach, unit: Unit): string {
  if (breaks !== undefined) {
    const where = holds === follow ? "at the end" : `in ${numbered(unit, breaks.at)}`;
    const count = holds === follow && holds > 1 ? all(holds) : counted(holds, "event");
    const first = holds === 0 ? "" : `${count} ${holds === 1 ? "holds" : "hold"}, and `;
    const what = breaks.property === undefined ? "can't be judged" : `${breaks.property} breaks`;
    return `; then ${first}${where} ${what}: ${breaks.explanation}`;
  }
  if (follow === 0) return "";
  if (follow === FURTHEST) return `; then the next ${counted(follow, "event")} hold, and no more were tried`;
  return follow === 1 ? "; then the event that follows holds" : `; then ${all(follow)} that follow hold`;
}

function all(events: number): string {
  return events === 2 ? "both events" : `all ${counted(events, "event")}`;
}

/** Where no change of the events is a repair. */
function bySteps({ tried, bySteps }: Rejection): string[] {
  if (bySteps?.repair !== undefined) return [`legal if ${bySteps.repair.text}; then all holds until everyone rests`];
  if (bySteps?.tried === 0) return ["none was tried: no step is needed to break it"];
  if (bySteps !== undefined)
    return [
      `no change of the steps that we tried makes it legal (${counted(bySteps.tried, "run")}, by one and by two)`,
    ];
  if (tried === 0) return ["none was tried: no single event breaks this rule"];
  return [`no change that we tried makes it legal (${counted(tried, "change")}, by one and by two)`];
}

function unknowns({ pages, requests, callers, unseen, unseenIn, forgotten, advice }: Unknowns): string[] {
  const counts = [
    pages > 0 ? `${counted(pages, "page")} never seen before it broke` : "",
    requests > 0 ? `${counted(requests, "request")} from before the recording` : "",
    callers > 0 ? `${counted(callers, "caller")} from before the recording` : "",
    unseen.length > 0 ? `unseen events: ${unseen.join(", ")}, in ${counted(unseenIn, "request")}` : "",
    forgotten > 0 ? `the first ${counted(forgotten, "event")} were not kept: this source can't be read twice` : "",
  ].filter((text) => text !== "");
  return counts.length === 0 ? [...advice] : [counts.join("; "), ...advice];
}
