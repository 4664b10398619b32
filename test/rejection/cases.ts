/** For each property of the contract a list of events that breaks it, told in full in golden.test.ts. */
import type { Event } from "../../model/alphabet/index.ts";
import type { ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import {
  ack,
  alloc,
  discard,
  failed,
  free,
  isolate,
  machine,
  plain,
  release,
  submit,
  waits,
  zone,
} from "../judges/events.ts";

export const MACHINE = machine([zone(0, 32, { name: "Normal" })]);

export interface Case {
  readonly breaks: PropertyId;
  readonly what: string;
  readonly events: readonly Event[];
  readonly options?: ContractOptions;
  /** A run that was stopped, and not a whole recording. */
  readonly isRun?: boolean;
}

const report = (pfn: number, order: number): Event[] => [
  isolate(pfn, order),
  submit(9, [pfn, order]),
  ack(9),
  release(pfn, order),
];

export const CASES: readonly Case[] = [
  {
    breaks: "exclusion",
    what: "a page in flight is allocated, and everything comes home later",
    events: [alloc(0, 3), isolate(8, 2), submit(7, [8, 2]), alloc(10, 0), ack(7), release(8, 2), free(0, 3)],
  },
  {
    breaks: "exclusion",
    what: "a run gives back what is in flight",
    events: [isolate(8, 2), submit(7, [8, 2]), release(8, 2)],
    isRun: true,
  },
  {
    breaks: "ownership",
    what: "a free is missing",
    events: [alloc(8, 2), alloc(16, 1), alloc(8, 2), free(8, 2), free(16, 1)],
  },
  {
    breaks: "ownership",
    what: "an event is there twice",
    events: [alloc(8, 2), free(8, 2), free(8, 2), alloc(8, 2)],
  },
  {
    breaks: "well-formed",
    what: "a request has more ranges than fit",
    events: [isolate(8, 2), isolate(16, 2), isolate(24, 2), submit(3, [8, 2], [16, 2], [24, 2])],
    isRun: true,
  },
  {
    breaks: "host-window",
    what: "the host drops pages after its ack",
    events: [isolate(8, 3), submit(7, [8, 3]), ack(7), discard(7, 8, 3), release(8, 3)],
  },
  {
    breaks: "truthful-mark",
    what: "the host refused, and the block comes back as reported",
    events: [isolate(8, 3), submit(7, [8, 3]), ack(7, false), release(8, 3)],
  },
  {
    breaks: "fake-oom",
    what: "memory is out while a block is held",
    events: [alloc(0, 3), alloc(16, 3), alloc(24, 3), isolate(8, 3), failed(2)],
    isRun: true,
  },
  {
    breaks: "stranded",
    what: "the reporter rests and holds two blocks",
    events: [isolate(8, 2), isolate(16, 2), submit(7, [8, 2], [16, 2]), ack(7), plain("idle")],
  },
  {
    breaks: "stranded",
    what: "a caller sleeps at the end",
    events: [waits(2, 5), alloc(8, 2)],
  },
  {
    breaks: "completeness",
    what: "the reporter rests before it has reported what was freed",
    events: [
      ...report(0, 3),
      ...report(8, 3),
      ...report(16, 3),
      ...report(24, 3),
      alloc(8, 1),
      plain("idle"),
      free(8, 1),
      alloc(16, 0),
      plain("idle"),
    ],
    options: { claims: ["completeness"] },
    isRun: true,
  },
  {
    breaks: "ownership",
    what: "a free of what nobody has ever touched",
    events: [alloc(0, 2), free(8, 2)],
    isRun: true,
  },
  {
    breaks: "well-formed",
    what: "a request names nothing",
    events: [isolate(8, 3), submit(1), submit(2, [8, 3])],
    isRun: true,
  },
  {
    breaks: "well-formed",
    what: "a block is larger than any",
    events: [alloc(8, 4)],
    isRun: true,
  },
  {
    breaks: "host-window",
    what: "the host drops pages that somebody else has by now",
    events: [isolate(8, 3), submit(7, [8, 3]), ack(7), release(8, 3), alloc(8, 3), discard(7, 8, 3)],
  },
  {
    breaks: "host-window",
    what: "an ack that nobody waits for",
    events: [isolate(8, 3), ack(7)],
    isRun: true,
  },
  {
    breaks: "truthful-mark",
    what: "the block comes back before it is reported",
    events: [isolate(8, 3), release(8, 3), submit(1, [8, 3]), ack(1)],
  },
  {
    breaks: "truthful-mark",
    what: "only half of the block was reported",
    events: [isolate(8, 3), submit(4, [8, 2]), ack(4), release(8, 3)],
  },
  {
    breaks: "fake-oom",
    what: "a sleeper is told that memory is out, and the host would have answered",
    events: [
      alloc(0, 3),
      alloc(16, 3),
      alloc(24, 3),
      isolate(8, 3),
      submit(1, [8, 3]),
      waits(2, 4),
      failed(2, { ticket: 4 }),
      ack(1),
      release(8, 3),
    ],
  },
  {
    breaks: "stranded",
    what: "the reporter keeps all that it ever took",
    events: [0, 4, 8, 12, 16, 20, 24, 28].map((pfn) => isolate(pfn, 2)),
  },
  {
    breaks: "completeness",
    what: "the reporter rests and has reported nothing",
    events: [plain("idle")],
    options: { claims: ["completeness"] },
    isRun: true,
  },
  {
    breaks: "quiet",
    what: "a request is submitted before the device comes back",
    events: [plain("unregistered"), isolate(8, 3), submit(7, [8, 3]), plain("registered"), ack(7), release(8, 3)],
  },
  {
    breaks: "quiet",
    what: "a request is submitted without a device",
    events: [plain("unregistered"), isolate(8, 3), submit(7, [8, 3]), ack(7), release(8, 3)],
  },
];
