/**
 * `npm run findings [ID...]`: hunts the failures on record, all that were not written by hand or those named, and writes their files anew. `--runs N`
 * and `--seed N` say how hard it looks.
 */
import { parseArgs } from "node:util";
import { InputError } from "../model/alphabet/index.ts";
import { writeCounterexample } from "../properties/drivers/counterexample.ts";
import { fileOf, type Failure } from "../properties/findings/failure.ts";
import { FAILURES } from "../properties/findings/index.ts";
import { MOST_ACTIONS, refind, subjectOf } from "../properties/findings/refind.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "2000" }, seed: { type: "string", default: "1" } },
});
const runs = Number(values.runs);
const seed = Number(values.seed);

for (const failure of chosen(positionals)) hunt(failure);

function chosen(ids: readonly string[]): readonly Failure[] {
  const unknown = ids.find((id) => !FAILURES.some((one) => one.id === id));
  if (unknown !== undefined) throw new InputError({}, `there is no failure ${unknown} on record`);
  return FAILURES.filter(({ id, byHand }) => (ids.length === 0 ? byHand !== true : ids.includes(id)));
}

function hunt(failure: Failure): void {
  const before = process.cpuUsage();
  const { found, steps } = refind(failure, runs, seed);
  const { user, system } = process.cpuUsage(before);
  const seconds = `${((user + system) / 1e6).toFixed(1)} s`;
  if (found === undefined) {
    console.log(`${failure.id}: not found in ${runs} runs, ${steps} steps, ${seconds}`);
    process.exitCode = 1;
    return;
  }
  const { shrunk, run } = found;
  const actions = shrunk.steps.length;
  writeCounterexample(fileOf(failure), subjectOf(failure), shrunk, { seed, run });
  const long = actions > MOST_ACTIONS ? `, more than ${MOST_ACTIONS}` : "";
  console.log(`${failure.id}: run ${run} in "${shrunk.scope.name}", ${seconds}, shrunk to ${actions} actions${long}`);
  console.log(`  ${shrunk.violation.explanation}`);
  if (actions > MOST_ACTIONS) process.exitCode = 1;
}
