/** What a request may hold, when the host may act, and what a mark means: `well-formed`, `host-window`, `truthful-mark`. */
import {
  ack,
  alloc,
  discard,
  free,
  isolate,
  machine,
  offline,
  online,
  release,
  reportBlock,
  submit,
  write,
  zone,
} from "../events.ts";
import { inFlight, home, bothHalves, closing, type Story } from "./story.ts";

export const WELL_FORMED: readonly Story[] = [
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

export const HOST_WINDOW: readonly Story[] = [
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

export const MARKS: readonly Story[] = [
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
