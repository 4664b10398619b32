import { describe, expect, it } from "vitest";
import { WIRE_ACTIONS, type Event, type Geometry, type WireAction } from "../../../model/alphabet/index.ts";
import { Everyone } from "../../../oracle/conform/everyone.ts";
import { Watch } from "../../../oracle/conform/watch.ts";
import { Moments } from "../../../properties/drivers/explore/transitions/moments.ts";
import { Contract } from "../../../properties/judges/contract.ts";

const GEOMETRY: Geometry = {
  pageSize: 4096,
  maxOrder: 2,
  pageblockOrder: 1,
  reportOrder: 1,
  capacity: 2,
  sectionPages: 8,
  zones: [{ name: "zone0", node: 0, start: 0, pages: 16, holes: [], watermarks: { min: 0, low: 0, high: 0 } }],
};

/** The labels that a story meets. */
function met(...story: readonly (Event | WireAction)[]): readonly string[] {
  const watch = new Watch();
  const contract = new Contract(GEOMETRY);
  const everyone = new Everyone(GEOMETRY);
  watch.begins({ contract, everyone, moments: new Moments(GEOMETRY), mayBeComplete: false });
  story.forEach((one, index) => {
    if ("do" in one) {
      watch.action(one);
      everyone.asked(one);
      return;
    }
    watch.event(one);
    expect(contract.event(one)).toBeUndefined();
    everyone.heard(one, index);
  });
  return watch.coverage(WIRE_ACTIONS, []).labels.met;
}

const isolate = (pfn: number): Event => ({ event: "isolate", pfn, order: 1 });
const submit = (request: number, ...pfns: readonly number[]): Event => ({
  event: "submit",
  request,
  ranges: pfns.map((pfn) => ({ pfn, order: 1 })),
});
const ack = (request: number, ok = true): Event => ({ event: "ack", request, ok });
const release = (pfn: number, reported = true): Event => ({ event: "release", pfn, order: 1, reported });
const alloc = (pfn: number): Event => ({ event: "alloc", pfn, order: 0 });
const free = (pfn: number): Event => ({ event: "free", pfn, order: 0 });
const OPEN = [isolate(2), submit(1, 2)];

describe("a label is met by its situation, and by nothing like it", () => {
  it.each<[string, readonly (Event | WireAction)[], readonly string[]]>([
    ["an allocation", [alloc(0)], []],
    ["with a request open", [...OPEN, alloc(0)], ["allocated while a request was open"]],
    ["a free far from what is in flight", [alloc(5), isolate(2), submit(1, 2), free(5)], []],
    ["a free behind what is in flight", [alloc(4), ...OPEN, free(4)], ["freed beside pages in flight"]],
    ["a free before what is in flight", [alloc(1), ...OPEN, free(1)], ["freed beside pages in flight"]],
    ["a free beside what is only held", [alloc(1), isolate(2), free(1)], []],
    ["a part of what fits in a request", [isolate(0), submit(1, 0)], []],
    ["all that fits in a request", [isolate(0), isolate(2), submit(1, 0, 2)], ["a full request"]],
    ["two requests", [...OPEN, isolate(4), submit(2, 4)], ["two requests were open"]],
    ["answered in order", [...OPEN, isolate(4), submit(2, 4), ack(1), ack(2)], ["two requests were open"]],
    [
      "answered out of order",
      [...OPEN, isolate(4), submit(2, 4), ack(2)],
      ["two requests were open", "answered out of order"],
    ],
    ["a refusal", [...OPEN, ack(1, false)], ["the host refused"]],
    [
      "an answer after a refusal",
      [...OPEN, ack(1, false), submit(1, 2), ack(1)],
      ["the host refused", "the host took a request after it had refused one"],
    ],
    ["a block that comes back", [...OPEN, ack(1), release(2)], ["a block came back as reported"]],
    ["one that comes back unmarked", [...OPEN, ack(1), release(2, false)], ["a block came back unreported"]],
    [
      "an allocation of a reported block",
      [...OPEN, ack(1), release(2), alloc(0), alloc(3)],
      ["a reported block was allocated", "a block came back as reported"],
    ],
    [
      "hotplug of a reported block",
      [isolate(0), submit(1, 0), ack(1), release(0), { event: "offline", start: 0, pages: 8 }],
      ["a block came back as reported", "reported pages went offline"],
    ],
    [
      "hotplug with a request open",
      [...OPEN, { event: "offline", start: 8, pages: 8 }],
      ["pages went offline while a request was open"],
    ],
    [
      "the device goes with a request open, which is answered then",
      [...OPEN, { event: "unregistered" }, ack(1)],
      ["answered while no device was registered", "the device went away with a request open"],
    ],
    ["the device goes", [{ event: "unregistered" }], []],
    [
      "a caller gets nothing while pages are held",
      [isolate(0), { event: "alloc-failed", order: 2, reason: "would-block" }],
      ["a caller was told to try again", "a caller got nothing while pages were held"],
    ],
    ["memory is out", [{ event: "alloc-failed", order: 2 }], ["memory was out, and nothing was held"]],
    ["lists are reworked", [{ do: "compact", zone: "zone0" }], []],
    [
      "lists are reworked while pages are held",
      [isolate(0), { do: "compact", zone: "zone0" }],
      ["free lists were reworked while pages were held"],
    ],
    [
      "a balloon grows",
      [
        { do: "balloon", pages: 3 },
        { do: "balloon", pages: 3 },
      ],
      [],
    ],
    [
      "a balloon shrinks",
      [
        { do: "balloon", pages: 3 },
        { do: "balloon", pages: 2 },
      ],
      ["the balloon's target fell"],
    ],
    ["hints begin with a request open", [...OPEN, { do: "hint", command: "start" }], []],
    [
      "hints are called off with a request open",
      [...OPEN, { do: "hint", command: "done" }],
      ["hints were called off with a request open"],
    ],
  ])("%s", (_, story, labels) => {
    expect(met(...story)).toEqual(labels);
  });
});
