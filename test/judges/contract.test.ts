/**
 * Every rule of `wire.md`, "The contract": a story that breaks it with its last event, and the nearest story that does
 * not. In a story all events before the last are legal.
 */
import { describe, expect, it } from "vitest";
import { InputError, type Event, type Geometry } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import {
  ack,
  alloc,
  discard,
  failed,
  free,
  isolate,
  judge,
  judgeAll,
  machine,
  offline,
  online,
  plain,
  release,
  reportBlock,
  submit,
  waits,
  write,
  zone,
} from "./events.ts";

const HOLE = { start: 100, pages: 4 };
/** Two zones side by side, one of another node with a hole, and one that is half a section. */
const GEOMETRY = machine([
  zone(0, 32),
  zone(32, 16),
  zone(96, 16, { node: 1, holes: [HOLE] }),
  zone(2 ** 40, 8, { node: 1 }),
]);

interface Story {
  readonly rule: string;
  readonly breaks: PropertyId;
  readonly story: readonly Event[];
  readonly legal: readonly Event[];
  readonly options?: ContractOptions;
  readonly geometry?: Geometry;
}

const inFlight = [isolate(8, 3), submit(1, [8, 2])];
const acked = [...inFlight, ack(1), release(8, 2)];
const home = [release(8, 2), release(12, 2, false)];
const bothHalves = (pfn: number): Event[] => [isolate(pfn, 3), submit(1, [pfn, 2], [pfn + 4, 2])];
const closing = [ack(1), ...home];

const EXCLUSION: readonly Story[] = [
  {
    rule: "a page in flight is not allocated",
    breaks: "exclusion",
    story: [...inFlight, alloc(8, 0)],
    legal: [...acked, alloc(8, 0), release(12, 2, false)],
  },
  {
    rule: "a page in flight is not written",
    breaks: "exclusion",
    story: [...inFlight, write(8, 2)],
    legal: [...acked, alloc(8, 2), write(8, 2), release(12, 2, false)],
  },
  {
    rule: "a page in flight is not offlined",
    breaks: "exclusion",
    story: [...inFlight, offline(0, 16)],
    legal: [...acked, release(12, 2, false), offline(0, 16)],
  },
  {
    rule: "a page in flight is not released",
    breaks: "exclusion",
    story: [...inFlight, release(8, 2, false)],
    legal: [...inFlight, release(12, 2, false), ack(1), release(8, 2)],
  },
  {
    rule: "a page in flight is not submitted again",
    breaks: "exclusion",
    story: [...inFlight, submit(2, [8, 2])],
    legal: [...inFlight, submit(2, [12, 2]), ack(2), ...closing],
  },
  {
    rule: "an allocated page is not submitted",
    breaks: "exclusion",
    story: [alloc(8, 2), submit(1, [8, 2])],
    legal: [alloc(0, 2), ...inFlight, ...closing],
  },
  {
    rule: "one page of many is enough",
    breaks: "exclusion",
    story: [isolate(0, 3), submit(1, [4, 2]), alloc(0, 3)],
    legal: [isolate(0, 3), submit(1, [4, 2]), ack(1), release(0, 3, false), alloc(0, 3)],
  },
];

