/**
 * Every property that is judged here: its id, its sentence, its source. Defined once; everyone else names the id.
 */
export interface Property {
  readonly id: string;
  /** Who judges it: `contract` from events alone, `invariant` over a view, `lockstep`, `memory`, `liveness`. */
  readonly judge: "contract" | "invariant" | "memory" | "liveness" | "lockstep";
  readonly sentence: string;
  readonly source: string;
}

/** In the order of the table in `wire.md`: where one event breaks several, the first is named. */
export const CONTRACT_PROPERTIES = [
  {
    id: "exclusion",
    judge: "contract",
    sentence:
      "A page that the host is processing is not allocated, written, offlined, released or submitted again, and no allocated page is submitted.",
    source: "wire.md, The contract; duyck-line.md H.2 S1",
  },
  {
    id: "ownership",
    judge: "contract",
    sentence: "Whoever takes pages takes them from an owner that has them.",
    source: "wire.md, The contract; duyck-line.md H.2 S5",
  },
  {
    id: "well-formed",
    judge: "contract",
    sentence:
      "Blocks are aligned, inside one zone and not over maxOrder; requests are not empty, not over capacity, hold no order under reportOrder and no page twice; numbers are used once at a time; hotplug moves whole sections.",
    source: "wire.md, The contract",
  },
  {
    id: "host-window",
    judge: "contract",
    sentence:
      "The host discards only between submit and ack, and only what the request names; it acks only what is open.",
    source: "wire.md, The contract; duyck-line.md H.2 S2",
  },
  {
    id: "truthful-mark",
    judge: "contract",
    sentence: "A block comes back as reported only if all its pages were acked with ok since they were last isolated.",
    source: "wire.md, The contract; duyck-line.md H.2 S3, S13",
  },
  {
    id: "fake-oom",
    judge: "contract",
    sentence: "Nobody is told that memory is out while giving back the held pages would have satisfied him.",
    source: "wire.md, The contract; seed 001; duyck-line.md H.2 S10",
  },
  {
    id: "stranded",
    judge: "contract",
    sentence: "When the reporter rests and no request is open, nothing is held and nobody sleeps.",
    source: "wire.md, The contract",
  },
  {
    id: "completeness",
    judge: "contract",
    sentence: "When the reporter rests, every free block of the report order is reported (where this is claimed).",
    source: "wire.md, The contract; duyck-line.md H.3 L-complete",
  },
  {
    id: "quiet",
    judge: "contract",
    sentence:
      "While no device is registered, and while the guest is frozen, no request is submitted and nothing is held.",
    source: "wire.md, The contract; DESIGN.md, What must hold; duyck-line.md H.2 S12, S12b",
  },
  {
    id: "lost-write",
    judge: "memory",
    sentence: "Pages hold what their owner wrote last, and free pages what the guest expects to find in them.",
    source: "wire.md, The contract; duyck-line.md H.2 S2, S11",
  },
] as const satisfies readonly Property[];

/** DESIGN.md, "What must hold": the guest's own state, seen through a view. `quiet` stands above. */
export const INVARIANT_PROPERTIES = [
  {
    id: "alive",
    judge: "invariant",
    sentence: "The guest never stops at an assertion of its own or writes past an array.",
    source: "duyck-line.md A.6, C; nitesh-wei-host.md 4",
  },
  {
    id: "free-lists",
    judge: "invariant",
    sentence:
      "Every free block is on exactly one list, that of its order and of its pageblocks' migratetype; links agree both ways; counts agree.",
    source: "DESIGN.md; duyck-line.md A.1, H.2 S8",
  },
  {
    id: "conservation",
    judge: "invariant",
    sentence: "Every present page has exactly one owner, and blocks neither overlap nor leave gaps.",
    source: "DESIGN.md; duyck-line.md H.2 S5",
  },
  {
    id: "merged",
    judge: "invariant",
    sentence: "No two free buddies that may merge stand apart.",
    source: "DESIGN.md; duyck-line.md A.2, H.2 S7",
  },
  {
    id: "accounting",
    judge: "invariant",
    sentence:
      "Free pages of a zone, blocks of an order, reported blocks, highatomic pages and isolated pageblocks are what their counters say.",
    source: "DESIGN.md; duyck-line.md H.2 S6, D.5 I3",
  },
  {
    id: "flag",
    judge: "invariant",
    sentence:
      "A Reported mark stands only on the head of a free block of at least the smallest reportable order, and exactly that block (or, where marks merge, every page of it) was acked with ok and stayed free since.",
    source: "DESIGN.md; duyck-line.md H.2 S3, S4",
  },
  {
    id: "slip",
    judge: "invariant",
    sentence:
      "Behind the boundary every block is reported; the boundary is the list's end or a reported block of that list.",
    source: "DESIGN.md; seed 001; duyck-line.md D.5 I1, I2",
  },
  {
    id: "watermark",
    judge: "invariant",
    sentence: "The reporter never takes a zone to or under its minimum.",
    source: "DESIGN.md; duyck-line.md A.5, H.2 S10",
  },
  {
    id: "bounded-hold",
    judge: "invariant",
    sentence: "Never more than capacity blocks are held at once, and all of one zone.",
    source: "DESIGN.md; duyck-line.md H.2 S9",
  },
  {
    id: "migratetype",
    judge: "invariant",
    sentence:
      "A block comes back to the list that its pageblock says now; taking it changes no type but unmovable and reclaimable into movable.",
    source: "DESIGN.md; duyck-line.md A.5, G-19, G-50",
  },
] as const satisfies readonly Property[];

