/** How pages came to be where they are: kept for each page, and never more than one tenure. */
import { describe, expect, it } from "vitest";
import type { Event, PageRange } from "../../model/alphabet/index.ts";
import { Tenures } from "../../properties/rejection/tenures.ts";
import { rangesOf } from "../../properties/rejection/words.ts";
import { ack, alloc, free, isolate, release, submit } from "../judges/events.ts";

const PAGES: PageRange = { start: 0, pages: 16 };

function told(events: readonly Event[], unseen: readonly string[] = []): Tenures {
  const tenures = new Tenures([PAGES], unseen);
  for (const [index, event] of events.entries()) {
    tenures.note({ index, at: index, event }, event.event === "ack" ? [{ start: 8, pages: 4 }] : rangesOf(event));
  }
  return tenures;
}

const names = (tenures: Tenures, pages: PageRange): string[][] =>
  tenures.of(pages).map(({ start, end, events }) => [`${start}-${end - 1}`, ...events.map(({ event }) => event.event)]);

describe("the tenure of a page", () => {
  it("begins when somebody takes it, and is forgotten when somebody else does", () => {
    const events = [alloc(8, 2), free(8, 2), isolate(8, 2), submit(1, [8, 2]), ack(1), release(8, 2)];
    expect(names(told(events), { start: 9, pages: 1 })).toEqual([["9-9", "isolate", "submit", "ack", "release"]]);
    expect(names(told([...events, alloc(8, 0)]), { start: 8, pages: 4 })).toEqual([
      ["8-8", "alloc"],
      ["9-11", "isolate", "submit", "ack", "release"],
    ]);
  });

  it("begins with submit where isolate is unseen, and ends with ack where release is", () => {
    const events = [submit(1, [8, 2]), ack(1), submit(2, [8, 2])];
    expect(names(told(events, ["isolate", "release"]), { start: 8, pages: 4 })).toEqual([["8-11", "submit"]]);
    expect(names(told([isolate(8, 2), ...events]), { start: 8, pages: 1 })).toEqual([
      ["8-8", "isolate", "submit", "ack", "submit"],
    ]);
  });

  it("has its first event and the latest ones, however many there are", () => {
    const again = Array.from({ length: 5000 }, (_, at) => [submit(at, [8, 2]), ack(at)]).flat();
    const [tenure] = told([isolate(8, 2), ...again]).of({ start: 8, pages: 4 });
    expect(tenure.events).toHaveLength(8);
    expect([tenure.events[0].event.event, tenure.events.at(-1)?.index]).toEqual(["isolate", 10_000]);
  });

  it("is one again where neighbours share it", () => {
    expect(names(told([alloc(8, 0), alloc(9, 0), isolate(8, 3)]), PAGES)).toEqual([["0-7"], ["8-15", "isolate"]]);
  });
});