const OWNERSHIP: readonly Story[] = [
  {
    rule: "only free pages are allocated: not allocated ones",
    breaks: "ownership",
    story: [alloc(0, 1), alloc(1, 0)],
    legal: [alloc(0, 1), alloc(2, 0)],
  },
  {
    rule: "only free pages are allocated: not held ones",
    breaks: "ownership",
    story: [isolate(8, 3), alloc(15, 0)],
    legal: [isolate(8, 3), alloc(16, 0), release(8, 3, false)],
  },
  {
    rule: "only free pages are allocated: not a hole",
    breaks: "ownership",
    story: [alloc(96, 3)],
    legal: [alloc(96, 2)],
  },
  {
    rule: "only free pages are allocated: not offline ones",
    breaks: "ownership",
    story: [offline(16, 16), alloc(16, 0)],
    legal: [offline(16, 16), alloc(15, 0)],
  },
  {
    rule: "only allocated pages are freed",
    breaks: "ownership",
    story: [alloc(0, 1), free(0, 1), free(0, 0)],
    legal: [alloc(0, 1), free(0, 0), free(1, 0)],
  },
  {
    rule: "only allocated pages are freed: not more than was allocated",
    breaks: "ownership",
    story: [alloc(0, 1), free(0, 2)],
    legal: [alloc(0, 1), alloc(2, 1), free(0, 2)],
  },
  {
    rule: "only allocated pages are written",
    breaks: "ownership",
    story: [alloc(0, 1), write(0, 1), write(0, 2)],
    legal: [alloc(0, 2), write(0, 1), write(0, 2)],
  },
  {
    rule: "only free pages are isolated: not allocated ones",
    breaks: "ownership",
    story: [alloc(5, 0), isolate(4, 2)],
    legal: [alloc(3, 0), isolate(4, 2), release(4, 2, false)],
  },
  {
    rule: "only free pages are isolated: not held ones",
    breaks: "ownership",
    story: [isolate(4, 2), isolate(0, 3)],
    legal: [isolate(4, 2), isolate(0, 2), release(0, 3, false)],
  },
  {
    rule: "only free pages are isolated: not those in flight",
    breaks: "ownership",
    story: [...inFlight, isolate(8, 2)],
    legal: [...acked, isolate(8, 2), release(8, 3, false)],
  },
  {
    rule: "only held pages are submitted",
    breaks: "ownership",
    story: [submit(1, [8, 2])],
    legal: [isolate(8, 2), submit(1, [8, 2]), ack(1), release(8, 2)],
  },
  {
    rule: "only held pages are submitted: not absent ones",
    breaks: "ownership",
    story: [submit(1, [100, 2])],
    legal: [isolate(104, 2), submit(1, [104, 2]), ack(1), release(104, 2)],
  },
  {
    rule: "only held pages are released",
    breaks: "ownership",
    story: [isolate(8, 2), release(8, 2, false), release(8, 2, false)],
    legal: [isolate(8, 2), release(8, 1, false), release(10, 1, false)],
  },
  {
    rule: "only held pages are released: not allocated ones",
    breaks: "ownership",
    story: [alloc(8, 2), release(8, 2, false)],
    legal: [alloc(12, 2), isolate(8, 2), release(8, 2, false)],
  },
  {
    rule: "only free pages are offlined: not allocated ones",
    breaks: "ownership",
    story: [alloc(31, 0), offline(16, 16)],
    legal: [alloc(15, 0), offline(16, 16)],
  },
  {
    rule: "only free pages are offlined: not held ones",
    breaks: "ownership",
    story: [isolate(16, 2), offline(16, 16)],
    legal: [isolate(12, 2), offline(16, 16), release(12, 2, false)],
  },
  {
    rule: "only free pages are offlined: not twice",
    breaks: "ownership",
    story: [offline(16, 16), offline(16, 16)],
    legal: [offline(16, 16), online(16, 16), offline(16, 16)],
  },
  {
    rule: "only free pages are offlined: not a hole",
    breaks: "ownership",
    story: [offline(96, 16)],
    legal: [offline(2 ** 40, 8)],
  },
  {
    rule: "only absent pages come online",
    breaks: "ownership",
    story: [online(16, 16)],
    legal: [offline(16, 16), online(16, 16)],
  },
  {
    rule: "only absent pages come online: not those of half a section",
    breaks: "ownership",
    story: [offline(0, 16), online(0, 32)],
    legal: [offline(0, 32), online(0, 32)],
  },
];

