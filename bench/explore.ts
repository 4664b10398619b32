/**
 * `npm run bench:explore`: how fast every interleaving of a small guest is explored, all judges on, and what memory that
 * takes. Ratios between what ran side by side; CPU time of all threads; medians. `--quick` measures once.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Explored, Measured } from "./explore-one.ts";
import { median } from "./twin.ts";

const ROOT = join(import.meta.dirname, "..");
const BUILT = join(ROOT, ".bench");
const DESIGNS = ["page-reporting", "reported-boundary"];
const TURNS = process.argv.includes("--quick") ? 1 : 5;

/** Compiles the measurement with all that it imports. */
function build(): void {
  mkdirSync(BUILT, { recursive: true });
  const config = {
    extends: "../tsconfig.build.json",
    compilerOptions: { outDir: "built", rootDir: "..", tsBuildInfoFile: "built/.tsbuildinfo", declaration: false },
    include: ["../bench/explore-one.ts", "../properties/drivers/explore/threads/worker.ts"],
  };
  writeFileSync(join(BUILT, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", BUILT], { stdio: "inherit" });
}

function measure(what: string, design: string): unknown {
  const script = join(BUILT, "built/bench/explore-one.js");
  const text = execFileSync(process.execPath, [script, what, design], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(text);
}

/** All arms once, one after the other: who shares the machine disturbs them alike. */
interface Turn extends Measured {
  readonly unchecked: Explored;
  readonly one: Explored;
  readonly two: Explored;
}

function turn(design: string): Turn {
  return {
    ...(measure("explored", design) as Measured),
    unchecked: measure("unchecked", design) as Explored,
    one: measure("1", design) as Explored,
    two: measure("2", design) as Explored,
  };
}

function say(first: string, ...columns: readonly string[]): void {
  console.log(first.padEnd(52) + columns.map((column) => column.padStart(20)).join(""));
}

/** Work is the same in all arms, or nothing is compared. */
function mustAgree(runs: readonly Explored[]): void {
  if (new Set(runs.map(({ states, transitions, digest }) => `${states} ${transitions} ${digest}`)).size === 1) return;
  console.log("DIFFERENT states or transitions:", runs);
  process.exitCode = 1;
}

function columnOf(design: string): string[] {
  const turns = Array.from({ length: TURNS }, () => turn(design));
  mustAgree(turns.flatMap(({ explored, unchecked, one, two }) => [explored, unchecked, one, two]));
  const over = (value: (turn: Turn) => number): number => median(turns.map(value));
  const [{ explored: first }] = turns;
  const transition = ({ explored: { micros, transitions } }: Turn): number => (1000 * micros) / transitions;
  return [
    String(first.states),
    (first.transitions / first.states).toFixed(2),
    String(first.stateBytes),
    over(({ explored }) => explored.states / explored.micros).toFixed(3),
    over(({ explored }) => explored.transitions / explored.micros).toFixed(3),
    over((turn) => transition(turn) / turn.step).toFixed(1),
    over((turn) => transition(turn) / turn.synthetic).toFixed(1),
    (first.bytes / first.states / first.stateBytes).toFixed(2),
    over(({ explored, unchecked }) => 1 - unchecked.micros / explored.micros).toFixed(2),
    over(({ one, two }) => two.micros / one.micros).toFixed(2),
  ];
}

const ROWS = [
  "states",
  "transitions a state",
  "bytes a state (its key)",
  "million states a second of CPU time",
  "million transitions a second",
  "a transition : a bare step of the implementation",
  "a transition : one of the synthetic model",
  "memory a state, table and queue : its own bytes",
  "share of the invariants of a guest's state",
  "CPU time of two threads : of one, with their start",
];

build();
console.log(`\nEvery interleaving, every judge (median of ${TURNS})`);
say("", ...DESIGNS);
const columns = DESIGNS.map(columnOf);
ROWS.forEach((row, at) => say(row, ...columns.map((column) => column[at])));
