/** A campaign against a program in any language, in one process of it or in several at a time. `wire.md`, "The live protocol". */
import { InputError } from "../../model/alphabet/index.ts";
import type { Conformance } from "../conform/conformance.ts";
import { together, type Progress } from "../conform/conform.ts";
import { GEOMETRIES, type NamedGeometry } from "../conform/geometries.ts";
import { drive, ProgramFault } from "./drive.ts";
import type { ShareDone } from "./job.ts";
import { DEFAULT_TIMEOUT } from "./timeout.ts";

export interface ConformProgramOptions {
  /** Runs in all, each of up to 120 actions (one in 32: up to 960) and then as many as it takes to come to rest. */
  readonly runs: number;
  readonly seed: number;
  /** The machines to try, in turn. Absent: `GEOMETRIES`. */
  readonly geometries?: readonly NamedGeometry[];
  /** Seconds for one answer. Absent: 10. */
  readonly timeout?: number;
  /** Processes of the program that run at the same time; the verdict does not depend on it. Absent: one. */
  readonly workers?: number;
  /** Told now and then: runs and actions of all processes so far. */
  readonly progress?: (progress: Progress) => void;
}

/** The verdict on a program, and how fast it was driven. */
export interface ProgramConformance {
  readonly conformance: Conformance;
  /** Of the campaign, without the start of processes and without shrinking; undefined where something broke. */
  readonly actionsPerSecond: number | undefined;
}

/**
 * Judges a program by random runs, up to the first that breaks something, which is shrunk and then taken once more in a new
 * process. No process of the program is left when this returns, nor when our own ends by an error, SIGINT, SIGTERM or SIGHUP.
 *
 * @param command the program and its arguments; no shell is involved
 * @throws ProgramFault where the program does not keep to the protocol: nothing was judged. Of several processes, that of the
 *   smallest run
 * @throws InputError where the program can't be started, or an option is not usable
 */
export async function conformProgram(
  command: readonly string[],
  options: ConformProgramOptions,
): Promise<ProgramConformance> {
  if (command.length === 0) throw new InputError({ key: "command" }, "found nothing, expected a program");
  const { runs, seed, timeout = DEFAULT_TIMEOUT, workers = 1, progress } = options;
  const { geometries = GEOMETRIES } = options;
  const program = { command, timeout, geometryNamed: options.geometries !== undefined };
  const lowest = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(2 ** 31 - 1);
  const every = Math.min(workers, runs);
  const taken: Progress[] = Array.from({ length: every }, () => ({ runs: 0, actions: 0 }));
  const shares = taken.map((_, first) => {
    const task = {
      kind: "campaign",
      runs,
      seed,
      geometries,
      share: { first, every },
      lowest,
    } as const;
    return drive(program, task, (told) => {
      if ("share" in told) return told.share;
      if ("progress" in told) {
        taken[first] = told.progress;
        progress?.(sum(taken));
      }
      return undefined;
    });
  });
  const { conformance, actionsPerSecond } = verdict(await Promise.allSettled(shares));
  // In the order of the list, whichever process came to which first.
  const tried = geometries.map(({ name }) => name).filter((name) => conformance.geometries.includes(name));
  return { conformance: { ...conformance, geometries: tried }, actionsPerSecond };
}

/** Of all that went wrong, and of all that broke, what comes first counts. */
function verdict(ends: readonly PromiseSettledResult<ShareDone>[]): ProgramConformance {
  const failures = ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
  const done = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  for (const failure of failures) if (!(failure instanceof ProgramFault)) throw failure;
  const faults = failures.filter((failure) => failure instanceof ProgramFault);
  const [first] = faults.toSorted((one, other) => runOf(one) - runOf(other));
  const broken = done.map(({ conformance }) => conformance.found?.run ?? Infinity);
  if (first !== undefined && runOf(first) <= Math.min(...broken)) throw first;
  const conformance = done.map((share) => share.conformance).reduce(together);
  const seconds = Math.max(...done.map((share) => share.seconds));
  return {
    conformance,
    actionsPerSecond: conformance.found === undefined ? conformance.actions / seconds : undefined,
  };
}

/** A fault at the very end comes after all runs. */
function runOf({ run }: ProgramFault): number {
  return run?.run ?? Infinity;
}

function sum(taken: readonly Progress[]): Progress {
  return taken.reduce((one, other) => ({ runs: one.runs + other.runs, actions: one.actions + other.actions }));
}