const WELL_FORMED: readonly Story[] = [
  { rule: "a block is aligned", breaks: "well-formed", story: [alloc(2, 2)], legal: [alloc(4, 2)] },
  { rule: "a block is in a zone", breaks: "well-formed", story: [alloc(48, 0)], legal: [alloc(47, 0)] },
  {
    rule: "a block is in a zone: the last page of all is in none",
    breaks: "well-formed",
    story: [alloc(2 ** 53 - 1, 0)],
    legal: [alloc(2 ** 40 + 7, 0)],
  },
  {
    rule: "a block is in one zone",
    breaks: "well-formed",
    story: [isolate(28, 3)],
    legal: [isolate(24, 3), release(24, 3, false)],
  },
  { rule: "a block is not over maxOrder", breaks: "well-formed", story: [alloc(0, 4)], legal: [alloc(0, 3)] },
  {
    rule: "a block is not over maxOrder: not all memory",
    breaks: "well-formed",
    story: [isolate(64, 63)],
    legal: [isolate(0, 3), release(0, 3, false)],
    geometry: machine([zone(0, 32)]),
  },
  {
    rule: "a freed block is aligned",
    breaks: "well-formed",
    story: [alloc(0, 3), free(2, 2)],
    legal: [alloc(0, 3), free(4, 2)],
  },
  {
    rule: "a written block is aligned",
    breaks: "well-formed",
    story: [alloc(0, 3), write(1, 1)],
    legal: [alloc(0, 3), write(2, 1)],
  },
  {
    rule: "a released block is aligned",
    breaks: "well-formed",
    story: [isolate(8, 3), release(10, 2, false)],
    legal: [isolate(8, 3), release(8, 3, false)],
  },
  {
    rule: "a discarded range is aligned",
    breaks: "well-formed",
    story: [...inFlight, discard(1, 9, 1)],
    legal: [...inFlight, discard(1, 10, 1), ...closing],
  },
  {
    rule: "a submitted range is aligned",
    breaks: "well-formed",
    story: [isolate(8, 3), submit(1, [10, 2])],
    legal: [...inFlight, ...closing],
  },
  {
    rule: "a hotplug range begins with a section",
    breaks: "well-formed",
    story: [offline(8, 16)],
    legal: [offline(16, 16)],
  },
  {
    rule: "a hotplug range ends with a section",
    breaks: "well-formed",
    story: [offline(16, 8)],
    legal: [offline(0, 32)],
  },
  { rule: "a hotplug range has pages", breaks: "well-formed", story: [offline(16, 0)], legal: [offline(16, 16)] },
  {
    rule: "a hotplug range is of one zone",
    breaks: "well-formed",
    story: [offline(16, 32)],
    legal: [offline(16, 16), offline(32, 16)],
  },
  { rule: "a hotplug range is in a zone", breaks: "well-formed", story: [online(48, 16)], legal: [offline(32, 16)] },
  {
    rule: "sections count from the start of their zone, and the last may be shorter",
    breaks: "well-formed",
    story: [offline(16, 16)],
    legal: [offline(8, 16), offline(24, 8)],
    geometry: machine([zone(8, 24)]),
  },
  { rule: "a request is not empty", breaks: "well-formed", story: [submit(1)], legal: [...inFlight, ...closing] },
  {
    rule: "a request is not over capacity",
    breaks: "well-formed",
    story: [isolate(0, 3), isolate(8, 3), submit(1, [0, 2], [4, 2], [8, 2])],
    legal: [isolate(0, 3), submit(1, [0, 2], [4, 2]), ack(1), release(0, 3)],
  },
  {
    rule: "a request holds no order under reportOrder",
    breaks: "well-formed",
    story: [isolate(0, 3), submit(1, [0, 1])],
    legal: [isolate(0, 3), submit(1, [0, 2]), ack(1), release(0, 3, false)],
  },
  {
    rule: "a request does not overlap itself",
    breaks: "well-formed",
    story: [isolate(0, 3), submit(1, [0, 2], [0, 3])],
    legal: [isolate(0, 3), submit(1, [4, 2], [0, 2]), ack(1), release(0, 3)],
  },
  {
    rule: "a request number is not used again while open",
    breaks: "well-formed",
    story: [...inFlight, submit(1, [12, 2])],
    legal: [...inFlight, ack(1), submit(1, [12, 2]), ack(1), release(8, 3)],
  },
];

const HOST_WINDOW: readonly Story[] = [
  {
    rule: "no discard before submit",
    breaks: "host-window",
    story: [isolate(8, 2), discard(1, 8, 2)],
    legal: [...inFlight, discard(1, 8, 2), ...closing],
  },
  {
    rule: "no discard after the ack",
    breaks: "host-window",
    story: [...inFlight, ack(1), discard(1, 8, 2)],
    legal: [...inFlight, discard(1, 8, 2), discard(1, 8, 2), ...closing],
  },
  {
    rule: "no discard outside the ranges",
    breaks: "host-window",
    story: [...inFlight, discard(1, 8, 3)],
    legal: [...inFlight, discard(1, 11, 0), ...closing],
  },
  {
    rule: "no discard in the ranges of another request",
    breaks: "host-window",
    story: [...inFlight, submit(2, [12, 2]), discard(1, 12, 2)],
    legal: [...inFlight, submit(2, [12, 2]), discard(2, 12, 2), ack(2), ...closing],
  },
  {
    rule: "a discard over several ranges is inside them",
    breaks: "host-window",
    story: [isolate(0, 3), isolate(8, 3), submit(1, [0, 2], [12, 2]), discard(1, 8, 3)],
    legal: [isolate(0, 3), submit(1, [4, 2], [0, 2]), discard(1, 0, 3), discard(1, 6, 1), ack(1), release(0, 3)],
  },
  {
    rule: "a discard over several ranges leaves no gap between them",
    breaks: "host-window",
    story: [isolate(0, 3), isolate(8, 3), submit(1, [0, 2], [8, 2]), discard(1, 0, 3)],
    legal: [isolate(0, 3), submit(1, [0, 2], [4, 2]), discard(1, 0, 3), ack(1), release(0, 3)],
  },
  {
    rule: "no discard in the ranges that an earlier request of that number had",
    breaks: "host-window",
    story: [...bothHalves(0), discard(1, 0, 2), ack(1), ...bothHalves(8), discard(1, 0, 2)],
    legal: [
      ...bothHalves(0),
      discard(1, 0, 2),
      ack(1),
      ...bothHalves(8),
      discard(1, 8, 2),
      ack(1),
      release(0, 3),
      release(8, 3),
    ],
  },
  {
    rule: "no ack of what was never submitted",
    breaks: "host-window",
    story: [...inFlight, ack(2)],
    legal: [...inFlight, ...closing],
  },
  {
    rule: "no second ack",
    breaks: "host-window",
    story: [...inFlight, ack(1), ack(1)],
    legal: [...inFlight, ...closing],
  },
];

