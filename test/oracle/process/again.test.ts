/** What a person is offered to type is what was said. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asTyped, sayAgain, sayFileAgain } from "../../../oracle/process/again.ts";
import { scratchFolder } from "../../scratch-folder.ts";

function typed(line: string | undefined): string {
  return spawnSync("sh", ["-c", line ?? "false"], { encoding: "utf8" }).stdout;
}

const words = ["plain", "two words", "it's", '"$HOME" `ls` \\n', "", "a*", "--geometry={}"];
const echo = [process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--"];

test("a command comes to the program as it was, whatever stands in it", () => {
  expect(JSON.parse(typed(asTyped([...echo, ...words])))).toEqual(words);
  expect(asTyped(["python3", "./adapter.py", "--bug=none"])).toBe("python3 ./adapter.py --bug=none");
});

test("lines come to its standard input as they were", () => {
  const lines = ['{"do":"compact","zone":"it\'s %d \\\\n"}', '{"do":"work"}'];
  expect(typed(sayAgain(["cat"], lines))).toBe(`${lines.join("\n")}\n`);
  const file = join(scratchFolder(), "it's said.jsonl");
  writeFileSync(file, "said\n");
  expect(typed(sayFileAgain(["cat"], file))).toBe("said\n");
});

test("what nobody would copy is not offered as a line", () => {
  expect(sayAgain(["cat"], ["x".repeat(2000)])).toBeUndefined();
});
