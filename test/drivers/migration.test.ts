/** Precopy migration with hints: what arrives, by both ways in which the dirty log is cleared. Steps by hand. */
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Settings, type Step } from "../../model/alphabet/index.ts";
import { execute } from "../../properties/drivers/run.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import type { PropertyId, Violation } from "../../properties/judges/properties.ts";
import { enter } from "../../properties/subjects.ts";
import { machine, zone } from "../judges/events.ts";

const LOGS = ["bitmap", "chunk"] as const;
const GET_PUT_HINTS = { design: "get-put-hints", variant: "migration" };
const FREE_PAGE_HINT = { design: "free-page-hint", variant: "plain" };

const alloc: Step = { do: "alloc", order: 3, migratetype: "movable", node: 0, cpu: 0, wait: false };
const WORK: Step = { do: "work" };
const START: Step = { do: "hint", command: "start" };
const DISCARD: Step = { do: "discard", request: 1 };
const ACK: Step = { do: "ack", request: 1, ok: true };

function migrate(phase: "begin" | "sync" | "transfer" | "end"): Step {
  return { do: "migrate", phase };
}

/** One chunk: two blocks of 8 pages, which is also the report order. */
function scopeOf(variant: string, dirtyLog: Settings["dirtyLog"]): Scope {
  return {
    name: "migration",
    geometry: machine([zone(0, 16)], { reportOrder: 3, capacity: 2 }),
    settings: { ...DEFAULT_SETTINGS, variant, hintsFor: "migration", dirtyLog, delay: 0 },
  };
}

function goes(
  { design, variant }: { design: string; variant: string },
  dirtyLog: Settings["dirtyLog"],
  steps: readonly Step[],
  ignored: readonly PropertyId[] = [],
): Violation | undefined {
  return execute(enter(scopeOf(variant, dirtyLog), { design, system: "impl", ignored }, true), steps).violation;
}

describe.each(LOGS)("with the log cleared by %s", (log) => {
  test("what is written before, between and after transfers arrives", () => {
    const steps: Step[] = [
      alloc,
      migrate("begin"),
      migrate("transfer"),
      { do: "free", of: 0, cpu: 0 },
      alloc,
      alloc,
      migrate("transfer"),
      migrate("sync"),
      migrate("transfer"),
      { do: "free", of: 4, cpu: 0 },
      alloc,
      migrate("end"),
      { do: "free", of: 10, cpu: 0 },
      { do: "free", of: 5, cpu: 0 },
    ];
    expect(goes(GET_PUT_HINTS, log, steps)).toBeUndefined();
  });

  test("a hint for pages that nobody writes to again leaves them out, and nothing is lost", () => {
    const steps: Step[] = [migrate("begin"), START, WORK, WORK, DISCARD, DISCARD, ACK, WORK, migrate("end"), alloc];
    expect(goes(GET_PUT_HINTS, log, steps)).toBeUndefined();
  });

  test("a hint that is applied after the log was read again counts for nothing", () => {
    const steps: Step[] = [migrate("begin"), START, WORK, WORK, alloc, migrate("sync"), DISCARD, migrate("end")];
    expect(goes(GET_PUT_HINTS, log, steps)).toBeUndefined();
  });

  test("nor does one that was sent before the round that is open", () => {
    const sent = [migrate("begin"), START, WORK, WORK, alloc, migrate("sync"), START];
    const steps = [...sent, DISCARD, DISCARD, ACK, migrate("end")];
    expect(goes(GET_PUT_HINTS, log, steps)).toBeUndefined();
  });
});

// nitesh-wei-host.md 2.4: the hint is the first touch of the chunk since the log was read; the write before it is in the
// log, and goes with it.
const SENT_AND_WRITTEN = [migrate("begin"), START, WORK, WORK, alloc];
const WRITTEN_BEFORE_THE_HINT: readonly Step[] = [...SENT_AND_WRITTEN, DISCARD, DISCARD, migrate("end")];

test("a write before the hint is applied is lost where the first touch clears the log of the chunk", () => {
  expect(goes(GET_PUT_HINTS, "chunk", WRITTEN_BEFORE_THE_HINT)).toMatchObject({
    property: "migrated",
    explanation:
      "page 0 belongs to the caller of step 4, who wrote into it, but the destination has zeroes: request 1, applied " +
      "as a hint in step 5, took the page off what is still to be sent, and the dirty log did not name it again",
  });
});

test("it arrives where the log was cleared when it was read", () => {
  expect(goes(GET_PUT_HINTS, "bitmap", WRITTEN_BEFORE_THE_HINT)).toBeUndefined();
});

test("it arrives where the chunk was touched before it was written", () => {
  const touched: Step[] = [migrate("begin"), START, WORK, WORK, migrate("transfer"), alloc, DISCARD, migrate("end")];
  expect(goes(GET_PUT_HINTS, "chunk", touched)).toBeUndefined();
  expect(goes(GET_PUT_HINTS, "chunk", touched.toSpliced(4, 1))).toMatchObject({ property: "migrated" });
});

test("only the first touch of a chunk clears its log", () => {
  const touched = [migrate("begin"), START, WORK, WORK, migrate("transfer")];
  expect(goes(GET_PUT_HINTS, "chunk", [...touched, alloc, alloc, DISCARD, DISCARD, migrate("end")])).toBeUndefined();
});

test("who did not arrive is missed by his owner, who reads him", () => {
  const steps: Step[] = [...WRITTEN_BEFORE_THE_HINT, { do: "free", of: 4, cpu: 0 }];
  expect(goes(GET_PUT_HINTS, "chunk", steps, ["migrated"])).toMatchObject({ property: "lost-write" });
});

test("at the destination only what was sent is resident; a log that was read does not name pages again", () => {
  const write: Step[] = [migrate("begin"), alloc, { do: "free", of: 1, cpu: 0 }, migrate("sync")];
  const hint: Step[] = [START, WORK, WORK, DISCARD, DISCARD, ACK, WORK, migrate("sync"), migrate("end")];
  const world = enter(scopeOf("migration", "bitmap"), { design: "get-put-hints", system: "impl" }, false);
  const steps: Step[] = [...write, ...hint, { do: "squeeze", pages: 16 }];
  expect(execute(world, steps).violation).toBeUndefined();
  expect(world.environment.swapped.pages).toBe(0);
});

test.each(LOGS)("the shrinker frees a hinted block, a caller writes to it, the host applies the hint: %s", (log) => {
  const steps: Step[] = [
    migrate("begin"),
    START,
    // Begin, read the id, take a block, send it, park it; then the one after it.
    ...Array.from({ length: 5 }, () => WORK),
    { do: "pressure", pages: 8 },
    alloc,
    alloc,
    DISCARD,
    migrate("end"),
  ];
  const violation = goes(FREE_PAGE_HINT, log, steps);
  if (log === "bitmap") expect(violation).toBeUndefined();
  else expect(violation).toMatchObject({ property: "migrated" });
});
