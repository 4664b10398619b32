/** Who may take pages from whom, and what is in flight: `exclusion`, `ownership`. */
import { ack, alloc, free, isolate, offline, online, release, submit, write } from "../events.ts";
import { inFlight, acked, closing, type Story } from "./story.ts";

export const EXCLUSION: readonly Story[] = [
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

export const OWNERSHIP: readonly Story[] = [
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
