/** `fpr check --fast` as a person meets it: interrupted, gone on with, and refused. Runs the built program. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { scratchFolder } from "../scratch-folder.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/cli/main.js");
const folder = scratchFolder();

function fast(...args: readonly string[]): { status: number | null; out: string; err: string; json: unknown } {
  const all = [program, "check", "--fast", "--design", "page-reporting,bitmap:v10", "--json", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  return { status, out: stdout, err: stderr, json: JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") };
}

test("holds, says how much and what was not checked; goes on where it was, on any number of threads", () => {
  const state = join(folder, "state.json");
  const first = fast("--runs", "40", "--workers", "1", "--state", state);
  expect(first.status).toBe(0);
  expect(first.out).toMatch(
    /^page-reporting: holds \(40 runs, [\d,]+ steps; sampled, not every interleaving\), seed 1$/m,
  );
  expect(first.out).toContain("not checked");
  const further = fast("--runs", "60", "--workers", "2", "--state", state);
  const whole = fast("--runs", "60", "--workers", "1");
  expect(further.json).toEqual(whole.json);
  expect(further.json).toMatchObject({ verdict: "holds", designs: [{ runs: 60 }, { runs: 60 }] });

  const other = fast("--runs", "60", "--seed", "2", "--state", state);
  expect(other.status).toBe(2);
  expect(other.err).toContain("seed: is of another campaign: found 1, expected 2");
  expect(other.err.trimEnd().split("\n")).toHaveLength(1);
});

test("interrupted, it keeps what is done and says how to go on", async () => {
  const state = join(folder, "interrupted.json");
  const args = [program, "check", "--fast", "--design", "page-reporting", "--runs", "1000000", "--workers", "1"];
  const child = spawn(process.execPath, [...args, "--state", state, "--json"], { cwd: root });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  // The state is written once a few runs are counted.
  while (!existsSync(state) || !readFileSync(state, "utf8").includes('"runs"')) await setTimeout(50);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([2, null]);
  expect(out).toContain("interrupted: the same command goes on from here");
  expect(out).toContain('"verdict":"unjudged"');
  expect(JSON.parse(readFileSync(state, "utf8"))).toMatchObject({ done: [{ form: "page-reporting", broken: false }] });
});

test.each([
  [["--fault", "canary"], "--fault"],
  [["--workers", "0"], "--workers"],
  [["--state", join(folder, "nowhere", "state.json")], "can't be written"],
  [["--state", folder], "can't be read"],
])("%j is refused in one line, with status 2", (args, word) => {
  const { status, err } = fast(...args);
  expect(status).toBe(2);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(err).toContain(word);
});

test.each(["--workers", "--state"])("%s goes only with --fast", (option) => {
  const { status, stderr } = spawnSync(process.execPath, [program, "check", option, "3"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toContain(`${option}: goes only with --fast`);
});

test("a state that says what is not so is no verdict", () => {
  const state = join(folder, "wrong.json");
  fast("--runs", "1", "--state", state);
  writeFileSync(state, readFileSync(state, "utf8").replace('"broken":false', '"broken":true'));
  const { status, err } = fast("--runs", "1", "--state", state);
  expect(status).toBe(2);
  expect(err).toContain("run 1 is said to break a property, but taken again by itself it does not");
});
