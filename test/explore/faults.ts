/**
 * Planted faults, hunted by exploring: in which small plan the shortest story of each is, how long it is, and beside it
 * the length of what random runs and the shrinker came to. Kept in test/fixtures/explored-faults.json.
 * To write that file anew (a quarter of an hour): `node --import tsx test/explore/faults.ts`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../model/alphabet/index.ts";
import { designOf } from "../../model/designs/index.ts";
import { explore } from "../../properties/drivers/explore/explore.ts";
import { onRecord } from "../../properties/drivers/explore/on-record.ts";
import { largePlansFor, plansFor, type Plan } from "../../properties/drivers/explore/plans.ts";
import type { Fault } from "../../properties/faults/fault.ts";
import { HOST_FAULTS } from "../../properties/faults/host.ts";
import { hunt } from "../../properties/faults/hunt.ts";
import { FAULTS } from "../../properties/faults/index.ts";
import { storyOf } from "../../cli/explored.ts";

/** Faults that can't be explored, and why. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map(
  ["canary", "host-drops-what-was-written-since", "host-logs-no-first-writes", "cursor-kept-over-the-unlocked-section"]
    .map((id): [string, string] => [id, "remembers what it did where no cell says it"])
    .concat([
      ["hypercall-left-twice", "counts down without end"],
      ["boundaries-of-the-last-zone-kept", "follows links of blocks on no list, of which no cell says anything"],
    ]),
);

export interface Shortest {
  readonly plan: string;
  readonly property: string;
  readonly actions: number;
}

/** What is on file of a fault: its shortest story, if any small plan has one, and the shrinker's. */
export interface Row extends Partial<Shortest> {
  readonly killer: string;
  readonly shrunk: number;
}

const FILE = join(import.meta.dirname, "../fixtures/explored-faults.json");
/** More states than a clean design has in any small plan; a fault may have no end. */
const LIMIT = 100_000;
/** As `fpr check --fault all`. */
const RUNS = 1000;
const SEED = 1;

export function plansOf({ design, variant }: Fault): readonly Plan[] {
  const form = designOf(design, variant).variant;
  return [...plansFor(design, form), ...largePlansFor(design, form).filter(({ name }) => name === "tails")];
}

/** @param depth most actions @returns the shortest story in a plan in which the fault breaks what its design does not */
export function shortestIn(plan: Plan, fault: Fault, depth?: number): Shortest | undefined {
  const subject = { design: fault.design, fault: fault.id };
  const report = explore({ plan, subject, limit: LIMIT, depth, known: onRecord(fault.design, plan) });
  if (report.broken === undefined) return undefined;
  const { finding, trouble } = storyOf(plan, subject, report, report.broken);
  // A host that is wrong about its requests misleads the explorer too, who takes them for what the contract knows.
  if (trouble !== undefined && HOST_FAULTS.includes(fault)) return undefined;
  if (trouble !== undefined) throw new Error(`${fault.id}: ${trouble}`);
  return { plan: plan.name, property: finding.violation.property, actions: finding.steps.length };
}

function shortestOf(fault: Fault): Shortest | undefined {
  let best: Shortest | undefined;
  for (const plan of plansOf(fault)) {
    try {
      const depth = best === undefined ? undefined : best.actions - 1;
      const found = depth === 0 ? undefined : shortestIn(plan, fault, depth);
      if (found !== undefined && (best === undefined || found.actions < best.actions)) best = found;
    } catch (error) {
      // What comes of it is no run of a guest any more: nothing can be said of it in this plan.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return best;
}

function rowOf(fault: Fault): Row {
  const shrunk = hunt(fault, RUNS, SEED).sampled.found?.shrunk.steps.length ?? 0;
  return { killer: fault.killer, shrunk, ...(LEFT_OUT.has(fault.id) ? {} : shortestOf(fault)) };
}

export function readFaults(): Readonly<Record<string, Row>> {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

function writeFaults(): void {
  const lines = [...FAULTS.values()].map((fault) => `  ${JSON.stringify(fault.id)}: ${JSON.stringify(rowOf(fault))}`);
  writeFileSync(FILE, `{\n${lines.join(",\n")}\n}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFaults();
