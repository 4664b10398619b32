/** What `fpr check` and `fpr judge` say of known transitions. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { judge } from "../../cli/judge.ts";
import { tellVisits } from "../../cli/visits.ts";
import { plansFor } from "../../properties/drivers/explore/plans.ts";
import { aim } from "../../properties/drivers/explore/transitions/aim.ts";
import { survey } from "../../properties/drivers/explore/transitions/survey.ts";
import { KNOWN } from "../../properties/known-transitions.ts";
import { scratchFolder } from "../scratch-folder.ts";

// As they are, but for the once that a test says otherwise.
vi.mock("../../properties/drivers/explore/transitions/aim.ts", { spy: true });
vi.mock("../../properties/drivers/explore/transitions/survey.ts", { spy: true });

let said: string[] = [];
beforeEach(() => {
  said = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(...line.split("\n")));
});
afterEach(() => vi.restoreAllMocks());

const FORM = { design: "reported-boundary", variant: "" };
const FEW = { runs: 2, seed: 1, save: undefined, aim: false };
const ALL = KNOWN.get("reported-boundary")?.transitions.length ?? 0;

describe("check", () => {
  test("counts what it visited, and names what it never did", () => {
    const verdict = tellVisits(FEW, FORM);
    expect(verdict).toMatchObject({ verdict: "holds", transitions: ALL });
    const never = verdict["neverVisited"];
    if (!Array.isArray(never)) throw new Error("nothing is said of what was never visited");
    expect(never.length).toBeGreaterThan(8);
    expect(verdict["visited"]).toBe(ALL - never.length);
    expect(said[0]).toMatch(new RegExp(`^  visited ${ALL - never.length} of ${ALL} transitions`));
    expect(said[1]).toBe(`    never: ${String(never[0])}`);
    expect(said.slice(-2)).toEqual([`    and ${never.length - 8} more`, expect.stringContaining("--aim")]);
  });

  test("with --aim prints the actions to each of them, and takes them", () => {
    const verdict = tellVisits({ ...FEW, aim: true }, FORM);
    const never = verdict["neverVisited"];
    const amount = Array.isArray(never) ? never.length : 0;
    expect(verdict).toMatchObject({ verdict: "holds", aimed: amount });
    expect(said.filter((line) => line.startsWith("    never: "))).toHaveLength(amount);
    expect(said.some((line) => /^      \d+ actions in the plan /.test(line))).toBe(true);
    expect(said.at(-1)).toBe(`    aimed at ${amount}, beside the model: ${amount} reached, nothing broken`);
  }, 60_000);

  test("with --aim says so where the list names what is not there any more", () => {
    vi.mocked(survey).mockReturnValueOnce({ plans: 0, states: 0, routes: new Map(), moments: new Set() });
    const verdict = tellVisits({ ...FEW, aim: true }, FORM);
    expect(verdict["verdict"]).toBe("unjudged");
    expect(verdict.explanation).toMatch(
      /^\d+ transitions on the list of reported-boundary can't be reached any more: /,
    );
    expect(said.at(-1)).toBe(`  ${verdict.explanation}`);
  });

  test("what --aim breaks was found by no run: neither words nor file say so", () => {
    const [plan] = plansFor(FORM.design, FORM.variant);
    const routes = new Map(KNOWN.get("reported-boundary")?.transitions.map((label) => [label, { plan, moves: [] }]));
    vi.mocked(survey).mockReturnValueOnce({ plans: 1, states: 1, routes, moments: new Set() });
    const broken = { violation: { property: "slip", explanation: "planted" }, at: 0 } as const;
    vi.mocked(aim).mockReturnValueOnce({ steps: [{ do: "work" }], reached: false, broken });
    const { verdict, file } = tellVisits({ ...FEW, save: scratchFolder(), aim: true }, FORM);
    expect(verdict).toBe("violates");
    expect(said.find((line) => line.includes("violates"))).toMatch(
      /^reported-boundary: violates slip, found in the plan .+ after 1 step, seed 1, shrunk to 1 action$/,
    );
    expect(JSON.parse(readFileSync(file ?? "", "utf8"))).not.toHaveProperty("found");
  });

  test("of a design without a list nothing is said but that", () => {
    expect(tellVisits(FEW, { design: "yours", variant: "" })).toEqual({ verdict: "holds" });
    expect(said).toEqual([expect.stringContaining("no list of yours is kept")]);
  });
});

describe("judge", () => {
  const trace = [
    {
      format: "free-page-trace",
      version: 1,
      geometry: { maxOrder: 2, reportOrder: 1, zones: [{ start: 0, pages: 8 }] },
    },
    { event: "alloc", pfn: 0, order: 0 },
    { event: "free", pfn: 0, order: 0 },
  ];

  test("tells what a trace shows of the design that is named", async () => {
    const folder = scratchFolder();
    const file = join(folder, "trace.jsonl");
    writeFileSync(file, trace.map((line) => JSON.stringify(line)).join("\n"));
    const all = KNOWN.get("page-reporting")?.moments.length ?? 0;
    expect(await judge([file], "page-reporting")).toMatchObject({ verdict: "holds", visited: 2, transitions: all });
    expect(said).toContain(`  visited 2 of ${all} transitions of page-reporting, as far as events tell them apart`);
    const silent = await judge([file]);
    expect(silent["visited"]).toBeUndefined();
    expect(silent["moments"]).toBeUndefined();
    await expect(judge([file], "bitmap")).rejects.toThrow("it has several forms");
  });
});
