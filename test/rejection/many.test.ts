/** What is broken in very many places at once: that it is explained takes no longer than the explanation is. */
import { expect, it } from "vitest";
import type { Event, Geometry } from "../../model/alphabet/index.ts";
import { Contract } from "../../properties/judges/contract.ts";
import { explainRejection, type Rejection } from "../../properties/rejection/index.ts";
import { ack, alloc, free, isolate, machine, plain, release, submit, zone } from "../judges/events.ts";
import { repaired } from "./repaired.ts";

const OPTIONS = { claims: ["completeness"] } as const;

/** Of a reporter that rests. @param events that come before */
function idle(geometry: Geometry, events: readonly Event[]): Rejection {
  const heard = [...events, plain("idle")].map((event, index) => ({ at: index + 1, event }));
  const contract = new Contract(geometry, OPTIONS);
  const violation = heard.map(({ event, at }) => contract.event(event, at)).at(-1);
  if (violation === undefined) throw new Error("nothing is broken");
  return explainRejection({ geometry, options: OPTIONS, heard, violation, unit: "line" });
}

it("reports a thousand blocks that were left out, each once and wherever they are, and that is legal", () => {
  const events = [isolate(8, 1), submit(1, [8, 1]), ack(1), release(8, 1), alloc(4, 0), alloc(16, 2), free(16, 2)];
  const geometry = machine([zone(0, 2048)], { reportOrder: 1 });
  const { repair } = idle(geometry, events);
  expect(repair?.text).toBe("pages 0-3, 6-7 and 10-2047 had been reported before line 8");
  expect(repair?.changes).toHaveLength(4 * (1024 - 2));
  const contract = new Contract(geometry, OPTIONS);
  const judged = repaired([...events, plain("idle")], repair?.changes ?? []).map((event) => contract.event(event));
  expect(judged.filter((violation) => violation !== undefined)).toEqual([]);
});

it("puts in no events by the ten thousand where more blocks than that were left out", () => {
  const found = idle(machine([zone(0, 65_536)], { reportOrder: 0 }), []);
  expect(found.property).toBe("completeness");
  expect([found.repair, ...found.others].flatMap((repair) => repair?.text ?? [])).toEqual([
    "the idle (line 1) had not happened",
  ]);
});

it("shows a long run once, though two places are looked at in it", () => {
  const blocks = [0, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((at) => [at * 1024, 10] as const);
  const events = [...blocks.map(([pfn, order]) => isolate(pfn, order)), submit(1, ...blocks), ack(1)];
  const heard = events.map((event, index) => ({ at: index + 1, event }));
  const violation = { property: "host-window", explanation: "too late", pages: { start: 0, pages: 1024 } } as const;
  const geometry = machine([zone(0, 16_384)], { maxOrder: 10, capacity: 32 });
  const { pages } = explainRejection({ geometry, options: {}, heard, violation, unit: "line" });
  expect(pages.before.filter(({ owner }) => owner === "held")).toMatchObject([{ start: 0, pages: 13 * 1024 }]);
  expect(pages.after).toMatchObject([{ start: 0, pages: 1024, acked: true }]);
});