const MARKS: readonly Story[] = [
  {
    rule: "what was never submitted is not reported",
    breaks: "truthful-mark",
    story: [isolate(8, 2), release(8, 2)],
    legal: [isolate(8, 2), release(8, 2, false)],
  },
  {
    rule: "what was not acked with ok is not reported",
    breaks: "truthful-mark",
    story: [...inFlight, ack(1, false), release(8, 2)],
    legal: [...inFlight, ack(1, false), release(8, 3, false)],
  },
  {
    rule: "all pages were acked",
    breaks: "truthful-mark",
    story: [...inFlight, ack(1), release(8, 3)],
    legal: [...inFlight, ack(1), release(8, 2), release(12, 2, false)],
  },
  {
    rule: "acked since last isolated",
    breaks: "truthful-mark",
    story: [...reportBlock(8, 2), isolate(8, 2), release(8, 2)],
    legal: [...reportBlock(8, 2), ...reportBlock(8, 2)],
  },
  {
    rule: "a refusal after an ok takes nothing back",
    breaks: "truthful-mark",
    story: [...inFlight, ack(1, false), submit(2, [12, 2]), ack(2), release(8, 3)],
    legal: [...inFlight, ack(1), submit(2, [8, 2]), ack(2, false), ...home],
  },
];

const full = [alloc(0, 3), alloc(8, 3), alloc(16, 3), alloc(24, 3)];
const SMALL = machine([zone(0, 32), zone(32, 8, { node: 1 })]);
const LOW = machine([zone(0, 32, { watermarks: { min: 8, low: 8, high: 8 } })]);

const FAKE_OOM: readonly Story[] = [
  {
    rule: "held pages would have been enough",
    breaks: "fake-oom",
    story: [...full, isolate(32, 3), failed(3)],
    legal: [...full, alloc(32, 2), isolate(36, 2), failed(3), release(36, 2, false)],
    geometry: SMALL,
  },
  {
    rule: "free and held pages together would have been enough",
    breaks: "fake-oom",
    story: [...full, isolate(32, 2), failed(3)],
    legal: [...full, isolate(32, 2), failed(2), release(32, 2, false)],
    geometry: SMALL,
  },
  {
    rule: "pages in flight are held",
    breaks: "fake-oom",
    story: [...full, isolate(32, 3), submit(1, [32, 3]), failed(0)],
    legal: [...full, isolate(32, 3), submit(1, [32, 3]), failed(0, { reason: "would-block" }), ack(1), release(32, 3)],
    geometry: SMALL,
  },
  {
    rule: "the failure of one that waited counts as well",
    breaks: "fake-oom",
    story: [...full, isolate(32, 3), waits(0, 1), failed(0, { ticket: 1 })],
    legal: [...full, isolate(32, 3), waits(0, 1), release(32, 3, false), alloc(32, 0, 1)],
    geometry: SMALL,
  },
  {
    rule: "only the zones of a node that may not be left: held there",
    breaks: "fake-oom",
    story: [isolate(32, 3), failed(3, { node: 1 })],
    legal: [isolate(32, 3), failed(3), release(32, 3, false)],
    geometry: SMALL,
  },
  {
    rule: "only the zones of a node that may not be left: held elsewhere",
    breaks: "fake-oom",
    story: [...full, isolate(32, 3), failed(3, { node: 1 })],
    legal: [...full, isolate(32, 3), failed(3, { node: 0 }), failed(3, { node: 7 }), release(32, 3, false)],
    geometry: SMALL,
  },
  {
    rule: "the minimum would have been left",
    breaks: "fake-oom",
    story: [alloc(0, 3), alloc(8, 3), isolate(16, 3), failed(3)],
    legal: [alloc(0, 3), alloc(8, 3), alloc(16, 0), isolate(24, 3), failed(3), release(24, 3, false)],
    geometry: LOW,
  },
  {
    rule: "a free block under the minimum is no memory",
    breaks: "fake-oom",
    story: [alloc(0, 3), isolate(8, 3), isolate(16, 3), failed(0)],
    legal: [alloc(0, 3), isolate(8, 3), failed(3), release(8, 3, false)],
    geometry: LOW,
  },
  {
    rule: "no order over maxOrder could have been had",
    breaks: "fake-oom",
    story: [...full, isolate(32, 3), failed(3)],
    legal: [...full, isolate(32, 3), failed(4), failed(63), release(32, 3, false)],
    geometry: SMALL,
  },
];

