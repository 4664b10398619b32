/**
 * What every small plan of every design comes to, kept in test/fixtures/explored.json: whatever changes a state, a move or a judge shows.
 * To write the file anew, after a look at what changed: `node --import tsx test/explore/golden.ts`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DESIGNS } from "../../model/designs/index.ts";
import { explore } from "../../properties/drivers/explore/explore.ts";
import { onRecord } from "../../properties/drivers/explore/on-record.ts";
import { plansFor } from "../../properties/drivers/explore/plans.ts";
import type { Report } from "../../properties/drivers/explore/report.ts";

export interface Counts extends Pick<Report, "ended" | "states" | "transitions" | "depth" | "cut"> {
  /** Of all states, and of all transitions. */
  readonly digest: string;
  /** The failure on record that is the first to come up, and how many actions lead to it. */
  readonly first?: string;
}

/** By design, by plan. */
export type Golden = Readonly<Record<string, Readonly<Record<string, Counts>>>>;

const FILE = join(import.meta.dirname, "../fixtures/explored.json");

export const REWRITE = "if that is as it should be: node --import tsx test/explore/golden.ts";

/** Far more than any small plan has. */
const LIMIT = 500_000;

export const FORMS = [...DESIGNS.values()].flat().map(({ id, variant }) => [id, variant] as const);

export function labelOf(design: string, variant: string): string {
  return variant === "" ? design : `${design}:${variant}`;
}

/** Explores all small plans of a design past what is on record; where anything came up, once more up to that. */
export function countsOf(design: string, variant: string): Readonly<Record<string, Counts>> {
  const subject = { design };
  return Object.fromEntries(
    plansFor(design, variant).map((plan) => {
      const { ended, states, transitions, depth, cut, digest } = explore({
        plan,
        subject,
        limit: LIMIT,
        known: onRecord(design, plan),
      });
      const counts = { ended, states, transitions, depth, cut, digest: `${digest.states} ${digest.transitions}` };
      if (cut === 0) return [plan.name, counts];
      const { broken, path } = explore({ plan, subject, limit: LIMIT });
      return [plan.name, { ...counts, first: `${broken?.violation.property ?? "nothing"} in ${path.length}` }];
    }),
  );
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** A plan a line, so that a change reads well in a review. */
function writeGolden(golden: Golden): void {
  const designs = Object.entries(golden).map(([design, plans]) => {
    const lines = Object.entries(plans).map(
      ([plan, counts]) => `    ${JSON.stringify(plan)}: ${JSON.stringify(counts)}`,
    );
    return `  ${JSON.stringify(design)}: {\n${lines.join(",\n")}\n  }`;
  });
  writeFileSync(FILE, `{\n${designs.join(",\n")}\n}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeGolden(Object.fromEntries(FORMS.map(([id, variant]) => [labelOf(id, variant), countsOf(id, variant)])));
}