export const LIVENESS_PROPERTIES = [
  {
    id: "stall",
    judge: "liveness",
    sentence: "Nobody is kept waiting by the reporter while the memory that he asks for is free.",
    source: "seed 000; nitesh-wei-host.md 4",
  },
  {
    id: "missed",
    judge: "liveness",
    sentence:
      "No free page is missed: what was freed in a reportable block has been reported since, or the design will yet look at it.",
    source: "seed 000; nitesh-wei-host.md 5, P4",
  },
  {
    id: "rest",
    judge: "liveness",
    sentence:
      "Once users rest and the host answers, the worker falls idle within its bound, with nothing held and nobody waiting.",
    source: "DESIGN.md; duyck-line.md H.3 L-quiesce",
  },
  {
    id: "wakeup",
    judge: "liveness",
    sentence:
      "A free that must wake the reporter is followed by a pass that starts after it; where enough is noted, a pass is under way or scheduled.",
    source: "duyck-line.md H.3 L-notify",
  },
  {
    id: "progress",
    judge: "liveness",
    sentence:
      "Once woken in an otherwise quiet guest, passes go on until every block that the design promises to report is reported.",
    source: "duyck-line.md E.5, H.3 L-complete",
  },
] as const satisfies readonly Property[];

/** What the host does with hints, seen from where the guest ends up. */
export const MIGRATION_PROPERTIES = [
  {
    id: "migrated",
    judge: "memory",
    sentence: "At the end of a migration the destination holds every byte that the guest may read.",
    source: "nitesh-wei-host.md 2.4",
  },
] as const satisfies readonly Property[];

export const LOCKSTEP_PROPERTIES = [
  {
    id: "lockstep",
    judge: "lockstep",
    sentence: "Model and implementation answer every action with the same events and reach the same state.",
    source: "DESIGN.md, One alphabet, many drivers",
  },
] as const satisfies readonly Property[];

/** Everything that is judged, that which the contract judges first. */
export const PROPERTIES: readonly Property[] = [
  ...CONTRACT_PROPERTIES,
  ...MIGRATION_PROPERTIES,
  ...INVARIANT_PROPERTIES,
  ...LIVENESS_PROPERTIES,
  ...LOCKSTEP_PROPERTIES,
];

/** The name of a property: `exclusion`, `fake-oom`. */
export type PropertyId =
  | (typeof CONTRACT_PROPERTIES)[number]["id"]
  | (typeof MIGRATION_PROPERTIES)[number]["id"]
  | (typeof INVARIANT_PROPERTIES)[number]["id"]
  | (typeof LIVENESS_PROPERTIES)[number]["id"]
  | (typeof LOCKSTEP_PROPERTIES)[number]["id"];

/**
 * Judged only where a design claims it; `completeness` where a subject does, too. All other properties are judged always
 * (`flag` wherever a design marks blocks at all).
 */
export const CLAIMABLE = [
  "completeness",
  "slip",
  "watermark",
  "bounded-hold",
  "migratetype",
  "flag",
  "wakeup",
  "progress",
  "missed",
] as const satisfies readonly PropertyId[];

const IDS: ReadonlySet<string> = new Set(PROPERTIES.map(({ id }) => id));

/** True where there is a property of this id. */
export function isProperty(id: string): id is PropertyId {
  return IDS.has(id);
}

/** A broken property, told for people. Who reports it adds the step or the line. */
export interface Violation {
  readonly property: PropertyId;
  /** What happened, to which pages, and why it is wrong: one or two sentences. */
  readonly explanation: string;
  /** The pages concerned, where there are any. */
  readonly pages?: { readonly start: number; readonly pages: number };
}
