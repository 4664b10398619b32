/** Campaigns at full speed: divided among threads in any way and interrupted anywhere, they come to the same. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { campaign } from "../../properties/drivers/campaign/crew.ts";
import { numbersOf } from "../../properties/drivers/campaign/numbers.ts";
import { NO_RUNS, Runs, together, type Job, type Tally } from "../../properties/drivers/campaign/runs.ts";
import { readState, writeState } from "../../properties/drivers/campaign/state-file.ts";
import { scratchFolder } from "../scratch-folder.ts";

const SEED = 1;
/** Some of its runs end at a failure on record, some with a lost request. */
const JOB: Job = { subject: { design: "bubble", system: "impl" }, variant: "", seed: SEED };
/** A fault that few runs meet. */
const FAULTY: Job = {
  subject: { design: "reported-boundary", system: "impl", fault: "tail-insert-unguarded" },
  variant: "",
  seed: SEED,
};
const RUNS = 450;

const alone = new Runs(JOB).take(1, RUNS);

test("one thread, two, and none at all come to the same", async () => {
  expect(alone.runs).toBe(RUNS);
  expect(alone.cutShort).toBeGreaterThan(0);
  expect(alone.unjudgedEnds).toBeGreaterThan(0);
  expect(await campaign({ job: JOB, runs: RUNS, workers: 1 })).toEqual(alone);
  expect(await campaign({ job: JOB, runs: RUNS, workers: 2 })).toEqual(alone);
  expect(new Runs({ ...JOB, seed: SEED + 1 }).take(1, RUNS)).not.toEqual(alone);
});

test("interrupted and gone on with, it comes to the same as without", async () => {
  const stop = new AbortController();
  const first = await campaign({ job: JOB, runs: RUNS, workers: 1, stop: stop.signal, counted: () => stop.abort() });
  expect(first.runs).toBeGreaterThan(0);
  expect(first.runs).toBeLessThan(RUNS);
  // One step more than there was: were the runs up to there taken again, it would be gone.
  const done = { ...first, steps: first.steps + 1 };
  const whole = await campaign({ job: JOB, runs: RUNS, workers: 2, done });
  expect(whole).toEqual({ ...alone, steps: alone.steps + 1 });
  expect(await campaign({ job: JOB, runs: RUNS, workers: 2, done: whole })).toEqual(whole);
});

test("what breaks first is the run of the smallest number, and it can be taken again by itself", async () => {
  const runs = new Runs(FAULTY);
  const first = runs.take(1, RUNS);
  expect(first.broken).toBe(true);
  expect(first.runs).toBeGreaterThan(1);
  expect(await campaign({ job: FAULTY, runs: RUNS, workers: 3 })).toEqual(first);
  // Nothing is handed out behind it.
  expect(await campaign({ job: FAULTY, runs: RUNS, workers: 2, done: first })).toEqual(first);
  const { violation, steps } = new Runs(FAULTY).finding(first.runs);
  expect(violation.property).toBe("slip");
  expect(steps.length).toBeLessThanOrEqual(15);
  expect(() => runs.finding(first.runs - 1)).toThrow("taken again by itself");
});

test("a thread that can't begin says why", async () => {
  const job: Job = { ...JOB, subject: { design: "bogus", system: "impl" } };
  await expect(campaign({ job, runs: RUNS, workers: 1 })).rejects.toThrow("bogus");
});

test("each run has numbers of its own, small and large ones alike", () => {
  const firsts = new Set<string>();
  const counts = new Int32Array(6);
  for (let run = 1; run <= 2000; run++) {
    const choose = numbersOf(run % 2, run >> 1);
    firsts.add(Array.from({ length: 16 }, () => choose(6)).join(""));
    for (let draw = 0; draw < 30; draw++) counts[choose(6)]++;
  }
  expect(firsts.size).toBe(2000);
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  expect(numbersOf(SEED, 1)(1)).toBe(0);
});

const WHOSE = { seed: SEED, forms: ["bubble", "bitmap:v10"] };
const TALLY: Tally = { runs: 7, steps: 2900, cutShort: 1, unjudgedEnds: 2, broken: false };

function stateFile(text?: string): string {
  const file = join(scratchFolder(), "state.json");
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

test("a state is read as it was written; without a file nothing is done yet", () => {
  const file = stateFile();
  expect(readState(file, WHOSE).size).toBe(0);
  writeState(file, WHOSE, new Map([["bubble", TALLY]]));
  writeState(file, WHOSE, new Map([["bubble", together(NO_RUNS, TALLY)]]));
  expect([...readState(file, WHOSE)]).toEqual([["bubble", TALLY]]);
});

test.each<[string, (text: string) => string, string]>([
  ["another seed", (text) => text.replace('"seed":1', '"seed":2'), "seed: is of another campaign: found 2, expected 1"],
  ["other designs", (text) => text.replace('"bitmap:v10"', '"bitmap:v12"'), "found bubble,bitmap:v12, expected bubble"],
  ["another version", (text) => text.replace('"version":1', '"version":0'), "version: found 0, expected 1"],
  ["another format", (text) => text.replace("free-page-campaign", "else"), 'format: found "else"'],
  ["half a file", (text) => text.slice(0, text.length / 2), "is not JSON"],
  ["a number that is none", (text) => text.replace("2900", '"many"'), 'done[0].steps: found "many"'],
  ["less than nothing", (text) => text.replace('"runs":7', '"runs":-7'), "done[0].runs: found -7"],
])("a state file of %s is refused in one sentence", (_, alter, says) => {
  const file = stateFile();
  writeState(file, WHOSE, new Map([["bubble", TALLY]]));
  const broken = stateFile(alter(readFileSync(file, "utf8")));
  expect(() => readState(broken, WHOSE)).toThrow(says);
  expect(() => readState(broken, WHOSE)).toThrow(broken);
});

test("a state that can't be written is an error at once", () => {
  expect(() => writeState(join(stateFile(), "nowhere"), WHOSE, new Map())).toThrow("can't be written");
});
