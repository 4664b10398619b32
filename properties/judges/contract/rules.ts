/**
 * Who may take pages from whom: `wire.md`, "The contract", the rows `exclusion` and `ownership`, as data.
 */
import type { Change, States } from "./states.ts";
import {
  ABSENT,
  ACKED,
  ACKED_FLIGHT,
  ALLOCATED,
  ANY_FLIGHT,
  ANY_FREE,
  FLIGHT,
  FREE,
  HELD,
  MARKED,
  UNKNOWN,
  change,
} from "./states.ts";

export interface Rule {
  /** The event, as a person says it. */
  readonly name: string;
  /** The states that pages may be in; an unknown page satisfies every rule. */
  readonly takes: States;
  /** The states that break `exclusion`; all others that are not taken break `ownership`. */
  readonly excludes: States;
  readonly to: Change;
  /** What `takes` means in words. */
  readonly expected: string;
  /** Why pages in flight stand in the way. */
  readonly danger: string;
}

function rule(name: string, takes: States, excludes: States, to: Change, expected: string, danger = ""): Rule {
  return { name, takes: takes | UNKNOWN, excludes, to, expected, danger };
}

const NEVER: States = 0;
const IDLE_HELD: States = HELD | ACKED;

const LOSES = "the host may still drop what is written there";
export const ALLOC = rule("alloc", ANY_FREE, ANY_FLIGHT, change([ANY_FREE | UNKNOWN, ALLOCATED]), "free", LOSES);
export const WRITE = rule("write", ALLOCATED, ANY_FLIGHT, change([UNKNOWN, ALLOCATED]), "allocated", LOSES);
export const FREE_RULE = rule("free", ALLOCATED, NEVER, change([ALLOCATED | UNKNOWN, FREE]), "allocated");
export const ISOLATE = rule("isolate", ANY_FREE, NEVER, change([ANY_FREE | UNKNOWN, HELD]), "free");

const TWICE = "the host still processes them";
const TO_FLIGHT = change([HELD | ANY_FREE | UNKNOWN, FLIGHT], [ACKED, ACKED_FLIGHT]);
const NOT_SUBMITTED = ANY_FLIGHT | ALLOCATED;
export const SUBMIT = rule("submit", IDLE_HELD, NOT_SUBMITTED, TO_FLIGHT, "held by the reporter", TWICE);
/** With `isolate` unseen, `submit` takes its pages from `free` itself. */
export const SUBMIT_FREE = rule("submit", IDLE_HELD | ANY_FREE, NOT_SUBMITTED, TO_FLIGHT, "free", TWICE);

const BACK = "whoever gets them next would lose what he writes";
const RETURNED = IDLE_HELD | UNKNOWN;
export const RELEASE = rule("release", IDLE_HELD, ANY_FLIGHT, change([RETURNED, FREE]), "held by the reporter", BACK);
export const RELEASE_REPORTED: Rule = { ...RELEASE, to: change([RETURNED, MARKED]) };

const GONE = "the host still processes pages that are gone";
export const OFFLINE = rule("offline", ANY_FREE, ANY_FLIGHT, change([ANY_FREE | UNKNOWN, ABSENT]), "free", GONE);
export const ONLINE = rule("online", ABSENT, NEVER, change([ABSENT | UNKNOWN, FREE]), "absent");

/** What an ack does to the pages of its request; with `release` unseen it also gives them back. */
export const ACKS = {
  ok: change([ANY_FLIGHT, ACKED]),
  failed: change([FLIGHT, HELD], [ACKED_FLIGHT, ACKED]),
  okAndBack: change([ANY_FLIGHT, MARKED]),
  failedAndBack: change([ANY_FLIGHT, FREE]),
} as const;
