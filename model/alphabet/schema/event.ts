/**
 * Events: `wire.md`, "Events". A trace has millions of them, so those that are as they should be are read by hand
 * (`event-by-hand.ts`); the schema here says what is right, and what is wrong with the others.
 */
import * as z from "zod";
import type { Event } from "../event.ts";
import type { Place } from "../input-error.ts";
import { isEvent } from "./event-by-hand.ts";
import { count, flag, kinds, migratetype, oneOf, pfn, read, wireOrder } from "./reading.ts";

const stamp = {
  time: z.number("a number of nanoseconds").exactOptional(),
  cpu: count.exactOptional(),
};
const block = { pfn, order: wireOrder };
const rangeOfRequest = z.object(block, "an object with pfn and order");
const ticket = count.exactOptional();

function event<const Name extends string, Keys extends z.core.$ZodShape>(
  name: Name,
  keys: Keys,
): z.ZodObject<{ event: z.ZodLiteral<Name> } & Keys & typeof stamp> {
  return z.object({ event: z.literal(name), ...keys, ...stamp });
}

const EVENTS = [
  event("alloc", { ...block, migratetype: migratetype.exactOptional(), ticket }),
  event("alloc-failed", {
    order: wireOrder,
    migratetype: migratetype.exactOptional(),
    node: count.exactOptional(),
    reason: oneOf(["no-memory", "would-block"]).exactOptional(),
    ticket,
  }),
  event("alloc-waits", { order: wireOrder, ticket: count }),
  event("free", block),
  event("write", block),
  event("isolate", block),
  event("submit", { request: count, ranges: z.array(rangeOfRequest, "a list of ranges") }),
  event("discard", { request: count, ...block }),
  event("ack", { request: count, ok: flag }),
  event("release", { ...block, reported: flag }),
  event("offline", { start: pfn, pages: count }),
  event("online", { start: pfn, pages: count }),
  event("unregistered", {}),
  event("registered", {}),
  event("idle", {}),
] as const;

const names = EVENTS.map(({ shape }) => shape.event.value);

export const eventSchema: z.ZodType<Event> = z.discriminatedUnion("event", EVENTS, { error: kinds("event", names) });

/**
 * Reads one event. Keys that it does not need may stay on it.
 * @throws InputError naming the key that does not fit
 */
export function parseEvent(value: unknown, place: Place = {}): Event {
  return isEvent(value) ? value : read(eventSchema, value, place);
}
