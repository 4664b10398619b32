/** A program behind pipes where that is hard: long lines, lines in pieces, ends of ours in the middle of it. Runs what is built. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { InputError } from "../../../model/alphabet/index.ts";
import { parseGeometry } from "../../../model/alphabet/schema.ts";
import { conformProgram } from "../../../oracle/process/conform-program.ts";
import { replayProgram } from "../../../oracle/process/replay-program.ts";
import { ProgramFault } from "../../../oracle/process/drive.ts";
import { scratchFolder } from "../../scratch-folder.ts";

const faulty = ["python3", join(import.meta.dirname, "faulty.py")];
const small = parseGeometry({ maxOrder: 0, zones: [{ start: 0, pages: 2 }] });

/** More than a pipe takes at once. */
const holes = Array.from({ length: 4000 }, (_, index) => ({ start: 2 * index, pages: 1 }));
const large = parseGeometry({ maxOrder: 1, zones: [{ start: 0, pages: 8192, holes }] });

test("a start of more than a pipe takes at once comes through", async () => {
  expect(JSON.stringify(large).length).toBeGreaterThan(2 ** 16);
  const replayed = await replayProgram(faulty, large, [
    { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false },
  ]);
  expect(replayed.heard).toMatchObject([{ at: 0, event: { event: "alloc", pfn: 1 } }, {}]);
  expect(replayed.violation).toBeUndefined();
});

test("one who never reads it hangs, and does not hold us up", async () => {
  const fault = await replayProgram(["sleep", "60"], large, [], 0.3).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(ProgramFault);
  expect(fault).toMatchObject({ fault: { problem: expect.stringContaining("it hung without an answer") } });
});

/** Answers to start, and then so. */
function shell(script: string): string[] {
  const ready = '{"ready":{"name":"shell","does":["alloc","free","work","ack"]}}';
  return ["sh", "-c", `read start; ${script}`.replaceAll("READY", `'${ready}'`)];
}

test("an answer may come in pieces, behind a byte order mark and blank lines, with CRLF, and in UTF-8", async () => {
  const pieces = [
    String.raw`printf '\357\273\277{"ready":{"name":"gr'; sleep 0.05; printf '\303'; sleep 0.05`,
    String.raw`printf '\274n\357\277\275","does":["alloc","free","work","ack"]}}\r\n'`,
    String.raw`while read line; do printf '\n \r\n\357\273\277{"events":'; sleep 0.02; printf '[]}\n'`,
    `test "$line" = '{"do":"stop"}' && exit 0; done`,
  ];
  const replayed = await replayProgram(["sh", "-c", `read start; ${pieces.join("; ")}`], small, [{ do: "work" }]);
  expect(replayed.name).toBe("gr\u00fcn\ufffd");
});

test.each([
  ["closes its standard input", "exec 0<&-; echo READY; sleep 60", /had closed its standard input/],
  ["closes both and ends", "echo READY; exec 0<&- 1>&-; exit 4", /^the program ended with status 4 without an answer/],
  ["ends by a signal of its own", "kill -9 $$", /^the program was ended by SIGKILL without an answer$/],
  ["hangs in the first action", "echo READY; sleep 60", /; the line before it, start, was answered$/],
  [
    "does not know stop",
    `echo READY; while read line; do case $line in *stop*) echo '{"unsupported":true}';; *) echo '{"events":[]}'; esac; done`,
    /^it does not support stop, which is always sent$/,
  ],
  ["starts what leaves its group", "setsid sleep 2 & exit 0", /status 0 .* something that it started still has/],
])("one who %s", async (_, script, problem) => {
  const fault = await replayProgram(shell(script), small, [{ do: "work" }], 1).catch((error: unknown) => error);
  expect(fault).toMatchObject({ fault: { problem: expect.stringMatching(problem) } });
});

test("an error of ours takes the program and its pipes with it", async () => {
  const folder = scratchFolder();
  const mark = join(folder, "mark");
  const module = new URL("../../../dist/oracle/process/conform-program.js", import.meta.url).href;
  const command = [...faulty, "--how", "hangs", "--mark", mark];
  const script = `
    import { statSync } from "node:fs";
    const { conformProgram } = await import(${JSON.stringify(module)});
    conformProgram(${JSON.stringify(command)}, { runs: 1, seed: 1 });
    setInterval(() => { if (statSync(${JSON.stringify(mark)}, { throwIfNoEntry: false })?.size > 0) throw new Error("ours"); }, 20);`;
  const file = join(scratchFolder(), "ours.mjs");
  writeFileSync(file, script);
  const ours = spawn(process.execPath, [file], { env: { ...process.env, TMPDIR: folder }, stdio: "pipe" });
  const said = text(ours.stderr);
  expect(await new Promise((resolve) => ours.once("exit", resolve))).toBe(1);
  expect(await said).toContain("Error: ours");
  expect(readdirSync(folder)).toEqual(["mark"]);
  const pid = Number(readFileSync(mark, "utf8"));
  while (existsSync(`/proc/${pid}`) && !isZombie(pid)) await sleep(10);
});

/** Whoever takes over our orphans may be slow to bury them. */
function isZombie(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}

test("a program that is gone when its story is to be told once more is no fault of an adapter", async () => {
  const folder = scratchFolder();
  const program = join(folder, "adapter");
  const starts = join(folder, "starts");
  // A process has the campaign, one the search for a short story, one the story; then it is taken once more, with a proper end.
  const isLast = `echo >>'${starts}'; test "$(wc -l <'${starts}')" -lt 3 || rm "$0"`;
  writeFileSync(program, `#!/bin/sh\n${isLast}\nexec ${faulty.join(" ")} --how overlaps\n`, { mode: 0o755 });
  const error = await conformProgram([program], { runs: 3, seed: 1 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ message: expect.stringMatching(/^can't start .* there is no such program/) });
});

test("a program that is not named is refused", async () => {
  await expect(conformProgram([], { runs: 1, seed: 1 })).rejects.toThrow("expected a program");
});
