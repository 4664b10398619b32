/** Who is told that memory is out, and what must hold at rest: `fake-oom`, `stranded`, `completeness`, `quiet`. */
import {
  ack,
  alloc,
  failed,
  free,
  isolate,
  machine,
  offline,
  online,
  plain,
  release,
  reportBlock,
  submit,
  waits,
  zone,
} from "../events.ts";
import { inFlight, full, SMALL, COMPLETE, claims, type Story } from "./story.ts";

const LOW = machine([zone(0, 32, { watermarks: { min: 8, low: 8, high: 8 } })]);

export const FAKE_OOM: readonly Story[] = [
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

export const REST: readonly Story[] = [
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

export const COMPLETENESS: readonly Story[] = [
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

export const QUIET: readonly Story[] = [
  {
    rule: "no request while no device is registered",
    breaks: "quiet",
    story: [isolate(8, 2), plain("unregistered"), submit(1, [8, 2])],
    legal: [...inFlight, plain("unregistered"), ack(1), plain("registered"), submit(1, [12, 2]), ack(1), release(8, 3)],
  },
];
