/**
 * A rejected capture, explained: who had the pages and how they came there, by the contract's own events; the nearest repair,
 * by all judges of a capture; what was unknown, and what to record to know more.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { Break, Heard, Rejection, Repair } from "../../../properties/rejection/index.ts";
import { explainReading } from "../../../properties/rejection/index.ts";
import type { HostViolation } from "../host/discards.ts";
import type { Edit, Refused } from "./trace-edits.ts";
import { editsFor } from "./trace-edits.ts";
import { hostEdits } from "./host-edits.ts";
import type { TraceFile } from "../capture/ftrace.ts";
import type { Background } from "../guest/recording.ts";
import type { Told } from "../guest/telling.ts";
import { OPTIONS, Recording } from "../guest/recording.ts";
import type { Tried } from "./trials.ts";
import { tryEdits } from "./trials.ts";
import { noCounts } from "../verdict.ts";
import { windowRepairs } from "./window-repairs.ts";

/** How a capture broke. */
export interface Broke {
  readonly violation: Violation;
  readonly line: number;
  /** Events told before the recording was refused. */
  readonly told: number;
  readonly last: Told | undefined;
  /** Absent: what is wrong is wrong at the end. */
  readonly refused?: Refused;
}

/** Further repairs that are told. */
const MOST_OTHERS = 2;

export async function explainCapture(trace: TraceFile, background: Background, broke: Broke): Promise<Rejection> {
  const { geometry } = background.meta;
  const { violation, line, told, last, refused } = broke;
  const seen = refused === undefined ? undefined : last;
  const found: Break = {
    geometry,
    options: OPTIONS,
    violation,
    unit: "line",
    index: seen?.index ?? told,
    at: line,
    ...(seen === undefined ? {} : { event: seen.event }),
    ...(seen !== undefined && !seen.isRefused ? { isUnheard: true } : {}),
  };
  const rejection = await explainReading(found, (hear) => readEvents(trace, background, hear));
  const alone = ofHostAlone(background, violation);
  if (alone !== undefined) return { ...withAdvice(rejection, background), tried: alone.length, ...firstOf(alone) };
  const edits = refused === undefined ? [] : editsOf(refused, background);
  const tried = edits.length === 0 ? [] : await tryEdits(trace, background, edits, line);
  return withRepairs(withAdvice(rejection, background), violation, tried, edits.length);
}

/** What the host did wrong is mended in what it did, not in the trace. */
function editsOf(refused: Refused, background: Background): Edit[] {
  const { violation, recording } = refused;
  return isByHost(violation) ? hostEdits(background, violation, recording.counts.reports) : editsFor(refused);
}

function isByHost(violation: Violation): violation is HostViolation {
  return "discard" in violation;
}

/** Repairs of what the host's own logs show to be wrong. */
function ofHostAlone({ host, hostAlone }: Background, violation: Violation): Repair[] | undefined {
  if (host.logs === undefined || hostAlone?.violation.explanation !== violation.explanation) return undefined;
  const { reports, discards } = host.logs;
  return windowRepairs({ reports, discards }, hostAlone).map(({ text }) => ({
    text,
    changes: [],
    reach: { holds: 0, follow: 0 },
  }));
}

function firstOf([best, ...more]: readonly Repair[]): Pick<Rejection, "repair" | "others"> {
  return { ...(best === undefined ? {} : { repair: best }), others: more.slice(0, MOST_OTHERS) };
}

/** The events of the capture once more, up to the first line that is none. */
async function readEvents(trace: TraceFile, background: Background, hear: (heard: Heard) => boolean): Promise<boolean> {
  let goesOn = true;
  const listener = {
    event(event: Heard["event"], at: number): undefined {
      goesOn &&= hear({ at, event });
    },
    end: (): undefined => undefined,
  };
  const recording = new Recording(background, noCounts(), listener);
  try {
    const { stopped } = await trace.forEachEvent((event) => {
      recording.observe(event);
      return !goesOn;
    });
    return !stopped && !recording.isInPass;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * Repairs with which everything holds go before others, what all judges accept before what only the contract does, and
 * what only leaves out the line last of its kind.
 */
function withRepairs(rejection: Rejection, violation: Violation, tried: readonly Tried[], count: number): Rejection {
  const { repair, others, ...rest } = rejection;
  // What the host did wrong no other event of the guest would mend.
  const byContract = repair === undefined || isByHost(violation) ? [] : [repair, ...others];
  const those = (isWhole: boolean, saysLittle: boolean): Repair[] =>
    tried.filter((one) => one.isWhole === isWhole && one.saysLittle === saysLittle).map((one) => one.repair);
  const all = [
    ...those(true, false),
    ...byContract.filter(({ reach }) => reach.breaks === undefined),
    ...those(true, true),
    ...those(false, false),
    ...byContract.filter(({ reach }) => reach.breaks !== undefined),
    ...those(false, true),
  ];
  return { ...rest, tried: rejection.tried + count, ...firstOf(all) };
}

/** What this capture does not have, of all that a capture can have. */
function withAdvice(rejection: Rejection, { opening, closing, join, meta }: Background): Rejection {
  const advice = [
    ...(opening === undefined
      ? [
          "record /proc/kpageflags between two marks: then every page has an owner before its first event, and free blocks are predicted",
        ]
      : []),
    ...(closing === undefined
      ? ["record /proc/kpageflags at the end, too: what was lost and never seen again shows there"]
      : []),
    ...(join === undefined
      ? ["record the host's madvise calls with their times: what it drops, and when, is not seen"]
      : []),
    ...(meta.timing === undefined
      ? ["record reports and passes in a second trace instance with a real clock: nothing here has a time"]
      : []),
    ...(meta.seesOomKills ? [] : ["probe oom_kill_process: who finds no memory is not seen"]),
  ];
  const { unknown, ...rest } = rejection;
  if (unknown === undefined || (unknown.pages === 0 && unknown.requests === 0 && advice.length === 0)) return rest;
  return { ...rest, unknown: { ...unknown, advice } };
}
