/** The fast contract says the same as the naive one: on random events, of which most are made to be legal. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event, Geometry } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import { CONTRACT_PROPERTIES, type PropertyId } from "../../properties/judges/properties.ts";
import {
  ack,
  alloc,
  discard,
  failed,
  free,
  isolate,
  machine,
  offline,
  online,
  plain,
  release,
  submit,
  waits,
  write,
  zone,
} from "./events.ts";
import { NaiveContract } from "./naive-contract.ts";

const ORDER: readonly string[] = CONTRACT_PROPERTIES.map(({ id }) => id);

const GEOMETRIES: readonly Geometry[] = [
  machine([zone(0, 16)], { sectionPages: 8 }),
  machine(
    [
      zone(0, 8, { watermarks: { min: 3, low: 3, high: 3 } }),
      zone(16, 8, { node: 1, holes: [{ start: 17, pages: 2 }] }),
    ],
    { sectionPages: 4 },
  ),
  machine([zone(4, 8), zone(0, 4, { node: 1 })], { maxOrder: 2, reportOrder: 0, capacity: 3 }),
  machine([zone(0, 8)], { reportOrder: 3, capacity: 1 }),
];

const OPTIONS: readonly ContractOptions[] = [
  { claims: ["completeness"] },
  { start: "unknown", claims: ["completeness"] },
  { unseen: ["isolate"] },
  { unseen: ["release"], claims: ["completeness"] },
  { start: "unknown", unseen: ["isolate", "release"] },
];

const pfn = fc.nat(25);
const order = fc.oneof({ weight: 12, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constantFrom(4, 5, 63) });
const block = fc
  .tuple(pfn, order, fc.boolean(), fc.boolean())
  .map(([at, size, stray, veryStray]) => [stray && veryStray ? at : at - (at % 2 ** size), size] as const);
const request = fc.nat(3);
const range = fc.constantFrom(
  [0, 8],
  [8, 8],
  [0, 16],
  [4, 4],
  [16, 8],
  [20, 4],
  [0, 4],
  [4, 8],
  [16, 4],
  [12, 12],
  [0, 0],
);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: block.map((one) => alloc(...one)) },
  { weight: 4, arbitrary: block.map((one) => free(...one)) },
  { weight: 2, arbitrary: block.map((one) => write(...one)) },
  { weight: 6, arbitrary: block.map((one) => isolate(...one)) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(request, fc.array(block, { minLength: 0, maxLength: 3 }))
      .map(([n, ranges]) => submit(n, ...ranges)),
  },
  { weight: 3, arbitrary: fc.tuple(request, block).map(([n, one]) => discard(n, ...one)) },
  { weight: 5, arbitrary: fc.tuple(request, fc.boolean()).map(([n, ok]) => ack(n, ok)) },
  { weight: 8, arbitrary: fc.tuple(block, fc.boolean()).map(([one, reported]) => release(...one, reported)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(order, fc.constantFrom({}, { node: 0 }, { node: 1 }, { node: 2 }))
      .map(([n, more]) => failed(n, more)),
  },
  { weight: 2, arbitrary: range.map(([start, pages]) => offline(start, pages)) },
  { weight: 2, arbitrary: range.map(([start, pages]) => online(start, pages)) },
  { weight: 2, arbitrary: fc.constantFrom(plain("idle"), plain("unregistered"), plain("registered")) },
);

function first(broken: readonly PropertyId[]): PropertyId | undefined {
  return [...broken].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[0];
}

/** Runs both; an event that breaks something is compared and then taken back, so that runs get long. */
function compare(
  geometry: Geometry,
  options: ContractOptions,
  events: readonly Event[],
  seen: Map<string, number>,
): void {
  const contract = new Contract(geometry, options);
  const naive = new NaiveContract(geometry, options);
  const kept: Event[] = [];
  for (const one of events) {
    const expected = first(naive.event(one));
    const violation = contract.event(one);
    expect({ one, property: violation?.property }).toEqual({ one, property: expected });
    seen.set(`${one.event} ${expected ?? "holds"}`, (seen.get(`${one.event} ${expected ?? "holds"}`) ?? 0) + 1);
    if (expected === undefined) kept.push(one);
    else {
      contract.reset();
      for (const legal of kept) contract.event(legal);
    }
    const differs = [...naive.pages].filter(
      ([page, { owner, marked }]) =>
        contract.knows.owner(page) !== owner || contract.knows.marked(page) !== (owner === "free" && marked),
    );
    expect({ one, differs }).toEqual({ one, differs: [] });
  }
  expect(contract.end()?.property).toBe(first(naive.end()));
}

describe("the fast contract and the naive one", () => {
  it("say the same, of every event", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.constantFrom(...GEOMETRIES),
        fc.constantFrom(...OPTIONS),
        fc.array(event, { maxLength: 40, size: "max" }),
        (geometry, options, events) => compare(geometry, options, events, seen),
      ),
      { seed: 20190, numRuns: 800 },
    );
    // That it is worth something: every property was broken, and every kind of event was legal now and then.
    const verdicts = [...seen.keys()];
    for (const property of ORDER.filter((id) => id !== "lost-write")) {
      expect(
        verdicts.filter((verdict) => verdict.endsWith(` ${property}`)),
        property,
      ).not.toEqual([]);
    }
    for (const kind of [
      "alloc",
      "free",
      "write",
      "isolate",
      "submit",
      "discard",
      "ack",
      "release",
      "alloc-failed",
      "offline",
      "online",
      "idle",
    ]) {
      expect(seen.get(`${kind} holds`) ?? 0, kind).toBeGreaterThan(20);
    }
  });

  it("say the same of fake out-of-memory and of sleepers, for every split of eight pages among owners", () => {
    const geometry = machine([zone(0, 8, { watermarks: { min: 2, low: 2, high: 2 } })], {
      reportOrder: 0,
      maxOrder: 3,
      capacity: 8,
    });
    for (let split = 0; split < 3 ** 8; split++) {
      const contract = new Contract(geometry);
      const naive = new NaiveContract(geometry, {});
      const events = [...Array(8).keys()].flatMap((page) => {
        const owner = Math.floor(split / 3 ** page) % 3;
        return owner === 0 ? [] : [owner === 1 ? alloc(page, 0) : isolate(page, 0)];
      });
      for (const one of [...events, waits(0, 1)]) {
        contract.event(one);
        naive.event(one);
      }
      for (const size of [0, 1, 2, 3]) {
        expect({ split, size, property: contract.event(failed(size))?.property }).toEqual({
          split,
          size,
          property: first(naive.event(failed(size))),
        });
      }
      expect(contract.end()?.property).toBe("stranded");
    }
  });
});
