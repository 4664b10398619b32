/** `fpr conform` and `fpr replay` of programs as a person meets them. Runs the built program, and adapters in Python. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { scratchFolder } from "../scratch-folder.ts";

const root = join(import.meta.dirname, "../..");
const fpr = join(root, "dist/cli/main.js");
const adapters = join(root, "test/oracle/process");
const faulty = ["python3", join(adapters, "faulty.py")];
const folder = scratchFolder();

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly json: Record<string, unknown>;
}

/** Named pipes go here, so that it can be seen whether any are left. */
const pipes = scratchFolder();
const env = { ...process.env, TMPDIR: pipes };

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [fpr, ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function run(...args: readonly string[]): Promise<Said> {
  const child = start(args);
  let out = "";
  let err = "";
  child.stdout?.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr?.on("data", (text: Buffer) => (err += text.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  return { status, out, err, json: last.startsWith("{") ? JSON.parse(last) : {} };
}

/** Runs `fpr conform` against an adapter that has one fault. */
async function against(how: string, ...options: readonly string[]): Promise<Said> {
  const runs = options.includes("--runs") ? [] : ["--runs", "3"];
  return run("conform", "--json", ...runs, ...options, "--", ...faulty, "--how", how);
}

/** True while there is such a process that has not ended: a zombie has. */
function lives(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

afterAll(() => {
  expect(readdirSync(pipes).filter((name) => name.startsWith("fpr-pipe-"))).toEqual([]);
});

describe.concurrent("an adapter that is at fault is told as such, never judged: it", () => {
  /** What it does, what is said of it, which words of wire.md it breaks. */
  test.each<[how: string, problem: RegExp, rule: RegExp]>([
    ["ends-at-once", /^the program ended with status 7 without an answer$/, /^Ending early/],
    [
      "error-at-start",
      /I serve 1024 pages only; where it serves only some geometries, name one with --geometry/,
      /error/,
    ],
    ["greets", /^the answer is no JSON .*standard output is for answers only/, /UTF-8 JSON/],
    ["answers-before", /ready: found nothing, expected an object with name and does|second line/, /answer/],
    ["names-nothing", /ready\.name: found nothing, expected a text$/, /"start".*a missing key/],
    ["unknown-action", /ready\.does\[4\]: found "report", expected one of alloc, /, /wrong type/],
    ["ends", /^the program ended with status 3 without an answer$/, /^Ending early/],
    ["ends-well", /^the program ended with status 0 without an answer$/, /^Ending early/],
    ["killed", /^the program was ended by SIGSEGV without an answer$/, /^Ending early/],
    ["half-line", /^the program ended with status 0 in the middle of a line$/, /a half line/],
    ["noise", /^the answer is no JSON .*DEBUG/, /UTF-8 JSON/],
    ["not-utf8", /^its answer is not UTF-8$/, /bad UTF-8/],
    ["two-lines", /^a second line came for one action$/, /exactly one line/],
    ["late-second-line", /second line|nobody asked for/, /exactly one line/],
    ["no-list", /^the answer can't be read: events: found an object, expected a list of events$/, /^An answer is/],
    ["a-list", /found an empty list, expected an answer/, /^An answer is/],
    ["unknown-event", /events\[0\]\.event: found "allocated", expected one of alloc, /, /unknown `event`/],
    ["missing-key", /events\[0\]\.order: found nothing, expected an order/, /a missing key/],
    ["wrong-type", /events\[0\]\.order: found "0", expected an order/, /a wrong type/],
    ["out-of-range", /events\[0\]\.order: found 64, expected an order from 0 to 63/, /out of range/],
    ["misfit", /^the answer to ".*nobody asked for$/, /plays everyone else/],
    ["fifty-megabytes", /^it sends a line of more than 16 MiB$/, /16 MiB/],
    ["endless-line", /^it sends a line of more than 16 MiB$/, /16 MiB/],
    ["endless-lines", /^a second line came for one action$/, /exactly one line/],
    ["error", /^it says that it failed: the arena is corrupt$/, /"error"/],
    ["unsupported", /^it does not support this action, though its ready lists it/, /"unsupported"/],
    ["dies-on-stop", /^the program ended with status 1 without an answer$/, /^Ending early/],
    ["status-after-stop", /^it answered stop, but then the program ended with status 5$/, /status 0/],
    ["line-after-stop", /^a second line came for one action$/, /exactly one line/],
    [
      "leaves-child",
      /^the program ended with status 0 .* something that it started still has its standard output/,
      /early/,
    ],
    ["child-after-stop", /^it answered stop, but .* something that it started still has its standard output/, /stop/],
  ])("%s", async (how, problem, rule) => {
    const { status, json, out } = await against(how);
    expect(json).toMatchObject({ verdict: "unjudged", fault: { problem: expect.any(String) } });
    const fault = json["fault"] as { problem: string; rule: string; sent?: string; came?: string };
    expect(fault.problem).toMatch(problem);
    expect(fault.rule).toMatch(rule);
    expect(fault.sent).toMatch(/^\{"do":"/);
    expect(out).toContain("To see it again:");
    expect(json["again"]).toContain("faulty.py --how");
    expect(status).toBe(2);
  });

  test("that never answered is asked whether it flushes", async () => {
    const { err, out, status } = await run("conform", "--timeout", "1", "--", "tail", "-f", "/dev/null");
    expect(err + out).toContain("; is standard output flushed after every line?");
    expect(status).toBe(2);
  });

  test.each([
    ["hangs", /^it hung without an answer: nothing more came within 2 seconds/],
    ["hangs-with-child", /^it hung without an answer/],
    ["ignores-sigterm", /^it hung without an answer/],
    ["half-line-hangs", /^it hung in the middle of a line: nothing more came within 2 seconds/],
    ["closes-stdout", /^it closed its standard output without an answer and did not end within 2 seconds/],
    ["no-end-after-stop", /^it answered stop, but then it did not end within 2 seconds/],
  ])("%s, and is killed with all that it started", async (how, problem) => {
    const mark = join(folder, how);
    const options = ["--runs", "3", "--json", "--timeout", "2"];
    const { status, json } = await run("conform", ...options, "--", ...faulty, "--how", how, "--mark", mark);
    expect(json).toMatchObject({ verdict: "unjudged", fault: { problem: expect.stringMatching(problem) } });
    expect(status).toBe(2);
    for (const pid of readFileSync(mark, "utf8").trim().split("\n")) expect(lives(Number(pid))).toBe(false);
  });

  test("is not there, or can't be executed", async () => {
    const file = join(folder, "not-executable");
    writeFileSync(file, "#!/bin/sh\n");
    const none = await run("conform", "--json", "--", "./no-such-adapter");
    expect(none.status).toBe(2);
    expect(none.err).toMatch(/^fpr: can't start .\/no-such-adapter: there is no such program/);
    const locked = await run("conform", "--json", "--", file);
    expect(locked.err).toMatch(/can't start .*: it can't be executed: chmod \+x/);
    expect(locked.json["verdict"]).toBe("unjudged");
  });

  test.each([
    ["", "can't start a program without a name: "],
    [folder, "it is a folder"],
    ["./adapter --fast", "no shell is involved, so the program and each of its arguments is a word of its own"],
  ])("is no program: %j", async (program, problem) => {
    const { status, err } = await run("conform", "--json", "--", program);
    expect(err).toMatch(/^fpr: can't start .*\n$/);
    expect(err).toContain(problem);
    expect(status).toBe(2);
  });

  test("is shown with all that it wrote, also what does not show by itself", async () => {
    const { json } = await run("conform", "--json", "--", "sh", "-c", String.raw`read line; printf '\033[2J\000hi\n'`);
    expect(json).toMatchObject({ fault: { came: String.raw`\u001b[2J\u0000hi` } });
  });

  test("shows its fault again by the line that is offered", async () => {
    const { json } = await against("noise", "--geometry", eightPages());
    const { stdout } = spawnSync("sh", ["-c", String(json["again"])], { cwd: root, encoding: "utf8" });
    expect(stdout).toContain("DEBUG: about to allocate");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("DEBUG: about to allocate");
  });

  test("is told by as little as shows its fault in a new process", async () => {
    const { out, json } = await against("dislikes-order-2", "--runs", "50");
    expect(json["showsAgain"]).toBe(true);
    expect(String(json["again"]).match(/"do":/g)).toHaveLength(2);
    expect(json["again"]).toContain('"do":"alloc","order":2');
    expect(out).not.toContain("did not show it");
    // What has to do with all that this process was ever asked is not shown by the last run alone.
    const late = await run("conform", "--json", "--", ...faulty, "--how", "missing-key", "--after", "300");
    expect(late.json["showsAgain"]).toBe(false);
    expect(late.out).toContain("That did not show it in a new process");
    expect(late.out).toMatch(/fpr conform --seed 1 --runs \d+ -- python3 .*--after 300\n/);
  });

  test("has what was said to it kept where that is too long for a line, or asked for", async () => {
    const save = join(folder, "kept");
    const { json, out } = await against("noise", "--save", save);
    expect(json["file"]).toBe(join(save, "python3-fault.jsonl"));
    expect(out).toContain(join(save, "python3-fault.jsonl"));
    const lines = readFileSync(join(save, "python3-fault.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines[0])).toMatchObject({ do: "start" });
  });
});

function eightPages(): string {
  const file = join(folder, "eight-pages.json");
  writeFileSync(file, '{"maxOrder":2,"zones":[{"start":0,"pages":8}]}');
  return file;
}

describe.concurrent("an adapter that is not at fault:", () => {
  test.each(["right", "crlf", "floods-stderr"])("%s holds", async (how) => {
    const { status, json, out } = await against(how);
    expect(json).toMatchObject({ verdict: "holds", name: "faulty", runs: 3, actionsPerSecond: expect.any(Number) });
    expect(json["neverTested"]).toContain("lost-write");
    expect(out).toMatch(/[\d,]+ actions a second/);
    expect(status).toBe(0);
  });

  test("slow is not wrong: 50 ms an answer holds", async () => {
    const options = ["--runs", "1", "--timeout", "5", "--geometry", eightPages()];
    const { status } = await run("conform", ...options, "--", ...faulty, "--how", "slow");
    expect(status).toBe(0);
  });

  test("in several processes what was covered is added up", async () => {
    const said = await Promise.all(
      ["1", "3"].map((workers) => run("conform", "--runs", "7", "--json", "--workers", workers, "--", ...faulty)),
    );
    const [one, three] = said.map(({ json }) => ({ ...json, actionsPerSecond: 0 }));
    expect(three).toEqual(one);
  });

  test("its own flags are its own", async () => {
    const { status } = await run("conform", "--runs", "1", "--", ...faulty, "--after", "1", "--how", "right");
    expect(status).toBe(0);
  });
});

describe.concurrent("an allocator that is wrong", () => {
  const overlapping = [...faulty, "--how", "overlaps"];

  test("is told by a short story, saved, and replayed", async () => {
    const save = join(folder, "found");
    const { status, out, json } = await run("conform", "--json", "--save", save, "--", ...overlapping);
    expect(status).toBe(1);
    const file = join(save, "python3-ownership.json");
    expect(json).toMatchObject({ verdict: "violates", property: "ownership", step: 1, file, repeats: true });
    expect(json["story"]).toHaveLength(2);
    expect(json["rejection"]).toMatchObject({ property: "ownership" });
    expect(out).toContain("the rule");
    expect(out).toContain(`fpr replay ${file}`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ subject: { command: overlapping } });
    expect(readFileSync(file, "utf8")).not.toContain("settings");
    const again = await run("replay", file, "--json");
    expect(again.json).toMatchObject({ verdict: "violates", property: "ownership", step: 1 });
    expect(again.out).toContain("Still fails, as recorded.");
    expect(again.status).toBe(1);
  });

  test("by what an earlier start left behind is an adapter at fault", async () => {
    const { status, json } = await run("conform", "--json", "--seed", "5", "--", ...faulty, "--how", "overlaps-late");
    expect(json).toMatchObject({
      verdict: "unjudged",
      fault: { problem: expect.stringMatching(/does not begin afresh: .* break ownership/) },
    });
    // What was said since the last start shows nothing: the whole campaign does.
    expect(json["again"]).toMatch(/^fpr conform --seed 5 --runs \d+ -- python3 .*faulty.py --how overlaps-late$/);
    expect(status).toBe(2);
  });

  test("is given the time again that it was given, where that is not what everybody has", async () => {
    const options = ["--seed", "5", "--timeout", "25.5"];
    const { json } = await run("conform", "--json", ...options, "--", ...faulty, "--how", "overlaps-late");
    expect(json["again"]).toMatch(/^fpr conform --seed 5 --runs \d+ --timeout 25\.5 -- python3 /);
    const save = join(folder, "slow");
    const saved = await run("conform", "--save", save, "--timeout", "30", "--", ...overlapping);
    const file = join(save, "python3-ownership.json");
    expect(saved.out).toContain(`Replay it from this folder with: fpr replay ${file} --timeout 30\n`);
  });

  test("is no longer one once it is mended", async () => {
    const file = join(folder, "mended.json");
    const mended = { ...story, subject: { command: [...faulty, "--how", "right"] } };
    writeFileSync(file, JSON.stringify(mended));
    const { status, out } = await run("replay", file);
    expect(out).toContain("Mended: ownership is no longer broken");
    expect(status).toBe(0);
  });

  test("may be another program than the file names, which is said", async () => {
    const file = join(folder, "other.json");
    writeFileSync(file, JSON.stringify({ ...story, subject: { command: overlapping } }));
    const { status, out } = await run("replay", file, "--", ...faulty, "--how", "right");
    expect(out).toMatch(/^the program: python3 .*faulty\.py --how right\n/);
    expect(out).toContain("Mended: ownership is no longer broken");
    expect(status).toBe(0);
    const ours = await run("replay", "test/counterexamples/bubble-compaction-slip.json", "--", ...faulty);
    expect(ours.err).toContain("subject: it is of a design of ours, which is run here");
    expect(ours.status).toBe(2);
  });

  test("is told where it should be replayed, if its program is not there", async () => {
    const file = join(folder, "away.json");
    writeFileSync(file, JSON.stringify({ ...story, subject: { command: ["./nowhere/adapter"] } }));
    const { status, err } = await run("replay", file);
    expect(err).toContain("replay it from the folder where it was judged, or say which program: fpr replay ");
    expect(status).toBe(2);
  });

  test("is told apart from one that breaks the same in another step", async () => {
    const file = join(folder, "step.json");
    const otherwise = { ...story.violation, step: 0 };
    writeFileSync(file, JSON.stringify({ ...story, subject: { command: overlapping }, violation: otherwise }));
    expect((await run("replay", file)).out).toContain("Still fails, but in step 1; recorded is step 0.");
  });

  test("a replay of an adapter that is at fault is no verdict", async () => {
    const file = join(folder, "at-fault.json");
    writeFileSync(
      file,
      JSON.stringify({ ...story, subject: { command: [...faulty, "--how", "ends", "--after", "0"] } }),
    );
    const { status, json } = await run("replay", file, "--json");
    expect(json).toMatchObject({
      verdict: "unjudged",
      fault: { problem: "the program ended with status 3 without an answer" },
    });
    expect(status).toBe(2);
  });

  test("a step that no program is asked is refused", async () => {
    const file = join(folder, "odd.json");
    writeFileSync(file, JSON.stringify({ ...story, subject: { command: faulty }, actions: [{ do: "tick" }] }));
    const { status, err } = await run("replay", file);
    expect(err).toMatch(/actions\[0\]\.do: found "tick", which no program is asked/);
    expect(status).toBe(2);
  });

  test("however many processes look for it, the same is told", async () => {
    const told = await Promise.all(
      ["1", "2", "3"].map(async (workers) => {
        const { json } = await run("conform", "--json", "--workers", workers, "--", ...overlapping);
        const { verdict, property, step, explanation, story: steps, foundIn } = json;
        return { verdict, property, step, explanation, steps, foundIn };
      }),
    );
    expect(told[0]).toMatchObject({ verdict: "violates", property: "ownership" });
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  test("and of an adapter that is at fault, its first fault", async () => {
    const told = await Promise.all(
      ["1", "3"].map(async (workers) => {
        const { json } = await run(
          "conform",
          "--json",
          "--workers",
          workers,
          "--",
          ...faulty,
          "--how",
          "dislikes-order-2",
        );
        return { run: json["run"], showsAgain: json["showsAgain"], fault: json["fault"] };
      }),
    );
    expect(told[0]).toMatchObject({ showsAgain: true, fault: { problem: expect.stringContaining("no order 2") } });
    expect(told[1]).toEqual(told[0]);
  });
});

const story = {
  format: "free-page-counterexample",
  version: 1,
  geometry: { maxOrder: 0, zones: [{ start: 0, pages: 2 }] },
  actions: [
    { do: "alloc", order: 0 },
    { do: "alloc", order: 0 },
  ],
  violation: { property: "ownership", step: 1, explanation: "it handed out a page twice" },
};

describe.concurrent("whoever ends fpr ends the adapter, too:", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", async (signal) => {
    const mark = join(folder, signal);
    const child = start(["conform", "--timeout", "60", "--", ...faulty, "--how", "hangs-with-child", "--mark", mark]);
    const ended = new Promise((resolve) => child.once("exit", (code, by) => resolve(by ?? code)));
    const pids = (): number[] => (existsSync(mark) ? readFileSync(mark, "utf8").trim().split("\n").map(Number) : []);
    while (pids().length < 2) await sleep(20);
    expect(pids().map(lives)).toEqual([true, true]);
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(pids().map(lives)).toEqual([false, false]);
    // The adapter was reaped by us; what it started, whoever takes over orphans has to bury.
    expect(existsSync(`/proc/${pids()[0]}`)).toBe(false);
  });
});

/** What a shell says of a command: the exit status of `fpr`, whatever becomes of its output. */
function statusIn(shell: string): string {
  const command = [process.execPath, fpr, "conform", "--runs", "20", "--", ...faulty, "--how", "overlaps"];
  const script = shell.replace("FPR", command.join(" "));
  const { stdout } = spawnSync("bash", ["-c", script], { cwd: root, env, encoding: "utf8" });
  return stdout.trim();
}

test("the status tells of a broken rule though nobody reads on, and of nothing where output can't be written", () => {
  expect(statusIn('FPR 2>/dev/null | true; echo "${PIPESTATUS[0]}"')).toBe("1");
  expect(statusIn('FPR 2>/dev/null >/dev/full; echo "$?"')).toBe("2");
});

describe("usage", () => {
  test.each([
    [["conform"], "fpr conform -- ./adapter"],
    [["conform", "./adapter"], "found ./adapter in front of --"],
    [["conform", "--timeout", "0", "--", "true"], "--timeout"],
    [["conform", "--timeout", "soon", "--", "true"], "--timeout"],
    [["conform", "--workers", "0", "--", "true"], "--workers"],
    [["conform", "--geometry", "no-such-file.json", "--", "true"], "no-such-file.json"],
    [["conform", "--save", fpr, "--", ...faulty, "--how", "overlaps"], `${fpr}: is no folder: `],
  ])("%j is refused in one line, with status 2", async (args, word) => {
    const { status, err } = await run(...args);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toContain(word);
    expect(status).toBe(2);
  });
});
