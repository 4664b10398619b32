/** Events as they are written; and that the reader by hand agrees with the schema. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MIGRATETYPES } from "../../../model/alphabet/index.ts";
import { isEvent } from "../../../model/alphabet/schema/event-by-hand.ts";
import { eventSchema } from "../../../model/alphabet/schema/event.ts";
import { parseEvent } from "../../../model/alphabet/schema.ts";
import { place, problem } from "./problem.ts";

describe("an event", () => {
  it.each<[unknown, string]>([
    [null, "trace.jsonl, line 7: found null, expected an object with the key event"],
    [[{ event: "idle" }], "trace.jsonl, line 7: found a list of 1, expected an object with the key event"],
    [
      { event: "alloc", order: 0 },
      "trace.jsonl, line 7, pfn: found nothing, expected a page frame number from 0 to 2^53 - 1",
    ],
    [
      { event: "alloc", pfn: 2 ** 53, order: 0 },
      "trace.jsonl, line 7, pfn: found 9007199254740992, expected a page frame number from 0 to 2^53 - 1",
    ],
    [{ event: "free", pfn: 0, order: 64 }, "trace.jsonl, line 7, order: found 64, expected an order from 0 to 63"],
    [
      { event: "submit", request: 1, ranges: [{ pfn: 0, order: 0 }, { pfn: 1 }] },
      "trace.jsonl, line 7, ranges[1].order: found nothing, expected an order from 0 to 63",
    ],
    [{ event: "ack", request: 1, ok: "true" }, 'trace.jsonl, line 7, ok: found "true", expected true or false'],
    [
      { event: "alloc-failed", order: 0, reason: "later" },
      'trace.jsonl, line 7, reason: found "later", expected one of no-memory, would-block',
    ],
  ])("%j is refused in one sentence", (value, message) => {
    expect(problem(() => parseEvent(value, place))).toBe(message);
  });

  it("of an unknown name is refused, with the names that there are", () => {
    expect(problem(() => parseEvent({ event: "aloc", pfn: 0, order: 0 }))).toBe(
      'event: found "aloc", expected one of alloc, alloc-failed, alloc-waits, free, write, isolate, submit, discard, ack, release, offline, online, unregistered, registered, idle',
    );
  });

  it("may have keys that nobody knows, and of a key given twice the last counts", () => {
    expect(parseEvent(JSON.parse('{"event":"idle","mood":{"pfn":-1}}'))).toMatchObject({ event: "idle" });
    expect(parseEvent(JSON.parse('{"event":"alloc","pfn":-1,"order":0,"pfn":512.0}'))).toEqual({
      event: "alloc",
      pfn: 512,
      order: 0,
    });
  });

  it("is read by hand as the schema reads it", () => {
    const odd = fc.constantFrom<unknown>(
      -1,
      0,
      0.5,
      1,
      63,
      64,
      2 ** 53 - 1,
      2 ** 53,
      -0,
      1e300,
      "1",
      null,
      true,
      false,
      "x",
      [],
      {},
      [1],
      [{ pfn: 1, order: 1 }],
      [{ pfn: 1 }],
      [null],
      [[]],
      "movable",
      "no-memory",
      "would-block",
    );
    const good = {
      event: fc.constantFrom(
        "alloc",
        "alloc-failed",
        "alloc-waits",
        "free",
        "write",
        "isolate",
        "submit",
        "discard",
        "ack",
        "release",
        "offline",
        "online",
        "unregistered",
        "registered",
        "idle",
        "Idle",
        "toString",
      ),
      pfn: fc.maxSafeNat(),
      order: fc.nat(63),
      request: fc.nat(),
      ranges: fc.array(fc.record({ pfn: fc.nat(), order: fc.nat(63) }), { maxLength: 2 }),
      ok: fc.boolean(),
      reported: fc.boolean(),
      start: fc.nat(),
      pages: fc.nat(),
      ticket: fc.nat(),
      migratetype: fc.constantFrom(...MIGRATETYPES),
      reason: fc.constantFrom("no-memory", "would-block"),
      node: fc.nat(),
      time: fc.double({ noNaN: true, noDefaultInfinity: true }),
      cpu: fc.nat(),
    };
    const record = fc.record(good, {
      requiredKeys: ["event", "pfn", "order", "request", "ranges", "ok", "reported", "start", "pages"],
    });
    const spoiled = fc
      .tuple(record, fc.constantFrom(...Object.keys(good)), odd, fc.boolean())
      .map(([value, key, other, drop]): unknown => {
        const { [key]: _, ...rest }: Record<string, unknown> = value;
        return drop ? rest : { ...rest, [key]: other };
      });
    let right = 0;
    let wrong = 0;
    fc.assert(
      fc.property(fc.oneof(record, spoiled, spoiled, odd, fc.jsonValue()), (value) => {
        const known = eventSchema.safeParse(value);
        expect(isEvent(value)).toBe(known.success);
        if (known.success) {
          expect(value).toMatchObject({ ...known.data });
          right += 1;
        } else {
          wrong += 1;
          expect(problem(() => parseEvent(value, place))).toMatch(
            /^trace\.jsonl, line 7(, \S+)?: found .+, expected \S.+$/,
          );
        }
      }),
      { seed: 7, numRuns: 4000 },
    );
    expect(Math.min(right, wrong)).toBeGreaterThan(500);
  });
});
