/**
 * How fast does the oracle ask a program? Beside it, in turns with it, a bare ping-pong over the same kind of pipes: a line
 * to `cat` and back, nothing read in it. Their ratio is what the oracle costs; the machine's load is in both.
 *
 *     node --import tsx bench/conform-rate.ts [RUNS]
 */
import { execFileSync, spawn } from "node:child_process";
import { readSync, writeSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { conformProgram } from "../oracle/process/conform-program.ts";
import { Fifos } from "../oracle/process/fifos.ts";
import { count } from "../properties/numbers.ts";
import { median } from "./twin.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const RUNS = Number(process.argv[2] ?? 1000);
const ROUNDS = 5;
const ROUND_TRIPS = 50_000;
/** As long as most actions. */
const LINE = '{"do":"free","pfn":512,"order":2,"cpu":0}\n';

const PROGRAMS = [
  { name: "a trivial program in C", source: join(HERE, "first-fit.c") },
  { name: "the example adapter in C", source: join(HERE, "../examples/c/adapter.c") },
];

/** Lines there and back again in a second. */
function pingPong(): number {
  const fifos = new Fifos();
  const cat = spawn("cat", [], { stdio: [fifos.theirs.read, fifos.theirs.write, "inherit"] });
  fifos.closeTheirs();
  const { read, write } = fifos.ours;
  const bytes = Buffer.alloc(LINE.length);
  const started = performance.now();
  for (let at = 0; at < ROUND_TRIPS; at++) {
    writeSync(write, LINE);
    for (let come = 0; come < LINE.length;) come += readSync(read, bytes, come, LINE.length - come, null);
  }
  const seconds = (performance.now() - started) / 1000;
  cat.kill();
  fifos.remove();
  return ROUND_TRIPS / seconds;
}

async function rateOf(command: readonly string[]): Promise<number> {
  const { conformance, actionsPerSecond } = await conformProgram(command, { runs: RUNS, seed: 1 });
  if (actionsPerSecond === undefined)
    throw new Error(`${conformance.name} breaks ${conformance.found?.violation.property}`);
  return actionsPerSecond;
}

const folder = mkdtempSync(join(tmpdir(), "conform-rate-"));
try {
  const programs = PROGRAMS.map(({ name, source }, at) => {
    const program = join(folder, `program${at}`);
    execFileSync("cc", ["-std=c11", "-O2", "-o", program, source]);
    return { name, program, rates: [] as number[] };
  });
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(pingPong());
    for (const { program, rates } of programs) rates.push(await rateOf([program]));
  }
  const load = loadavg()
    .map((one) => one.toFixed(1))
    .join(" ");
  console.log(`${ROUNDS} rounds of ${count(RUNS)} runs, medians; load of the machine ${load}`);
  const rows = [{ name: "bare ping-pong with cat", rates: bare }, ...programs];
  for (const { name, rates } of rows) {
    const ratio = (median(rates) / median(bare)).toFixed(2);
    console.log(
      `  ${name.padEnd(26)} ${count(Math.round(median(rates))).padStart(9)} a second   ${ratio} of the bare one`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
