/** Which options of `fpr check` go together. Runs the built program. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test.each([
  [
    ["--fault", "bitmap-order-lost", "--design", "bubble"],
    "--fault: found bitmap-order-lost, which is planted in bitmap",
  ],
  [["--fault", "canary", "--aim"], "--aim: does not go with --fault"],
  [["--fault", "all", "--runs", "1", "--save", "found"], "--save: does not go with --fault all"],
])("%j is refused in one line, with status 2", (args, words) => {
  const program = [join(root, "dist/cli/main.js"), "check", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: root, encoding: "utf8" });
  expect([status, stdout, stderr.trimEnd().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(words);
});

test("a fault is hunted in the design that it is planted in, named or not", () => {
  const fault = ["--fault", "bitmap-order-lost", "--design", "bubble,bitmap", "--json"];
  const program = [join(root, "dist/cli/main.js"), "check", ...fault];
  const { status, stdout } = spawnSync(process.execPath, program, { cwd: root, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stdout).toContain("bitmap: violates");
});
