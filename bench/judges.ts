/**
 * How fast is judged, and how much slower the model is than the implementation. Each measurement has a process of its
 * own (`judges-one.ts`), so that none runs code that another has made polymorphic.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measure } from "./judge-rates.ts";

const ONE = fileURLToPath(new URL("judges-one.ts", import.meta.url));
const DESIGNS = ["page-reporting", "reported-boundary"];

/** What a million means here: steps that are judged, or events. */
export interface JudgeRates {
  readonly design: string;
  /** Steps a second: implementation, contract, invariants, memory; the mean over all scopes. */
  readonly alone: number;
  /** The same with the model beside it, the whole state compared after every step. */
  readonly lockstep: number;
  /** Events a second: the contract alone. */
  readonly contract: number;
  /** Events that the contract alone judges in the time of one that a monitor judges: it checks shapes, and remembers. */
  readonly monitoring: number;
  /** Actions of the implementation in the time of one of the model's, nobody judging. */
  readonly modelToImpl: number;
  /** Steps of the implementation alone, unjudged, in the time of a judged one. */
  readonly judging: number;
}

/** @param turns of each measurement; the median is taken */
export function measureJudges(design: string, turns: number, amount: number): JudgeRates {
  const measure = (what: Measure, amount: number): number => {
    const args = ["--import", "tsx", ONE, what, design, String(turns), String(amount)];
    return Number(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  };
  const alone = measure("alone", amount);
  const impl = measure("impl", amount);
  const contract = measure("contract", amount);
  return {
    design,
    alone,
    lockstep: measure("lockstep", amount / 40),
    contract,
    monitoring: contract / measure("monitor", amount),
    modelToImpl: impl / measure("model", amount / 40),
    judging: impl / alone,
  };
}

/** Measures and prints. */
export function judges(quick: boolean): void {
  const turns = quick ? 3 : 5;
  console.log(`\nJudging, a second of CPU time (median of ${turns})`);
  console.log(row("", ...DESIGNS));
  const rates = DESIGNS.map((design) => measureJudges(design, turns, quick ? 200_000 : 1_000_000));
  const million = (rate: number): string => `${(rate / 1e6).toFixed(3)} M`;
  console.log(row("steps, every judge, without the model", ...rates.map(({ alone }) => million(alone))));
  console.log(row("steps, lockstep", ...rates.map(({ lockstep }) => million(lockstep))));
  console.log(row("events, contract alone", ...rates.map(({ contract }) => million(contract))));
  console.log(row("monitored event : event", ...rates.map(({ monitoring }) => monitoring.toFixed(2))));
  console.log(row("model : implementation", ...rates.map(({ modelToImpl }) => modelToImpl.toFixed(0))));
  console.log(row("judged step : step", ...rates.map(({ judging }) => judging.toFixed(1))));
}

function row(first: string, ...rest: readonly string[]): string {
  return first.padEnd(40) + rest.map((text) => text.padStart(20)).join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) judges(process.argv.includes("--quick"));
