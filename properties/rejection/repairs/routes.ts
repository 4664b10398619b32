/** The events that would have brought pages legally from whom they are with to whom an event takes them from. */
import type { Block, Event, Geometry, PageRange } from "../../../model/alphabet/index.ts";
import { blocksOf, sectionsOf, zoneOf } from "../../../model/alphabet/index.ts";
import { rangeOf } from "../../judges/contract/explain.ts";
import type { KnownOwner } from "../../judges/contract.ts";
import type { PageRun } from "../rejection.ts";
import type { Witness } from "../witness.ts";
import { overlap } from "../words.ts";

/** From whom an event takes its pages, or undefined where it takes none. */
export function takenFrom(event: Event, unseen: readonly string[]): KnownOwner | undefined {
  switch (event.event) {
    case "alloc":
    case "isolate":
    case "offline":
      return "free";
    case "free":
    case "write":
      return "allocated";
    case "submit":
      return unseen.includes("isolate") ? "free" : "held";
    case "release":
      return "held";
    case "online":
      return "absent";
    default:
      return undefined;
  }
}

/** True where pages like these are what is wanted. */
export function isWanted(run: PageRun, wanted: KnownOwner): boolean {
  return run.owner === "unknown" || (run.owner === wanted && run.request === undefined);
}

/** The most events that one route may have. */
const LONGEST = 64;

/**
 * The events that bring all these runs to where they are wanted, in order; each request is acked once.
 * @param acks the answer of the requests that are open
 * @returns undefined where there is no way, or only a very long one
 */
export function route(
  witness: Witness,
  runs: readonly PageRun[],
  wanted: KnownOwner,
  acks = true,
): Event[] | undefined {
  const requests = new Set(runs.flatMap(({ request }) => request ?? []));
  const events: Event[] = [...requests].map((request) => ({ event: "ack", request, ok: acks }));
  const released = witness.broke.options.unseen?.includes("release") ?? false;
  for (const run of runs) {
    const acked: PageRun =
      run.request === undefined
        ? run
        : {
            start: run.start,
            pages: run.pages,
            owner: released ? "free" : "held",
            marked: released,
            acked: acks || run.acked,
          };
    const further = acked.owner === wanted ? [] : onward(witness, acked, wanted);
    if (further === undefined) return undefined;
    events.push(...further);
    if (events.length > LONGEST) return undefined;
  }
  return events;
}

/** From one owner to another, by way of `free`. */
function onward(witness: Witness, run: PageRun, wanted: KnownOwner): Event[] | undefined {
  const freed = run.owner === "free" ? [] : toFree(witness, run);
  if (freed === undefined || wanted === "free") return freed;
  const taken = fromFree(witness, run, wanted);
  return taken && [...freed, ...taken];
}

function toFree(witness: Witness, run: PageRun): Event[] | undefined {
  switch (run.owner) {
    case "held":
      return blocksWithin(witness, run, "isolate").map((block) => ({
        event: "release",
        ...block,
        reported: run.acked,
      }));
    case "allocated":
      return blocksWithin(witness, run, "alloc").map((block) => ({ event: "free", ...block }));
    case "absent":
      return sections(witness.broke.geometry, run).map((section) => ({ event: "online", ...section }));
    default:
      return undefined;
  }
}

function fromFree(witness: Witness, run: PageRun, wanted: KnownOwner): Event[] | undefined {
  switch (wanted) {
    case "held":
      return aligned(run, witness.broke.geometry).map((block) => ({ event: "isolate", ...block }));
    case "allocated":
      return aligned(run, witness.broke.geometry).map((block) => ({ event: "alloc", ...block }));
    case "absent":
      return sections(witness.broke.geometry, run).map((section) => ({ event: "offline", ...section }));
    default:
      return undefined;
  }
}

/** The blocks that were taken there, as they were taken; where only parts are left, or nobody saw it, what is there now. */
function blocksWithin(witness: Witness, run: PageRun, by: "isolate" | "alloc"): Block[] {
  const blocks: Block[] = [];
  for (const tenure of witness.tenures.of(run)) {
    const [first] = tenure.events;
    const part = { start: tenure.start, pages: tenure.end - tenure.start };
    if (first?.event.event === by && isWhole(witness, first.event, run)) {
      const { pfn, order } = first.event;
      if (!blocks.some((block) => block.pfn === pfn)) blocks.push({ pfn, order });
    } else blocks.push(...aligned(part, witness.broke.geometry));
  }
  return blocks.length > 0 ? blocks : aligned(run, witness.broke.geometry);
}

/** True where all pages of the block are still with the same owner as these. */
function isWhole(witness: Witness, block: Block, { owner, acked }: PageRun): boolean {
  return witness.contract.knows
    .runs(rangeOf(block))
    .every((run) => run.owner === owner && (owner !== "held" || acked === run.acked || run.request !== undefined));
}

/** The fewest aligned blocks that are these pages; of very many the first. */
export function aligned(range: PageRange, { maxOrder }: Geometry): Block[] {
  const blocks: Block[] = [];
  for (const block of blocksOf(range, maxOrder)) {
    if (blocks.length > LONGEST) break;
    blocks.push(block);
  }
  return blocks;
}

/** The sections around these pages. */
export function sections(geometry: Geometry, range: PageRange): PageRange[] {
  const zone = geometry.zones[zoneOf(geometry, range.start)];
  return zone === undefined ? [] : sectionsOf(geometry, zone).filter((section) => overlap(section, range));
}
