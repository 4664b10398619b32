/** The adapters to start from are correct, and each of their mistakes is found. Runs the built program. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseGeometry } from "../../model/alphabet/schema.ts";
import type { Example } from "./adapters.ts";
import { build, buildLine, EXAMPLES, isPresent, page, root, textOf } from "./adapters.ts";

const fpr = join(root, "dist/cli/main.js");
const geometries = join(root, "examples/geometries");

interface Said {
  readonly status: number | null;
  readonly json: Record<string, unknown>;
}

/** `fpr conform --json` against a program that was built in this folder. */
async function conform(folder: string, options: readonly string[], command: readonly string[]): Promise<Said> {
  const args = [fpr, "conform", "--json", "--seed", "1", ...options, "--", ...command];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, json: JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") };
}

function conforms(example: Example): void {
  let folder = "";
  beforeAll(() => {
    folder = build(example);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.concurrent.each<[where: string, runs: number, options: readonly string[]]>([
    ["eleven small and odd memories", 44, []],
    ["memory like a Linux machine's", 6, ["--geometry", join(geometries, "like-linux.json")]],
  ])("holds on %s", async (_where, runs, options) => {
    const { status, json } = await conform(folder, ["--runs", `${runs}`, ...options], example.command);
    expect(json).toMatchObject({ verdict: "holds", runs, claims: ["completeness"] });
    expect(status).toBe(0);
  });

  test.concurrent.each(example.bugs)("--bug %s is found", async (bug, ...properties) => {
    const { status, json } = await conform(folder, ["--runs", "60"], [...example.command, "--bug", bug]);
    expect(json["verdict"]).toBe("violates");
    expect(properties).toContain(json["property"]);
    expect(json["story"]).toSatisfy((story: unknown) => Array.isArray(story) && story.length <= 12);
    expect(status).toBe(1);
  });

  test("tells how it is used where it does not know what it was given", () => {
    const [program = "", ...args] = example.command;
    for (const wrong of [["--bug"], ["--bug", "no-such-bug"], ["--help"]]) {
      const { status, stdout, stderr } = spawnSync(program, [...args, ...wrong], { cwd: folder, encoding: "utf8" });
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/^usage: /);
      for (const [bug] of example.bugs) expect(stderr).toContain(bug);
    }
  });
}

for (const example of EXAMPLES) {
  if (isPresent(example.tool)) describe(`the adapter in ${example.language}`, () => conforms(example));
  else test.skip(`the adapter in ${example.language}: not run: no ${example.tool}`);
}

describe.each(EXAMPLES)("$source", (example) => {
  test("is one file of under 300 lines", () => {
    expect(textOf(example.source).split("\n").length - 1).toBeLessThan(300);
  });

  test("has its build line in the page too", () => {
    const line = buildLine(example);
    if (line !== undefined) expect(readFileSync(page, "utf8")).toContain(line);
  });
});

test.each(readdirSync(geometries))("%s is a geometry", (name) => {
  const file = join(geometries, name);
  expect(parseGeometry(JSON.parse(readFileSync(file, "utf8")), { file }).zones.length).toBeGreaterThan(0);
});

/** The page's conversation: lines that begin with `> ` are sent, those with `< ` came back. */
test.skipIf(!isPresent("python3"))("the conversation in the page is what the adapter in Python says", () => {
  const lines = readFileSync(page, "utf8").split("\n");
  const side = (mark: string): unknown[] =>
    lines.filter((line) => line.startsWith(`    ${mark} `)).map((line) => JSON.parse(line.slice(6)));
  const input = side(">").map((action) => `${JSON.stringify(action)}\n`);
  const { stdout } = spawnSync("python3", [join(root, "examples/python/adapter.py")], {
    input: input.join(""),
    encoding: "utf8",
  });
  const answers = stdout.trimEnd().split("\n");
  expect(answers.map((line) => JSON.parse(line))).toEqual(side("<"));
  expect(answers.length).toBeGreaterThan(15);
});

test("the page names files that exist", () => {
  const named = readFileSync(page, "utf8").match(/examples\/[a-z/-]+\.[a-z]+/g) ?? [];
  expect(named.length).toBeGreaterThan(4);
  for (const file of named) expect(existsSync(join(root, file))).toBe(true);
});
