/** A live kernel, where this machine has what that takes: the verdicts that `fpr linux` gives of it. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { defaultKernelFolder } from "../../oracle/live/kernel.ts";
import { findTools } from "../../oracle/live/needs.ts";

const PROGRAM = join(import.meta.dirname, "../../dist/cli/main.js");

/** What is missing here, in a few words; undefined where nothing is. */
function missing(buildsModule: boolean): string | undefined {
  try {
    findTools(defaultKernelFolder(), buildsModule);
    return undefined;
  } catch (error) {
    if (error instanceof InputError)
      return /not found: (.*?)(?: in [^ ]*)?\. Nothing/.exec(error.message)?.[1] ?? error.message;
    throw error;
  }
}

interface Said {
  readonly status: number | null;
  readonly err: string;
  readonly json: Readonly<Record<string, unknown>>;
}

async function fpr(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  const child = spawn(process.execPath, [PROGRAM, ...words, "--json"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, err, json: JSON.parse(out.trimEnd().split("\n").at(-1) ?? "{}") };
}

/** A test that needs a guest; without, its name says what is not here. */
function live(name: string, buildsModule: boolean, run: () => Promise<void>): void {
  const absent = missing(buildsModule);
  if (absent === undefined) test(name, run);
  else test.skip(`${name} (not run: no ${absent})`, run);
}

let work = "";
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "fpr-live-"));
});
afterAll(() => rmSync(work, { recursive: true }));

describe("the stock kernel with a balloon", () => {
  live("holds: every step predicted, every page of the closing snapshot as the events left it", false, async () => {
    const keep = join(work, "tiny");
    const { status, json, err } = await fpr(["linux", "--report-order", "3", "--slow-host", "50", "--keep", keep], {
      TMPDIR: work,
    });
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(json).toMatchObject({ verdict: "holds", contents: { corrupt: 0 }, counts: { discardsFrom: "madvise.log" } });
    const { counts } = json as { counts: Record<string, number> & Record<string, { agree: number; of: number }> };
    for (const share of ["predicted", "closing"]) {
      expect(counts[share].of).toBeGreaterThan(10_000);
      expect(counts[share].agree).toBe(counts[share].of);
    }
    for (const seen of ["passes", "reports", "blocksReported", "discards"]) expect(counts[seen]).toBeGreaterThan(1);
    expect(readdirSync(work)).toEqual(["tiny"]);
    const again = await fpr(["judge", keep]);
    expect(again.json).toMatchObject({ verdict: "holds", counts });
  });

  live("violates, where the host drops pages after its ack", false, async () => {
    const { status, json } = await fpr(["linux", "--control", "late", "--stream"]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ verdict: "violates", property: "host-window" });
    expect(json["explanation"]).toMatch(/after request \d+ was acked/);
  });

  live("can't be judged, where the recorder lost events", false, async () => {
    const { status, json } = await fpr(["linux", "--control", "lost"]);
    expect(status).toBe(2);
    expect(json["explanation"]).toMatch(/events were lost/);
  });
});

describe("the stock kernel with a device of its own", () => {
  live(
    "violates fake-oom, where it answers after 6 s: a process is killed while memory is only held",
    true,
    async () => {
      const { status, json } = await fpr(["linux", "--workload", "slow-device"]);
      expect(json).toMatchObject({ verdict: "violates", property: "fake-oom" });
      expect(json["explanation"]).toContain("hog");
      expect(status).toBe(1);
    },
  );

  live("holds, where it answers at once: the same process gets its memory", true, async () => {
    const { status, json } = await fpr(["linux", "--workload", "slow-device", "--slow-host", "0"]);
    expect(json).toMatchObject({ verdict: "holds" });
    expect(status).toBe(0);
  });
});