const REST: readonly Story[] = [
  {
    rule: "nothing is held at idle",
    breaks: "stranded",
    story: [isolate(8, 2), plain("idle")],
    legal: [isolate(8, 2), submit(1, [8, 2]), plain("idle"), ack(1), release(8, 2), plain("idle")],
  },
  {
    rule: "nobody sleeps at idle",
    breaks: "stranded",
    story: [waits(0, 5), plain("idle")],
    legal: [waits(0, 5), alloc(0, 0, 5), plain("idle")],
  },
  {
    rule: "at idle, although no device is registered",
    breaks: "stranded",
    story: [isolate(8, 2), plain("unregistered"), plain("idle")],
    legal: [isolate(8, 2), plain("unregistered"), release(8, 2, false), plain("idle")],
  },
];

const COMPLETE = machine([zone(0, 8), zone(8, 8, { watermarks: { min: 0, low: 1, high: 1 } })]);
const claims = { claims: ["completeness"] };
const COMPLETENESS: readonly Story[] = [
  {
    rule: "every free block of reportOrder is reported",
    breaks: "completeness",
    story: [...reportBlock(0, 2), plain("idle")],
    legal: [...reportBlock(0, 2), alloc(4, 0), plain("idle")],
    geometry: COMPLETE,
    options: claims,
  },
  {
    rule: "what was allocated in between is reported again",
    breaks: "completeness",
    story: [...reportBlock(0, 3), alloc(3, 0), free(3, 0), plain("idle")],
    legal: [...reportBlock(0, 3), alloc(3, 0), free(3, 0), ...reportBlock(0, 2), plain("idle")],
    geometry: COMPLETE,
    options: claims,
  },
  {
    rule: "what was isolated in between is reported again",
    breaks: "completeness",
    story: [...reportBlock(0, 3), isolate(0, 3), release(0, 3, false), plain("idle")],
    legal: [...reportBlock(0, 3), isolate(0, 3), submit(1, [0, 3]), ack(1), release(0, 3), plain("idle")],
    geometry: COMPLETE,
    options: claims,
  },
  {
    rule: "added pages are not reported",
    breaks: "completeness",
    story: [...reportBlock(0, 3), offline(0, 8), online(0, 8), plain("idle")],
    legal: [...reportBlock(0, 3), offline(0, 8), plain("idle")],
    geometry: COMPLETE,
    options: claims,
  },
  {
    rule: "not while no device is registered",
    breaks: "completeness",
    story: [plain("unregistered"), plain("registered"), plain("idle")],
    legal: [plain("unregistered"), plain("idle")],
    geometry: COMPLETE,
    options: claims,
  },
  {
    rule: "not while a request is open",
    breaks: "completeness",
    story: [...reportBlock(0, 2), plain("idle")],
    legal: [isolate(0, 2), submit(1, [0, 2]), plain("idle"), ack(1), release(0, 2)],
    geometry: COMPLETE,
    options: claims,
  },
];

const QUIET: readonly Story[] = [
  {
    rule: "no request while no device is registered",
    breaks: "quiet",
    story: [isolate(8, 2), plain("unregistered"), submit(1, [8, 2])],
    legal: [...inFlight, plain("unregistered"), ack(1), plain("registered"), submit(1, [12, 2]), ack(1), release(8, 3)],
  },
];

