/** The command line as a person meets it: what it prints, and its exit status. Runs the built program. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { scratchFolder } from "../scratch-folder.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/cli/main.js");
const capture = join(root, "test/fixtures/linux-6.1-tiny");
const finding = join(root, "test/counterexamples/page-reporting-kernel-fake-oom.json");

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** The last line of standard output as an object; with --json it is the only one of its kind. */
  readonly json: Record<string, unknown>;
}

function fpr(args: readonly string[], input?: string | Buffer, main = program): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: root,
    input,
    encoding: "utf8",
  });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith('{"verdict"')).length).toBe(args.includes("--json") ? 1 : 0);
  const last = lines.at(-1) ?? "";
  const json: Record<string, unknown> = last.startsWith("{") ? JSON.parse(last) : {};
  return { status, out: stdout, err: stderr, json };
}

const folder = scratchFolder();

const header = '{"format":"free-page-trace","version":1,"geometry":{"maxOrder":3,"zones":[{"start":0,"pages":16}]}}';
const good = [
  header,
  '{"event":"alloc","pfn":0,"order":0}',
  '{"event":"free","pfn":0,"order":0}',
  '{"event":"idle"}',
].join("\n");
const bad = [
  header,
  '{"event":"isolate","pfn":0,"order":3}',
  '{"event":"submit","request":1,"ranges":[{"pfn":0,"order":3}]}',
  '{"event":"alloc","pfn":4,"order":0}',
].join("\n");

describe("usage", () => {
  test("help lists the commands and the exit statuses", () => {
    const { status, out } = fpr(["--help"]);
    expect(status).toBe(0);
    for (const word of ["check", "compare", "replay", "judge", "--json", "Exit status"]) expect(out).toContain(word);
    expect(fpr(["check", "--help"]).out).toContain("fpr check --fault tail-insert-unguarded");
  });

  test.each([
    [[], "no command"],
    [["explode"], "no command explode; there are check, "],
    [["conform", "--runs", "1", "adapter", "--verbose"], "what is the program's goes behind --"],
    [["conform", "adapter"], "found adapter in front of --"],
    [["replay", "--nope", "file"], "fpr replay --help tells how"],
    [["check", "--nope"], "nope"],
    [["check", "--runs", "many"], "--runs"],
    [["check", "--runs", "0"], "--runs"],
    [["check", "--runs", "1.5"], "--runs"],
    [["check", "--seed=-1"], "--seed"],
    [["check", "--runs", "1", "--runs", "2"], "--runs"],
    [["check", "--design", "bogus"], "bogus"],
    [["check", "--design", "bitmap:bogus"], "bogus"],
    [["check", "--fault", "bogus"], "bogus"],
    [["compare", "--design", "bogus"], "bogus"],
    [["compare", "--runs", "0"], "--runs"],
    [["replay"], "file"],
    [["replay", "no-such-file.json"], "no-such-file.json"],
    [["judge"], "sources"],
    [["judge", "no-such-file.jsonl"], "no-such-file.jsonl"],
  ])("%j is refused in one line, with status 2", (args, word) => {
    const { status, err, json } = fpr([...args, "--json"]);
    expect(status).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toContain(word);
    expect(json["verdict"]).toBe("unjudged");
  });
});

describe("check", () => {
  test("holds, says how much it sampled and what it did not check", () => {
    const { status, out, json } = fpr(["check", "--design", "page-reporting", "--runs", "20", "--json"]);
    expect(status).toBe(0);
    expect(json["verdict"]).toBe("holds");
    expect(out).toMatch(/page-reporting: holds \(20 runs, [\d,]+ steps; sampled, not every interleaving\), seed 1/);
    expect(out).toContain("not checked");
  });

  test("a failure on record is told, with its file, and what there is beside it", () => {
    const { status, out, json } = fpr(["check", "--design", "get-put-hints:as-written", "--runs", "20", "--json"]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ verdict: "violates", property: "exclusion" });
    expect(out).toContain("known: fpr replay test/counterexamples/get-put-hints-XB-1-exclusion.json");
    expect(out).toMatch(/Beside what is on record \(.*exclusion.*\):\nget-put-hints:as-written: holds \(20 runs/);
  });

  test("a design is all its variants", () => {
    const { json } = fpr(["check", "--design", "get-put-hints", "--runs", "1", "--json"]);
    expect(json["designs"]).toHaveLength(3);
  });

  test("a planted fault is found, saved, and replayed: status 1 each time", () => {
    const { status, out, json } = fpr(["check", "--fault", "canary", "--save", folder, "--json"]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ verdict: "violates", file: join(folder, "canary.json") });
    expect(out).toContain("the rule");
    const again = fpr(["replay", join(folder, "canary.json"), "--json"]);
    expect(again.status).toBe(1);
    expect(again.json["property"]).toBe(json["property"]);
    expect(again.json["step"]).toBe(json["step"]);
  });
});

