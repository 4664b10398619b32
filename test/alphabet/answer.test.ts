/** What a program may answer on the wire, and what is said of an answer that is not as it should be. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { parseAnswer, parseStartAnswer, parseStep } from "../../model/alphabet/schema.ts";

const does = ["alloc", "free", "work", "ack"];

describe("the answer to an action", () => {
  test("is all that happened; keys that nobody knows are passed over", () => {
    const events = [{ event: "free", pfn: 8, order: 0, owner: "me" }, { event: "idle" }];
    expect(parseAnswer({ events, time: 12 })).toMatchObject({ events: [{ event: "free", pfn: 8 }, { event: "idle" }] });
    expect(parseAnswer({ events: [] })).toEqual({ events: [] });
  });

  test("may be a refusal, but not beside events: there null says that there is none", () => {
    expect(parseAnswer({ error: "out of luck" })).toEqual({ error: "out of luck" });
    expect(parseAnswer({ unsupported: true })).toEqual({ unsupported: true });
    expect(parseAnswer({ events: [], error: null, unsupported: false })).toMatchObject({ events: [] });
    expect(parseAnswer({ events: [], error: "half done" })).toEqual({ error: "half done" });
    expect(parseAnswer({ events: [], unsupported: true })).toEqual({ unsupported: true });
  });

  test.each<[unknown, string]>([
    [[], 'found an empty list, expected an answer: an object with "events", a list'],
    [null, "found null, expected an answer"],
    [{}, "events: found nothing, expected a list of events"],
    [{ events: {} }, "events: found an object, expected a list of events"],
    [{ events: [{ event: "alloc", pfn: -1, order: 0 }] }, "events[0].pfn: found -1, expected a page frame number"],
    [{ events: [{ event: "idle" }, { event: "rest" }] }, 'events[1].event: found "rest", expected one of alloc, '],
    [{ error: 5 }, "events: found nothing"],
  ])("%j is refused", (answer, problem) => {
    expect(() => parseAnswer(answer)).toThrow(InputError);
    expect(() => parseAnswer(answer)).toThrow(problem);
  });
});

describe("the answer to start", () => {
  test("claims nothing where it says nothing; start and stop go without saying", () => {
    expect(parseStartAnswer({ ready: { name: "mine", does: ["start", ...does, "stop"] } })).toEqual({
      ready: { name: "mine", does, claims: [] },
    });
  });

  test.each<[unknown, string]>([
    [{ events: [] }, "ready: found nothing, expected an object with name and does"],
    [{ ready: { does } }, "ready.name: found nothing, expected a text"],
    [{ ready: { name: "mine" } }, "ready.does: found nothing, expected a list of actions"],
    [{ ready: { name: "mine", does: ["alloc", "dance"] } }, 'ready.does[1]: found "dance", expected one of alloc, '],
    [{ ready: { name: "mine", does, claims: ["speed"] } }, 'ready.claims[0]: found "speed", expected one of comp'],
  ])("%j is refused", (answer, problem) => {
    expect(() => parseStartAnswer(answer)).toThrow(problem);
  });
});

test("compact names a zone, and need not name more", () => {
  expect(parseStep({ do: "compact", zone: "Normal" })).toEqual({
    do: "compact",
    zone: "Normal",
    order: 0,
    at: 0,
    end: "head",
  });
  expect(() => parseStep({ do: "compact" })).toThrow("zone: found nothing");
});
