/** `fpr explore` as a person meets it. Runs the built program. */
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchFolder } from "../scratch-folder.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/cli/main.js");

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly json: Record<string, unknown>;
}

function fpr(...args: readonly string[]): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args, "--json"], {
    cwd: root,
    encoding: "utf8",
  });
  const lines = stdout.trimEnd().split("\n");
  return { status, out: lines.slice(0, -1).join("\n"), err: stderr, json: JSON.parse(lines.at(-1) ?? "") };
}

function explore(design: string, plan: string, ...args: readonly string[]): Said {
  return fpr("explore", "--design", design, "--plan", plan, ...args);
}

describe("what holds", () => {
  test("is said with how much was seen", () => {
    const { status, out, json } = explore("page-reporting", "refusals");
    expect(status).toBe(0);
    expect(out).toMatch(
      /^page-reporting: holds \(every interleaving of refusals: [\d,]+ states, [\d,]+ transitions, depth \d+\)$/,
    );
    expect(json).toMatchObject({ verdict: "holds", design: "page-reporting", plan: "refusals", cut: 0 });
  });

  test("on two threads is as much as on one", () => {
    const one = explore("page-reporting", "blocks").json;
    expect(explore("page-reporting", "blocks", "--workers", "2").json).toEqual(one);
  });

  test("only so far is said to hold so far", () => {
    const { status, out } = explore("page-reporting", "blocks", "--depth", "4");
    expect(status).toBe(0);
    expect(out).toContain("holds to depth 4 (every interleaving of blocks up to 4 moves: ");
  });

  test("up to symmetry is said to be fewer states, with as many as they stand for", () => {
    const { status, out } = explore("page-reporting", "blocks", "--symmetry");
    expect(status).toBe(0);
    expect(out).toMatch(/holds \(every interleaving of blocks: [\d,]+ states, [\d,]+ with all renamings, /);
  });

  test("beside the model, and at last", () => {
    const refined = explore("page-reporting", "blocks", "--refine");
    expect([refined.status, refined.out]).toEqual([0, expect.stringContaining("verified against the model")]);
    const lively = explore("page-reporting", "blocks", "--live");
    expect([lively.status, lively.out]).toEqual([0, expect.stringContaining("holds (every fair run of ")]);
  });
});

describe("what is broken", () => {
  test("is told by a shortest story, saved, and replayed; what there is beside it is explored too", () => {
    const found = scratchFolder();
    const { status, out, json } = explore("bubble", "compaction", "--save", found);
    expect(status).toBe(1);
    expect(out).toContain("bubble: violates slip in compaction, in 11 actions, and never in fewer; known: fpr replay ");
    expect(out).toContain("Broken in step 10: slip");
    expect(out).toMatch(/beside what is on record .* holds \(every interleaving of compaction: /);
    expect(json).toMatchObject({ verdict: "violates", property: "slip", step: 10, actions: 11 });
    const [file = ""] = readdirSync(found);
    expect(json["file"]).toBe(join(found, file));
    const replayed = fpr("replay", join(found, file));
    expect(replayed.status).toBe(1);
    expect(replayed.out).toContain("Still fails, as recorded.");
  });
});

describe("what can't be judged", () => {
  test("where there are more states than allowed", () => {
    const { status, out } = explore("page-reporting", "blocks", "--limit", "50");
    expect([status, out]).toEqual([2, expect.stringContaining("unjudged: stopped at 50 states of blocks")]);
  });

  test("what comes at last, where one may not go on to the end: that is no surprise", () => {
    const { status, out, json } = fpr("explore", "--live", "--design", "page-reporting", "--limit", "50");
    expect([status, json["verdict"]]).toEqual([2, "unjudged"]);
    expect(out).toContain("Not explored to the end: blocks of one size; ");
    expect(out).not.toContain("Not as recorded");
  });

  test.each([
    [["--plan", "nonsense"], 'there is no plan "nonsense" for these designs; there are blocks, '],
    [["--plan", "refusals", "--design", "bubble"], 'there is no plan "refusals"'],
    [["--design", "nonsense"], "there is no design nonsense"],
    [["--plan", "blocks", "--geometry", "x.json"], "--plan: does not go with --geometry"],
    [["--geometry", "no-such-file.json"], "no-such-file.json: can't be read"],
    [["--depth", "0"], "--depth: found 0"],
    [["--refine", "--live"], "--live: does not go with --refine"],
    [["--live", "--workers", "2"], "--workers: does not go with --live"],
    [["--design", "page-reporting", "--plan", "compaction", "--symmetry"], "symmetry: refused, as compaction"],
  ])("%j", (args, why) => {
    const { status, err, json } = fpr("explore", ...args);
    expect([status, err, json["verdict"]]).toEqual([2, expect.stringContaining(why), "unjudged"]);
  });
});

describe("somebody's own geometry", () => {
  test("may have keys that no geometry has: that is said", () => {
    const file = join(scratchFolder(), "geometry.json");
    writeFileSync(file, JSON.stringify({ maxorder: 2, maxOrder: 1, zones: [{ start: 0, pages: 4, hole: [] }] }));
    const { status, err } = fpr("explore", "--design", "none", "--geometry", file, "--limit", "10");
    expect(status).toBe(2);
    expect(err).toContain("geometry.json: ignored, as no geometry has it: maxorder, zones[0].hole");
  });

  const geometry = (pages: number): string => {
    const file = join(scratchFolder(), "geometry.json");
    writeFileSync(file, JSON.stringify({ maxOrder: 1, zones: [{ start: 0, pages }] }));
    return file;
  };

  test("is explored with all that the design can meet", () => {
    const { status, out } = fpr("explore", "--design", "none", "--geometry", geometry(2));
    expect([status, out]).toEqual([0, expect.stringContaining("holds (every interleaving of all that fits: ")]);
  });

  test("is asked what comes at last, and no other scope is", () => {
    const args = ["--live", "--design", "page-reporting", "--limit", "50"];
    const { status, out, json } = fpr("explore", "--geometry", geometry(16), ...args);
    expect([status, json["plan"]]).toEqual([2, "all that fits"]);
    expect(out).toBe("page-reporting: unjudged: full at 50 states of scope all that fits");
  });

  test("is refused where it is too large", () => {
    const { status, err } = fpr("explore", "--design", "none", "--geometry", geometry(66));
    expect([status, err]).toEqual([2, expect.stringContaining("66 pages are too many: at most 64 can be explored")]);
  });
});