const UNKNOWN = { start: "unknown" } as const;
const UNKNOWN_START: readonly Story[] = [
  {
    rule: "alloc of a page not seen",
    breaks: "ownership",
    story: [alloc(0, 0), alloc(0, 0)],
    legal: [alloc(0, 0)],
    options: UNKNOWN,
  },
  {
    rule: "free of a page not seen",
    breaks: "ownership",
    story: [free(0, 0), free(0, 0)],
    legal: [free(0, 0), alloc(0, 0)],
    options: UNKNOWN,
  },
  {
    rule: "write of a page not seen",
    breaks: "ownership",
    story: [write(0, 0), alloc(0, 0)],
    legal: [write(0, 0), free(0, 0)],
    options: UNKNOWN,
  },
  {
    rule: "isolate of a page not seen",
    breaks: "ownership",
    story: [isolate(0, 2), alloc(0, 0)],
    legal: [isolate(0, 2), release(0, 2, false)],
    options: UNKNOWN,
  },
  {
    rule: "submit of a page not seen",
    breaks: "exclusion",
    story: [submit(1, [0, 2]), alloc(0, 0)],
    legal: [submit(1, [0, 2]), ack(1), release(0, 2)],
    options: UNKNOWN,
  },
  {
    rule: "release of a page not seen",
    breaks: "ownership",
    story: [release(0, 2), release(0, 2)],
    legal: [release(0, 2), alloc(0, 0)],
    options: UNKNOWN,
  },
  {
    rule: "a page not seen, submitted and refused, is not reported",
    breaks: "truthful-mark",
    story: [submit(1, [0, 2]), ack(1, false), release(0, 2)],
    legal: [submit(1, [0, 2]), ack(1), release(0, 2)],
    options: UNKNOWN,
  },
  {
    rule: "offline of pages not seen",
    breaks: "ownership",
    story: [offline(0, 16), alloc(0, 0)],
    legal: [offline(0, 16), online(0, 16), alloc(0, 0)],
    options: UNKNOWN,
  },
  {
    rule: "online of pages not seen",
    breaks: "ownership",
    story: [online(0, 16), free(0, 0)],
    legal: [online(0, 16), alloc(0, 0)],
    options: UNKNOWN,
  },
  { rule: "a hole is known", breaks: "ownership", story: [alloc(100, 0)], legal: [alloc(104, 0)], options: UNKNOWN },
  {
    rule: "a request not seen has one ack",
    breaks: "host-window",
    story: [ack(7), ack(7)],
    legal: [ack(7), ack(8)],
    options: UNKNOWN,
  },
  {
    rule: "a request not seen has no discard after its ack",
    breaks: "host-window",
    story: [discard(7, 0, 2), ack(7), discard(7, 0, 2)],
    legal: [discard(7, 0, 2), discard(7, 0, 2), ack(7)],
    options: UNKNOWN,
  },
  {
    rule: "a request that was seen has its window",
    breaks: "host-window",
    story: [submit(7, [0, 2]), discard(7, 4, 2)],
    legal: [submit(7, [0, 2]), discard(7, 0, 2), ack(7), release(0, 2)],
    options: UNKNOWN,
  },
  {
    rule: "the number of a request not seen is free after its ack",
    breaks: "well-formed",
    story: [ack(7), submit(7, [0, 2]), submit(7, [4, 2])],
    legal: [ack(7), submit(7, [0, 2]), ack(7), release(0, 2)],
    options: UNKNOWN,
  },
  {
    rule: "unknown pages are free for the first half of fake-oom",
    breaks: "fake-oom",
    story: [alloc(0, 2), isolate(4, 2), failed(0)],
    legal: [alloc(0, 2), isolate(4, 1), failed(0), release(4, 1, false)],
    options: UNKNOWN,
    geometry: machine([zone(0, 8)]),
  },
  {
    rule: "unknown pages are not free for the second half of fake-oom",
    breaks: "fake-oom",
    story: [isolate(0, 3), alloc(8, 0), failed(3)],
    legal: [isolate(0, 2), alloc(8, 0), failed(3), release(0, 2, false)],
    options: UNKNOWN,
    geometry: machine([zone(0, 16)]),
  },
  {
    rule: "unknown pages are not free for completeness",
    breaks: "completeness",
    story: [free(0, 2), plain("idle")],
    legal: [free(0, 1), plain("idle")],
    options: { ...UNKNOWN, ...claims },
    geometry: COMPLETE,
  },
];

const noIsolate = { unseen: ["isolate"] };
const noRelease = { unseen: ["release"] };
const neither = { unseen: ["isolate", "release"] };
const UNSEEN: readonly Story[] = [
  {
    rule: "isolate unseen: submit takes free pages",
    breaks: "exclusion",
    story: [submit(1, [0, 2]), alloc(0, 0)],
    legal: [submit(1, [0, 2]), ack(1), release(0, 2), alloc(0, 0)],
    options: noIsolate,
  },
  {
    rule: "isolate unseen: no allocated ones",
    breaks: "exclusion",
    story: [alloc(1, 0), submit(1, [0, 2])],
    legal: [alloc(1, 0), free(1, 0), submit(1, [0, 2]), ack(1), release(0, 2)],
    options: noIsolate,
  },
  {
    rule: "isolate unseen: no absent ones",
    breaks: "ownership",
    story: [offline(0, 16), submit(1, [0, 2])],
    legal: [offline(0, 16), online(0, 16), submit(1, [0, 2]), ack(1), release(0, 2)],
    options: noIsolate,
  },
  {
    rule: "isolate unseen: an ack of an earlier turn does not count",
    breaks: "truthful-mark",
    story: [submit(1, [0, 2]), ack(1), release(0, 2), submit(2, [0, 2]), ack(2, false), release(0, 2)],
    legal: [submit(1, [0, 2]), ack(1), release(0, 2), submit(2, [0, 2]), ack(2), release(0, 2)],
    options: noIsolate,
  },
  {
    rule: "release unseen: ack gives back",
    breaks: "exclusion",
    story: [...inFlight, alloc(8, 0)],
    legal: [isolate(8, 2), submit(1, [8, 2]), ack(1), alloc(8, 0)],
    options: noRelease,
  },
  {
    rule: "release unseen: what was never submitted stays held",
    breaks: "stranded",
    story: [...inFlight, ack(1), plain("idle")],
    legal: [isolate(8, 3), submit(1, [8, 3]), ack(1), plain("idle")],
    options: noRelease,
  },
  {
    rule: "release unseen: marked when it was ok",
    breaks: "completeness",
    story: [submit(1, [0, 3]), ack(1, false), plain("idle")],
    legal: [submit(1, [0, 3]), ack(1), plain("idle")],
    options: { ...neither, ...claims },
    geometry: COMPLETE,
  },
  {
    rule: "both unseen",
    breaks: "exclusion",
    story: [submit(1, [0, 2]), ack(1), submit(2, [0, 2]), alloc(0, 0)],
    legal: [submit(1, [0, 2]), ack(1), submit(2, [0, 2]), ack(2), alloc(0, 0)],
    options: neither,
  },
];

