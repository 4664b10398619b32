/** The two reports that the README shows are what the program prints, word for word. Runs the built program. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The blocks of a section of the README. */
function blocks(title: string): string[] {
  const [, section = ""] = readme.split(`\n## ${title}\n`);
  const [own] = section.split("\n## ");
  return [...own.matchAll(/^```\n(.*?)\n```$/gms)].map(([, text]) => text);
}

function printed(args: readonly string[], input?: string): string {
  const { stdout } = spawnSync(process.execPath, ["dist/cli/main.js", ...args], { cwd: root, input, encoding: "utf8" });
  return stdout.trimEnd();
}

test("the counterexample", () => {
  const [shown] = blocks("A counterexample");
  const [, command = ""] = /`npx fpr ([^`]+)` finds it/.exec(readme) ?? [];
  const [story, hint] = printed(command.split(" ")).split("\n\nTo keep it as a file");
  expect(story).toBe(shown);
  expect(hint).toBeDefined();
});

test("the trace", () => {
  const [trace, shown] = blocks("A trace");
  expect(printed(["judge", "-"], trace)).toBe(shown);
});
