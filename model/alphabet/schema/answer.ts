/**
 * What a program answers: `wire.md`, "The live protocol". Tens of thousands a second, so events that are as they should
 * be are read by hand (`event-by-hand.ts`).
 */
import * as z from "zod";
import type { Event } from "../event.ts";
import type { Place } from "../input-error.ts";
import { WIRE_ACTIONS, type WireActionName } from "../wire.ts";
import { isEvent } from "./event-by-hand.ts";
import { eventSchema } from "./event.ts";
import { oneOf, read, text } from "./reading.ts";

/** What a program can say in the place of events. */
export type Refusal = { readonly error: string } | { readonly unsupported: true };

/** The answer to an action. */
export type Answer = { readonly events: readonly Event[] } | Refusal;

/** The answer to `start`; of what a program does, `start` and `stop` are left out: they are always sent. */
export type StartAnswer =
  | {
      readonly ready: {
        readonly name: string;
        readonly does: readonly WireActionName[];
        readonly claims: readonly "completeness"[];
      };
    }
  | Refusal;

const ALWAYS_SENT = ["start", "stop"] as const;
const isAsked = (name: WireActionName | (typeof ALWAYS_SENT)[number]): name is WireActionName =>
  name !== "start" && name !== "stop";

const refusals = [z.object({ error: text }), z.object({ unsupported: z.literal(true, "true") })] as const;
const events = z.object(
  { events: z.array(eventSchema, "a list of events") },
  'an answer: an object with "events", a list',
);
const ready = z.object(
  {
    ready: z.object(
      {
        name: text,
        does: z
          .array(oneOf([...WIRE_ACTIONS, ...ALWAYS_SENT]), "a list of actions")
          .transform((names) => names.filter(isAsked)),
        claims: z.array(oneOf(["completeness"]), "a list of claims").default([]),
      },
      "an object with name and does",
    ),
  },
  'an answer to start: an object with "ready"',
);

/**
 * Reads the answer to an action.
 * @throws InputError naming the key that does not fit
 */
export function parseAnswer(value: unknown, place: Place = {}): Answer {
  if (isEvents(value) && !("error" in value) && !("unsupported" in value)) return value;
  return refusalOf(value) ?? read(events, value, place);
}

/**
 * Reads the answer to `start`.
 * @throws InputError naming the key that does not fit
 */
export function parseStartAnswer(value: unknown, place: Place = {}): StartAnswer {
  return refusalOf(value) ?? read(ready, value, place);
}

function isEvents(value: unknown): value is { readonly events: readonly Event[] } {
  if (typeof value !== "object" || value === null || !("events" in value)) return false;
  return Array.isArray(value.events) && value.events.every(isEvent);
}

/** A program may write `"error":null` beside its events: what stands there counts only where it is a refusal, and then first. */
function refusalOf(value: unknown): Refusal | undefined {
  for (const schema of refusals) {
    const { data } = schema.safeParse(value);
    if (data !== undefined) return data;
  }
  return undefined;
}
