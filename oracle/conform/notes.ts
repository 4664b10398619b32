/** What a person should know of a system that breaks no rule, and would not look for among numbers. */
import type { Conformance, Coverage } from "./conformance.ts";
import { count } from "../../properties/numbers.ts";

/** A sentence each; none where all is as one would expect. */
export function notesOn({ coverage, runs }: Pick<Conformance, "coverage" | "runs">): string[] {
  return [...ofReporting(coverage, runs), ...ofCallers(coverage), ...ofHotplug(coverage)];
}

/** True where nothing was ever submitted: what holds then is not what one came for. */
export function reportsNothing({ outcomes: { submitted } }: Coverage): boolean {
  return submitted === 0;
}

function ofReporting(coverage: Coverage, runs: number): string[] {
  if (!reportsNothing(coverage)) return [];
  return [`nothing was submitted in ${count(runs)} runs: of reporting nothing was put to the test`];
}

function ofCallers({ outcomes: { served, failed, whileFree, whileAllFree, forNothing } }: Coverage): string[] {
  const notes: string[] = [];
  if (served === 0 && failed > 0) notes.push(`none of ${count(failed)} callers got a block`);
  if (whileAllFree > 0) {
    const who = `${count(whileAllFree)} of ${count(failed)} callers that got nothing asked a machine that was wholly free`;
    notes.push(`${who}: does "start" make a new and empty one?`);
  }
  if (whileFree > whileAllFree) {
    const who = `${count(whileFree - whileAllFree)} of ${count(failed)} callers got nothing though a free block`;
    notes.push(`${who} would have done: no rule forbids that, but is it meant?`);
  }
  if (forNothing > 0) {
    const who = `${count(forNothing)} callers were told to try again (would-block) while nothing was held`;
    notes.push(`${who}: nothing that comes back would help them`);
  }
  return notes;
}

function ofHotplug({ actions, outcomes: { offlined } }: Coverage): string[] {
  const sent = actions.find(({ name }) => name === "offline")?.sent ?? 0;
  return sent > 0 && offlined === 0 ? [`"offline" is listed, but was refused all ${count(sent)} times`] : [];
}
