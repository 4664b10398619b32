/** What may go wrong with a list of events: each twist changes one thing somewhere, as chance has it. */
import type { Event } from "../../model/alphabet/index.ts";
import type { Block } from "../../model/alphabet/index.ts";

/** A number from 0 on, below the one that is given. */
export type Choose = (below: number) => number;
export type Twist = (events: readonly Event[], choose: Choose) => readonly Event[];

type OfBlock = Extract<Event, Block>;
type OfRequest = Extract<Event, { request: number }>;
type Submit = Extract<Event, { event: "submit" }>;

/** The largest number that a page or a request may have: `wire.md`, Reading. */
const LARGEST = 2 ** 53 - 1;

/** Says one of the events of a kind otherwise, perhaps as several. */
function otherwise<Kind extends Event>(
  isKind: (event: Event) => event is Kind,
  say: (event: Kind, choose: Choose) => readonly Event[],
): Twist {
  return (events, choose) => {
    const places = events.flatMap((event, place) => (isKind(event) ? [place] : []));
    if (places.length === 0) return events;
    const place = places[choose(places.length)];
    const event = events[place];
    return isKind(event) ? events.toSpliced(place, 1, ...say(event, choose)) : events;
  };
}

function more(make: (choose: Choose) => Event): Twist {
  return (events, choose) => events.toSpliced(choose(events.length), 0, make(choose));
}

const isOfBlock = (event: Event): event is OfBlock => "pfn" in event;
const isOfRequest = (event: Event): event is OfRequest => "request" in event;
const isSubmit = (event: Event): event is Submit => event.event === "submit";
const isAck = (event: Event): event is Extract<Event, { event: "ack" }> => event.event === "ack";
const isRelease = (event: Event): event is Extract<Event, { event: "release" }> => event.event === "release";

function halves<Kind extends Block>(block: Kind): Kind[] {
  if (block.order === 0) return [block];
  const order = block.order - 1;
  return [
    { ...block, order },
    { ...block, order, pfn: block.pfn + 2 ** order },
  ];
}

export const TWISTS: Readonly<Record<string, Twist>> = {
  lost: (events, choose) => events.toSpliced(choose(events.length), 1 + choose(3)),
  twice: (events, choose) => {
    const place = choose(events.length);
    return events.toSpliced(Math.min(events.length, place + choose(10)), 0, events[place]);
  },
  moved: (events, choose) => {
    const place = choose(events.length);
    return events.toSpliced(place, 1).toSpliced(Math.max(0, place - 8 + choose(16)), 0, events[place]);
  },
  "another order": otherwise(isOfBlock, (event, choose) => [{ ...event, order: choose(64) }]),
  "another page": otherwise(isOfBlock, (event, choose) => [{ ...event, pfn: Math.max(0, event.pfn + choose(9) - 4) }]),
  "a page far away": otherwise(isOfBlock, (event, choose) => [{ ...event, pfn: LARGEST - choose(10) }]),
  "in halves": otherwise(isOfBlock, halves),
  "half of it": otherwise(isOfBlock, (event) => halves(event).slice(0, 1)),
  "another request": otherwise(isOfRequest, (event, choose) => [
    { ...event, request: Math.max(0, event.request + choose(5) - 2) },
  ]),
  "a large request number": otherwise(isOfRequest, (event, choose) => [{ ...event, request: LARGEST - choose(2) }]),
  "split ranges": otherwise(isSubmit, (event) => [{ ...event, ranges: event.ranges.flatMap(halves) }]),
  "fewer ranges": otherwise(isSubmit, (event, choose) => [
    { ...event, ranges: event.ranges.slice(0, choose(event.ranges.length)) },
  ]),
  "too many ranges": otherwise(isSubmit, (event) => [
    { ...event, ranges: Array.from({ length: 300 }, (_, at) => ({ pfn: 4 * at, order: 2 })) },
  ]),
  "another answer": otherwise(isAck, (event) => [{ ...event, ok: !event.ok }]),
  "another mark": otherwise(isRelease, (event) => [{ ...event, reported: !event.reported }]),
  "a device": more((choose) => ({ event: choose(2) === 0 ? "registered" : "unregistered" })),
  "a refusal": more((choose) => ({ event: "alloc-failed", order: choose(12) })),
  "a sleeper": more((choose) => ({ event: "alloc-waits", order: choose(4), ticket: 1000 + choose(2000) })),
  idle: more(() => ({ event: "idle" })),
  hotplug: more((choose) => ({
    event: choose(2) === 0 ? "offline" : "online",
    start: 8 * choose(8),
    pages: 8 * choose(5),
  })),
  "a discard": more((choose) => ({ event: "discard", request: choose(4), pfn: choose(64), order: choose(4) })),
  "an ack": more((choose) => ({ event: "ack", request: choose(6), ok: choose(2) === 0 })),
};