const STORIES = [
  ...EXCLUSION,
  ...OWNERSHIP,
  ...WELL_FORMED,
  ...HOST_WINDOW,
  ...MARKS,
  ...FAKE_OOM,
  ...REST,
  ...COMPLETENESS,
  ...QUIET,
  ...UNKNOWN_START,
  ...UNSEEN,
];

describe("every rule is broken by one story and kept by its neighbour", () => {
  it.each(STORIES)("$breaks: $rule", ({ breaks, story, legal, options, geometry = GEOMETRY }) => {
    const broken = judgeAll(geometry, story, options);
    expect({ property: broken.property, at: broken.at }).toEqual({ property: breaks, at: story.length - 1 });
    expect(broken.violation?.explanation).toMatch(/^\S.{20,}[^.]$/s);
    expect(judgeAll(geometry, legal, options)).toEqual({ property: undefined });
  });
});

describe("stranded at the end", () => {
  it.each<{ name: string; story: Event[]; legal: Event[] }>([
    { name: "pages are held", story: [isolate(8, 2)], legal: inFlight },
    { name: "a caller sleeps", story: [waits(0, 1)], legal: [waits(0, 1), alloc(0, 0, 1)] },
    {
      name: "a caller sleeps who was not the first",
      story: [waits(0, 1), waits(0, 2), alloc(0, 0, 1)],
      legal: [...inFlight, waits(0, 1)],
    },
  ])("$name", ({ story, legal }) => {
    expect(judgeAll(GEOMETRY, story)).toMatchObject({ property: "stranded", at: story.length });
    expect(judgeAll(GEOMETRY, legal).property).toBeUndefined();
  });

  it("completeness is no matter of the end, nor of those who do not claim it", () => {
    expect(judgeAll(COMPLETE, [alloc(0, 0), free(0, 0)], claims).property).toBeUndefined();
    expect(judgeAll(COMPLETE, [plain("idle")]).property).toBeUndefined();
    expect(judgeAll(COMPLETE, [plain("idle")], claims).property).toBe("completeness");
  });
});

describe("of several broken properties the first of the table is named", () => {
  const held = [isolate(8, 3), isolate(16, 3)];
  it.each<{ name: string; property: PropertyId; story: Event[]; options?: ContractOptions; geometry?: Geometry }>([
    {
      name: "exclusion before ownership",
      property: "exclusion",
      story: [alloc(12, 2), isolate(8, 2), submit(1, [8, 2]), alloc(8, 3)],
    },
    {
      name: "exclusion before ownership, in a later page",
      property: "exclusion",
      story: [alloc(8, 2), isolate(12, 2), submit(1, [12, 2]), alloc(8, 3)],
    },
    { name: "exclusion before well-formed", property: "exclusion", story: [...inFlight, alloc(7, 2)] },
    {
      name: "exclusion before well-formed, of an order over maxOrder",
      property: "exclusion",
      story: [...inFlight, write(0, 63)],
    },
    { name: "exclusion in a later range", property: "exclusion", story: [alloc(8, 2), submit(1, [2, 2], [8, 2])] },
    {
      name: "ownership in a later range before well-formed",
      property: "ownership",
      story: [...held, submit(1, [10, 2], [0, 2])],
    },
    { name: "ownership before well-formed", property: "ownership", story: [alloc(0, 0), alloc(0, 4)] },
    {
      name: "ownership before well-formed, half outside the zones",
      property: "ownership",
      story: [alloc(47, 0), isolate(46, 2)],
    },
    {
      name: "ownership before well-formed, of a hotplug range",
      property: "ownership",
      story: [alloc(47, 0), offline(40, 100)],
    },
    {
      name: "exclusion before ownership, of a hotplug range",
      property: "exclusion",
      story: [alloc(0, 0), isolate(24, 3), submit(1, [24, 3]), offline(0, 32)],
    },
    { name: "well-formed before host-window", property: "well-formed", story: [discard(1, 1, 1)] },
    { name: "well-formed before truthful-mark", property: "well-formed", story: [isolate(8, 3), release(10, 2)] },
    { name: "ownership before truthful-mark", property: "ownership", story: [isolate(8, 2), release(8, 3)] },
    { name: "exclusion before truthful-mark", property: "exclusion", story: [...inFlight, release(8, 3)] },
    {
      name: "well-formed before quiet",
      property: "well-formed",
      story: [isolate(8, 3), plain("unregistered"), submit(1, [8, 2], [8, 3])],
    },
    { name: "ownership before quiet", property: "ownership", story: [plain("unregistered"), submit(1, [8, 2])] },
    {
      name: "stranded before completeness",
      property: "stranded",
      story: [isolate(0, 2), plain("idle")],
      options: claims,
      geometry: COMPLETE,
    },
  ])("$name", ({ property, story, options, geometry = GEOMETRY }) => {
    expect(judgeAll(geometry, story, options)).toMatchObject({ property, at: story.length - 1 });
  });
});

