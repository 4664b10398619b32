/**
 * A rejection of each property of the contract, told in full. What is told is compared word for word: these words are what a
 * person gets, and a change of theirs is to be read before it is taken.
 */
import { describe, expect, it } from "vitest";
import { Contract } from "../../properties/judges/contract.ts";
import { CONTRACT_PROPERTIES } from "../../properties/judges/properties.ts";
import { explainRejection, tellRejection, type Rejection } from "../../properties/rejection/index.ts";
import { ack, alloc, discard, isolate, judge, machine, submit, zone } from "../judges/events.ts";
import { CASES, MACHINE, type Case } from "./cases.ts";
import { repaired } from "./repaired.ts";

/** By what a case is about, without the rule, which stands in properties.ts. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  "a page in flight is allocated, and everything comes home later": [
    "  what broke  alloc of page 10, which is in flight with request 7 (submitted at line 3, not acked yet): the host may still drop what is written there",
    "  the pages   0-7 allocated | 8-11 in flight with request 7 | 12-31 free",
    "              line 4, the alloc of page 10: 10 in flight with request 7 -> allocated",
    "  history     line 2: pages 8-11 were taken by the reporter (isolate)",
    "              line 3: pages 8-11 were submitted with request 7, and acked only in line 5",
    "  repair      legal if the alloc of page 10 (line 4) came after the release of pages 8-11 as reported (line 6); then all 3 events that follow hold",
    "  or          legal if the ack of request 7 (line 5) and the release of pages 8-11 as reported (line 6) came before line 4",
  ],
  "a run gives back what is in flight": [
    "  what broke  release of pages 8-11, which are in flight with request 7 (submitted at step 1, not acked yet): whoever gets them next would lose what he writes",
    "  the pages   0-7 free | 8-11 in flight with request 7 | 12-31 free",
    "              step 2, the release of pages 8-11 as reported: 8-11 in flight with request 7 -> free, reported",
    "  history     step 0: pages 8-11 were taken by the reporter (isolate)",
    "              step 1: pages 8-11 were submitted with request 7, not acked so far",
    "  repair      legal if request 7 had been acked before step 2",
  ],
  "a free is missing": [
    "  what broke  alloc of pages 8-11, which are allocated, not free",
    "  the pages   0-7 free | 8-11 allocated | 12-15 free | 16-17 allocated",
    "  history     line 1: pages 8-11 were allocated",
    "  repair      legal if one free of pages 8-11 was lost between line 1 and line 3; then both events that follow hold",
    "  or          legal if the free of pages 8-11 (line 4) came before line 3",
    "              legal if the alloc of pages 8-11 (line 1) had not happened",
  ],
  "an event is there twice": [
    "  what broke  free of pages 8-11, which are free, not allocated",
    "  the pages   0-31 free",
    "  history     line 1: pages 8-11 were allocated",
    "              line 2: pages 8-11 were freed by the owner",
    "  repair      legal if the free of pages 8-11 happened once: line 3 repeats line 2; then the event that follows holds",
    "  or          legal if one alloc of pages 8-11 was lost before line 3",
    "              legal if the alloc of pages 8-11 (line 4) came before line 3",
  ],
  "a request has more ranges than fit": [
    "  what broke  request 3 names 3 ranges: at most 2 fit in one request",
    "  the pages   0-7 free | 8-11 held by the reporter | 12-15 free | 16-19 held by the reporter | 20-23 free | 24-27 held by the reporter | 28-31 free",
    "              step 3, the submit of pages 8-11, 16-19 and 24-27 with request 3: 8-11 held by the reporter -> in flight with request 3 | 16-19 held by the reporter -> in flight with request 3 | 24-27 held by the reporter -> in flight with request 3",
    "  repair      legal if request 3 named 2 ranges (pages 8-11 and 16-19)",
  ],
  "the host drops pages after its ack": [
    "  what broke  the host discards pages 8-15 (order 3) for request 7, which is not open: it was never submitted, or was acked already",
    "  the pages   0-7 free | 8-15 held by the reporter, acked | 16-31 free",
    "  history     line 1: pages 8-15 were taken by the reporter (isolate)",
    "              line 2: pages 8-15 were submitted with request 7",
    "              line 3: request 7 was acked",
    "  repair      legal if the discard of pages 8-15 for request 7 (line 4) came before the ack of request 7 (line 3); then the event that follows holds",
  ],
  "the host refused, and the block comes back as reported": [
    "  what broke  the block of pages 8-15 (order 3) comes back as reported, but not all of its pages were acked with ok since they were last isolated: the host may never have dropped them, and nobody will report them again",
    "  the pages   0-7 free | 8-15 held by the reporter | 16-31 free",
    "              line 4, the release of pages 8-15 as reported: 8-15 held by the reporter -> free, reported",
    "  history     line 1: pages 8-15 were taken by the reporter (isolate)",
    "              line 2: pages 8-15 were submitted with request 7",
    "              line 3: request 7 was refused by the host (ack, not ok)",
    "  repair      legal if the block came back without the mark",
    "  or          legal if the host had acked with ok what it refused in line 3",
    "              legal if 2 events were lost before line 4: the submit of pages 8-15 with request 8 and the ack of request 8",
  ],
  "memory is out while a block is held": [
    "  what broke  a caller is told that memory is out for order 2, but in zone Normal 8 pages are held by the reporter beside 0 free: giving them back would make pages 8-11 free. Held pages are only blocked for a moment",
    "  the pages   0-7 allocated | 8-15 held by the reporter | 16-31 allocated",
    "  history     step 3: pages 8-15 were taken by the reporter (isolate)",
    "  repair      legal if the caller was told would-block, and so to try again",
    "  or          legal if pages 8-15 had been given back (release) before step 4, and the caller then got pages 8-11",
  ],
  "the reporter rests and holds two blocks": [
    "  what broke  the reporter says that it is idle with no request open, but 8 pages of zone Normal are still held by the reporter (first pages 8-11): nobody will give them back",
    "  the pages   0-7 free | 8-11 held by the reporter, acked | 12-15 free | 16-19 held by the reporter, acked",
    "  history     line 1: pages 8-11 were taken by the reporter (isolate)",
    "              line 3: pages 8-11 and 16-19 were submitted with request 7",
    "              line 4: request 7 was acked",
    "  repair      legal if 2 events were lost before line 5: the release of pages 8-11 and 16-19 as reported",
    "  or          legal if the idle (line 5) came before the ack of request 7 (line 4)",
    "              legal if the idle (line 5) came before the isolate of pages 8-11 (line 1)",
  ],
  "a caller sleeps at the end": [
    "  what broke  the events end with no request open, but the caller with ticket 5 still sleeps (since line 1): nothing is left that would wake him",
    "  the pages   0-7 free | 8-11 allocated | 12-31 free",
    "  history     line 1: the caller of order 2 was put to sleep with ticket 5",
    "  repair      legal if one alloc of pages 0-3 for ticket 5 was lost before the end",
    "  or          legal if one alloc-failed of order 2 for ticket 5 was lost before the end",
  ],
  "the reporter rests before it has reported what was freed": [
    "  what broke  the reporter says that it is idle, but the block of pages 8-11 (order 2) of zone Normal could be reported: it is wholly free and not wholly reported",
    "  the pages   0-7 free, reported | 8-9 free | 10-15 free, reported | 16 allocated | 17-31 free, reported",
    "  history     step 16: pages 8-9 were allocated",
    "              step 18: pages 8-9 were freed by the owner",
    "  repair      legal if pages 8-11 had been reported before step 20",
  ],
  "a free of what nobody has ever touched": [
    "  what broke  free of pages 8-11, which are free, not allocated",
    "  the pages   0-3 allocated | 4-31 free",
    "  history     no earlier event is about pages 8-11",
    "  repair      legal if pages 8-11 had been allocated before step 1",
  ],
  "a request names nothing": [
    "  what broke  request 1 is empty: it names no pages",
    "  repair      legal if the submit of no pages with request 1 (step 1) had not happened; then the event that follows holds",
  ],
  "a block is larger than any": [
    "  what broke  alloc of order 4: the largest block is of order 3",
    "  the pages   0-31 free",
    "              step 0, the alloc of pages 8-23: 8-23 free -> allocated",
    "  repair      legal if the alloc was of pages 8-15 (order 3)",
  ],
  "the host drops pages that somebody else has by now": [
    "  what broke  the host discards pages 8-15 (order 3) for request 7, which is not open: it was never submitted, or was acked already",
    "  the pages   0-7 free | 8-15 allocated | 16-31 free",
    "  history     line 2: pages 8-15 were submitted with request 7",
    "              line 3: request 7 was acked",
    "              line 5: pages 8-15 were allocated",
    "  repair      legal if the discard of pages 8-15 for request 7 (line 6) came before the ack of request 7 (line 3)",
  ],
  "an ack that nobody waits for": [
    "  what broke  request 7 is acked, but it is not open: it was never submitted, or was acked already",
    "  history     no earlier event is about request 7",
    "  repair      legal if pages 8-15 had been submitted with request 7 before step 1",
  ],
  "the block comes back before it is reported": [
    "  what broke  the block of pages 8-15 (order 3) comes back as reported, but not all of its pages were acked with ok since they were last isolated: the host may never have dropped them, and nobody will report them again",
    "  the pages   0-7 free | 8-15 held by the reporter | 16-31 free",
    "              line 2, the release of pages 8-15 as reported: 8-15 held by the reporter -> free, reported",
    "  history     line 1: pages 8-15 were taken by the reporter (isolate)",
    "  repair      legal if the release of pages 8-15 as reported (line 2) came after the ack of request 1 (line 4); then both events that follow hold",
    "  or          legal if the submit of pages 8-15 with request 1 (line 3) and the ack of request 1 (line 4) came before line 2",
  ],
  "only half of the block was reported": [
    "  what broke  the block of pages 8-15 (order 3) comes back as reported, but not all of its pages were acked with ok since they were last isolated: the host may never have dropped them, and nobody will report them again",
    "  the pages   0-7 free | 8-11 held by the reporter, acked | 12-15 held by the reporter | 16-31 free",
    "              line 4, the release of pages 8-15 as reported: 8-11 held by the reporter, acked -> free, reported | 12-15 held by the reporter -> free, reported",
    "  history     line 1: pages 8-15 were taken by the reporter (isolate)",
    "  repair      legal if the block came back without the mark",
    "  or          legal if 2 events were lost before line 4: the submit of pages 12-15 with request 5 and the ack of request 5",
    "              legal if the release was of pages 8-11 (order 2)",
  ],
  "a sleeper is told that memory is out, and the host would have answered": [
    "  what broke  a caller is told that memory is out for order 2, but in zone Normal 8 pages are held by the reporter beside 0 free: giving them back would make pages 8-11 free. Held pages are only blocked for a moment",
    "  the pages   0-7 allocated | 8-15 in flight with request 1 | 16-31 allocated",
    "  history     line 4: pages 8-15 were taken by the reporter (isolate)",
    "              line 5: pages 8-15 were submitted with request 1, and acked only in line 8",
    "  repair      legal if the ack of request 1 (line 8) and the release of pages 8-15 as reported (line 9) came before line 7, and the caller then got pages 8-11; then both events that follow hold",
    "  or          legal if the caller was told would-block, and so to try again",
    "              legal if the caller with ticket 4 had slept on",
  ],
  "the reporter keeps all that it ever took": [
    "  what broke  the events end with no request open, but 32 pages of zone Normal are still held by the reporter (pages 0-31): nobody will give them back",
    "  the pages   0-31 held by the reporter",
    "  history     2 earlier events left out",
    "              line 3: pages 8-11 were taken by the reporter (isolate)",
    "              line 4: pages 12-15 were taken by the reporter (isolate)",
    "              line 5: pages 16-19 were taken by the reporter (isolate)",
    "              line 6: pages 20-23 were taken by the reporter (isolate)",
    "              line 7: pages 24-27 were taken by the reporter (isolate)",
    "              line 8: pages 28-31 were taken by the reporter (isolate)",
    "  repair      legal if 8 events were lost before the end: the release of pages 0-3, 4-7, 8-11, 12-15 and 4 more blocks",
  ],
  "the reporter rests and has reported nothing": [
    "  what broke  the reporter says that it is idle, but the block of pages 0-3 (order 2) of zone Normal could be reported: it is wholly free and not wholly reported",
    "  the pages   0-31 free",
    "  history     no earlier event is about pages 0-3",
    "  repair      legal if pages 0-31 had been reported before step 0",
  ],
  "a request is submitted before the device comes back": [
    "  what broke  request 7 is submitted although the device went away at line 1: nobody would answer it",
    "  the pages   0-7 free | 8-15 held by the reporter | 16-31 free",
    "              line 3, the submit of pages 8-15 with request 7: 8-15 held by the reporter -> in flight with request 7",
    "  history     line 1: the device was unregistered",
    "  repair      legal if the registering of the device (line 4) came before line 3; then all 3 events that follow hold",
    "  or          legal if the unregistering of the device (line 1) had not happened",
  ],
  "a request is submitted without a device": [
    "  what broke  request 7 is submitted although the device went away at line 1: nobody would answer it",
    "  the pages   0-7 free | 8-15 held by the reporter | 16-31 free",
    "              line 3, the submit of pages 8-15 with request 7: 8-15 held by the reporter -> in flight with request 7",
    "  history     line 1: the device was unregistered",
    "  repair      legal if one registering of the device was lost before line 3; then both events that follow hold",
    "  or          legal if the unregistering of the device (line 1) had not happened",
  ],
};

function rejection({ events, options = {}, isRun = false }: Case): Rejection {
  const { violation } = judge(new Contract(MACHINE, options), events);
  if (violation === undefined) throw new Error("nothing is broken");
  const first = isRun ? 0 : 1;
  return explainRejection({
    geometry: MACHINE,
    options,
    heard: events.map((event, place) => ({ at: place + first, event })),
    violation,
    unit: isRun ? "step" : "line",
    ended: !isRun,
  });
}

describe("a rejection", () => {
  it("is told for every property that events show", () => {
    const shown = CONTRACT_PROPERTIES.map(({ id }) => id).filter((id) => id !== "lost-write");
    expect(new Set(CASES.map(({ breaks }) => breaks))).toEqual(new Set(shown));
  });

  it.each(CASES)("of $breaks: $what", (one) => {
    const found = rejection(one);
    const [rule, ...told] = tellRejection(found);
    const property = CONTRACT_PROPERTIES.find(({ id }) => id === one.breaks);
    expect(found.property).toBe(one.breaks);
    expect(rule).toBe(`  the rule    ${property?.sentence} (${property?.source})`);
    expect(told).toEqual(TOLD[one.what]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it.each(CASES)("of $breaks has only legal repairs: $what", (one) => {
    const { repair, others } = rejection(one);
    expect(repair).toBeDefined();
    for (const { changes, reach } of repair === undefined ? [] : [repair, ...others]) {
      const contract = new Contract(MACHINE, one.options);
      const events = repaired(one.events, changes);
      const broken = events.map((event) => contract.event(event)?.property).find((property) => property !== undefined);
      expect(broken ?? (one.isRun === true ? undefined : contract.end()?.property)).toBe(reach.breaks?.property);
    }
  });

  it("says how much the recorder did not see, and what to record to decide more", () => {
    const events = [ack(3), alloc(0, 3), submit(7, [8, 3]), ack(7), submit(8, [8, 3]), alloc(8, 0)];
    const found = rejection({
      breaks: "exclusion",
      what: "",
      events,
      options: { start: "unknown", unseen: ["isolate", "release"] },
    });
    expect(tellRejection(found).filter((line) => /^ {2}unknown|^ +(record|start) /.test(line))).toEqual([
      "  unknown     16 pages never seen before it broke; 1 request from before the recording; unseen events: isolate, release, in 2 requests",
      "              start with a snapshot of who has which page: without one, the first event on a page is never wrong",
      "              record isolate: from then until submit it can't be told whether a page is free or with the reporter",
      "              record release: from ack until then it can't be told who has a page, nor whether its mark is true",
    ]);
  });

  it("offers a number that a request may have, though all were used up to the last", () => {
    const events = [isolate(8, 3), isolate(16, 3), submit(2 ** 53 - 1, [8, 3]), submit(2 ** 53 - 1, [16, 3])];
    const { repair, others } = rejection({ breaks: "well-formed", what: "", events, isRun: true });
    expect([repair, ...others].map((one) => one?.text)).toContain(
      "it was submitted with another number than 9007199254740991, such as 0",
    );
  });

  it("tries more than two changes of a guest of 64 GiB, though the contracts of two fill the memory for them", () => {
    const geometry = machine([zone(0, 2 ** 24)], { maxOrder: 10 });
    const event = discard(9, 0, 9);
    const violation = new Contract(geometry).event(event);
    if (violation === undefined) throw new Error("nothing is broken");
    const found = explainRejection({ geometry, options: {}, heard: [{ at: 1, event }], violation, unit: "line" });
    expect(found.repair?.text).toBe("the discard of pages 0-511 for request 9 (line 1) had not happened");
  });

  it("has no repair where none is legal, and says how many were tried", () => {
    // Two pages of a hole: nobody can have them, whatever comes before.
    const geometry = { ...MACHINE, zones: [{ ...MACHINE.zones[0], holes: [{ start: 0, pages: 32 }] }] };
    const { property, violation } = judge(new Contract(geometry), [{ event: "alloc-waits", order: 0, ticket: 1 }]);
    if (violation === undefined) throw new Error("nothing is broken");
    const found = explainRejection({
      geometry,
      options: {},
      heard: [],
      violation,
      unit: "line",
      ended: true,
    });
    expect([property, found.repair, found.tried]).toEqual(["stranded", undefined, 0]);
  });
});