describe("compare", () => {
  const few = ["compare", "--design", "none,get-put-hints:as-written", "--runs", "10"];

  test("tables for a terminal, and 0 while all is as recorded", () => {
    const { status, out } = fpr(few);
    expect(status).toBe(0);
    expect(out).toMatch(/none +holds \(10 runs\) +not claimed/);
    expect(out).toMatch(/get-put-hints:as-written +fails in \d+ steps/);
    expect(out).toContain("test/counterexamples/get-put-hints-XB-1-exclusion.json");
    expect(out).toContain("All as recorded");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("the same as Markdown, and for programs", () => {
    const { status, out, json } = fpr([...few, "--markdown", "--json"]);
    expect(status).toBe(0);
    expect(out).toContain("| get-put-hints:as-written | [fails in");
    expect(json).toMatchObject({ verdict: "holds", runs: 10 });
    expect(json["designs"]).toMatchObject([
      { design: "none", properties: { exclusion: "holds", missed: "not claimed" } },
      { design: "get-put-hints", variant: "as-written", properties: { exclusion: { actions: expect.any(Number) } } },
    ]);
  });

  test("1 where something breaks of which there is no record, with its story", () => {
    const copy = programWith("export const FAILURES = [];\n");
    const { status, out, json } = fpr([...few, "--json"], undefined, copy);
    expect(status).toBe(1);
    expect(out).toContain("get-put-hints:as-written: violates exclusion, which is not on record");
    expect(out).toContain("the rule");
    expect(json).toMatchObject({ verdict: "violates", property: "exclusion" });
    expect(json["designs"]).toMatchObject([
      { design: "none", properties: { exclusion: "holds" } },
      { design: "get-put-hints", properties: { exclusion: "violates" } },
    ]);
  });

  test("2 where a record can't be replayed", () => {
    const { status, out, json } = fpr([...few, "--json"], undefined, programWith(undefined));
    expect(status).toBe(2);
    expect(out).toContain("there is no file");
    expect(json["verdict"]).toBe("unjudged");
  });
});

/** A copy of the program in a folder without counterexamples. @param registry what stands in the place of the registry of findings */
function programWith(registry: string | undefined): string {
  const place = scratchFolder();
  cpSync(join(root, "dist"), join(place, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(place, "package.json"));
  symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
  const index = join(place, "dist/properties/findings/index.js");
  expect(existsSync(index)).toBe(true);
  if (registry !== undefined) writeFileSync(index, registry);
  return join(place, "dist/cli/main.js");
}

describe("replay", () => {
  test("tells the story and ends with 1 while it fails", () => {
    const { status, out } = fpr(["replay", finding]);
    expect(status).toBe(1);
    for (const word of ["retry of 4", "the rule", "what broke", "inevitable", "Still fails, as recorded."])
      expect(out).toContain(word);
  });

  test("ends with 0 once it is mended", () => {
    const file = join(folder, "mended.json");
    writeFileSync(file, readFileSync(finding, "utf8").replace('"slowPath":"kernel"', '"slowPath":"waits"'));
    const { status, out } = fpr(["replay", file]);
    expect(status).toBe(0);
    expect(out).toContain("Mended");
  });
});

describe("a file that another command takes", () => {
  test("is told which", () => {
    expect(fpr(["judge", finding]).err).toContain("it is a counterexample: fpr replay tells it");
    const trace = join(folder, "trace.jsonl");
    writeFileSync(trace, good);
    expect(fpr(["replay", trace]).err).toContain("it is a trace: fpr judge judges it");
  });
});

describe("judge", () => {
  test("a recorded Linux guest holds", () => {
    const { status, json } = fpr(["judge", capture, "--json"]);
    expect(status).toBe(0);
    expect(json["verdict"]).toBe("holds");
  });

  test("a trace from a file, gzipped or piped in", () => {
    const file = join(folder, "bad.jsonl");
    writeFileSync(file, bad);
    writeFileSync(`${file}.gz`, gzipSync(bad));
    for (const said of [
      fpr(["judge", file, "--json"]),
      fpr(["judge", `${file}.gz`, "--json"]),
      fpr(["judge", "-", "--json"], bad),
    ]) {
      expect(said.status).toBe(1);
      expect(said.json).toMatchObject({ verdict: "violates", property: "exclusion", line: 4 });
    }
    expect(fpr(["judge", "-"], good).status).toBe(0);
  });

  test("a trace that holds says which rules were never put to the test", () => {
    const { out } = fpr(["judge", "-"], good);
    expect(out).toContain("  rules       ");
    expect(out).toMatch(/NEVER PUT TO THE TEST: fake-oom \(a caller was told no-memory while pages were held\)/);
  });

  test("a pipe that stays open is told at once what broke", async () => {
    const judging = spawn(process.execPath, [program, "judge", "-"], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void judging.kill());
    const ended = new Promise<unknown>((resolve) => judging.once("exit", resolve));
    judging.stdin.write(`${bad}\n`);
    const said = (await judging.stdout.toArray()).join("");
    expect(said).toContain("violates exclusion in line 4");
    expect(said).toContain("legal if 2 events were lost before line 4");
    expect(await ended).toBe(1);
  });

  test("of several, a line each and the worst verdict", () => {
    writeFileSync(join(folder, "good.jsonl"), good);
    writeFileSync(join(folder, "worse.jsonl"), bad);
    writeFileSync(join(folder, "broken.jsonl"), `${header}\n{"event":`);
    const names = ["good", "worse", "broken"].map((name) => join(folder, `${name}.jsonl`));
    const { status, out } = fpr(["judge", ...names]);
    expect(status).toBe(1);
    expect(out).toMatch(/good.jsonl: holds\n/);
    expect(out).toMatch(/worse.jsonl: violates, exclusion, line 4/);
    expect(out).toMatch(/broken.jsonl: unjudged/);
    expect(fpr(["judge", names[0], names[2]]).status).toBe(2);
  });
});