describe("a recorder's mistakes are no verdicts", () => {
  const wrong = (events: readonly Event[], options?: ContractOptions) => () => judgeAll(GEOMETRY, events, options);

  it("a ticket that nobody waits with, or somebody already", () => {
    expect(wrong([alloc(0, 0, 3)])).toThrow(InputError);
    expect(wrong([failed(0, { ticket: 3 })])).toThrow("ticket: found ticket 3, with which nobody waits");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), alloc(1, 0, 3)])).toThrow(InputError);
    expect(wrong([waits(0, 3), waits(0, 3)])).toThrow("somebody waits already");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), waits(0, 3), failed(0, { ticket: 3 })])).not.toThrow();
  });

  it("from an unknown start, a ticket never seen is right once", () => {
    expect(wrong([alloc(0, 0, 3), alloc(1, 0, 4), waits(0, 3), alloc(2, 0, 3)], UNKNOWN)).not.toThrow();
    expect(wrong([alloc(0, 0, 3), alloc(1, 0, 3)], UNKNOWN)).toThrow("nobody waits");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), alloc(1, 0, 3)], UNKNOWN)).toThrow("nobody waits");
  });

  it("pages that do not fit in memory", () => {
    expect(() => new Contract(machine([zone(0, 2 ** 32)]))).toThrow(InputError);
    expect(() => new Contract(machine([zone(0, 2 ** 32)]))).toThrow("more than fit in this machine's memory");
  });
});

describe("what no rule forbids is counted", () => {
  it("failures, and those while memory was free", () => {
    const contract = new Contract(SMALL);
    judge(contract, [
      failed(0),
      ...full,
      failed(0, { reason: "would-block" }),
      alloc(32, 3),
      failed(0),
      failed(0, { reason: "would-block" }),
    ]);
    expect(contract.counts).toEqual({ events: 9, failedNoMemory: 2, failedWouldBlock: 2, failedWithFreeMemory: 2 });
  });
});

describe("reset", () => {
  it("is as good as new", () => {
    const contract = new Contract(GEOMETRY, { ...UNKNOWN, ...claims });
    const story = [
      ack(5),
      alloc(96, 0, 4),
      waits(0, 9),
      isolate(8, 3),
      submit(1, [8, 3]),
      plain("unregistered"),
      offline(16, 16),
    ];
    for (let turn = 0; turn < 3; turn++) {
      expect(judge(contract, story).property).toBeUndefined();
      expect(contract.knows.owner(8)).toBe("held");
      expect(contract.counts.events).toBe(story.length);
      contract.reset();
      expect(contract.knows.owner(8)).toBe("unknown");
      expect(contract.knows.owner(100)).toBe("absent");
      expect(contract.counts).toEqual({ events: 0, failedNoMemory: 0, failedWouldBlock: 0, failedWithFreeMemory: 0 });
      expect(judge(contract, []).property).toBeUndefined();
    }
  });
});

describe("what other judges may ask", () => {
  it("owners and marks", () => {
    const contract = new Contract(GEOMETRY);
    judge(contract, [...reportBlock(8, 2), alloc(12, 1), isolate(16, 3), offline(32, 16)]);
    expect([8, 11, 12, 14, 16, 32, 48, 100, 2 ** 52].map((pfn) => contract.knows.owner(pfn))).toEqual([
      "free",
      "free",
      "allocated",
      "free",
      "held",
      "absent",
      "absent",
      "absent",
      "absent",
    ]);
    expect([7, 8, 11, 12, 48].map((pfn) => contract.knows.marked(pfn))).toEqual([false, true, true, false, false]);
  });
});

describe("explanations", () => {
  it("tell who has which pages, and since when", () => {
    const told = (events: readonly Event[], options?: ContractOptions) => judgeAll(GEOMETRY, events, options).violation;
    expect(told([...inFlight, alloc(8, 0)])).toEqual({
      property: "exclusion",
      explanation:
        "alloc of page 8, which is in flight with request 1 (submitted at event 2, not acked yet): " +
        "the host may still drop what is written there",
      pages: { start: 8, pages: 1 },
    });
    expect(told([isolate(4, 2), alloc(0, 3)])?.explanation).toBe(
      "alloc of pages 0-7: pages 4-7 are held by the reporter, not free",
    );
    expect(told([...inFlight, submit(1, [12, 2])], { unit: "line" })?.explanation).toContain("submitted at line 2");
  });
});
