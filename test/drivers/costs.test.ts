/** What a meter counts, event by event; and that the workload makes every design do its job. */
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Event } from "../../model/alphabet/index.ts";
import { DESIGNS } from "../../model/designs/index.ts";
import { Meter } from "../../properties/drivers/costs.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import { priceOf } from "../../properties/drivers/workload.ts";
import { enter } from "../../properties/subjects.ts";

const scope: Scope = {
  name: "16 pages",
  geometry: {
    pageSize: 4096,
    maxOrder: 2,
    pageblockOrder: 2,
    reportOrder: 2,
    capacity: 2,
    zones: [{ name: "zone0", node: 0, start: 0, pages: 16, holes: [], watermarks: { min: 0, low: 0, high: 0 } }],
  },
  settings: DEFAULT_SETTINGS,
};

const BLOCK = { pfn: 4, order: 2 };
const ISOLATE: Event = { event: "isolate", ...BLOCK };
const SUBMIT: Event = { event: "submit", request: 1, ranges: [BLOCK] };
const DISCARD: Event = { event: "discard", request: 1, ...BLOCK };
const ACK: Event = { event: "ack", request: 1, ok: true };
const RELEASE: Event = { event: "release", ...BLOCK, reported: true };
/** A block is reported once. */
const REPORT = [ISOLATE, SUBMIT, DISCARD, ACK, RELEASE];

/** A meter that has been told of these events, a step each, of a guest whose pages are all free. */
function metered(events: readonly Event[]): Meter {
  const meter = new Meter(enter(scope, { design: "none", system: "impl" }, false), { visited: 7, inFreePath: 3 });
  for (const event of events) meter.step([event]);
  return meter;
}

describe("a meter", () => {
  test("counts what is reported, held and still backed", () => {
    expect(metered(REPORT).costs()).toEqual({
      steps: 5,
      frees: 0,
      requests: 1,
      blocksReported: 1,
      pagesReported: 4,
      pagesReportedAgain: 0,
      pagesFree: 16,
      pagesMissed: 12,
      mostPagesHeld: 4,
      longestHold: 4,
      visited: 7,
      inFreePath: 3,
      stalledSteps: 0,
    });
  });

  test("a page that nobody was given since it was dropped is reported again without need", () => {
    expect(metered([...REPORT, ...REPORT]).costs()).toMatchObject({ pagesReported: 8, pagesReportedAgain: 4 });
    const given: Event = { event: "alloc", pfn: 5, order: 0 };
    const back: Event = { event: "free", pfn: 5, order: 0 };
    expect(metered([...REPORT, given, back, ...REPORT]).costs()).toMatchObject({ pagesReportedAgain: 3, frees: 1 });
    expect(metered([...REPORT, given, back]).costs().pagesMissed).toBe(13);
  });

  test("what is sent again while it is held is a notice, no report", () => {
    const deflated = [ISOLATE, SUBMIT, DISCARD, ACK, SUBMIT, ACK, RELEASE];
    expect(metered(deflated).costs()).toMatchObject({ requests: 2, pagesReported: 4, pagesReportedAgain: 0 });
  });

  test("what is refused is not reported", () => {
    const refused: Event = { event: "ack", request: 1, ok: false };
    expect(metered([ISOLATE, SUBMIT, refused, RELEASE]).costs()).toMatchObject({ requests: 1, pagesReported: 0 });
  });
});

const FORMS = [...DESIGNS].flatMap(([id, variants]) => variants.map(({ variant }) => [id, variant] as const));

test.each(FORMS)("%s %s does its job under the workload, and costs the same each time", (id, variant) => {
  const price = priceOf(id, variant);
  expect(priceOf(id, variant)).toEqual(price);
  expect(price.frees).toBeGreaterThan(1000);
  if (id === "none") expect(price).toMatchObject({ requests: 0, pagesReported: 0, pagesMissed: price.pagesFree });
  else expect(price.pagesReported).toBeGreaterThan(50);
});
