/** The first line of a trace: `wire.md`, "A trace". */
import * as z from "zod";
import { whatHasFormat } from "../formats.ts";
import type { Geometry } from "../geometry.ts";
import type { Place } from "../input-error.ts";
import { geometrySchema } from "./geometry.ts";
import { oneOf, read, text } from "./reading.ts";

/** Events that a recorder may be unable to see. */
export const UNSEEN_EVENTS = ["isolate", "release", "discard", "write", "idle"] as const;
const CLAIMS = ["completeness"] as const;

export interface TraceHeader {
  readonly source?: string;
  readonly start: "free" | "unknown";
  readonly claims: readonly (typeof CLAIMS)[number][];
  readonly unseen: readonly (typeof UNSEEN_EVENTS)[number][];
  readonly geometry: Geometry;
}

const FIRST_LINE = 'the first line must be the header, an object with "format":"free-page-trace"';

const header = z.object(
  {
    format: z.literal("free-page-trace", {
      error: ({ input }) => `"free-page-trace"; ${FIRST_LINE}${whatHasFormat(input)}`,
    }),
    version: z.literal(1, "1, the only version so far"),
    source: text.exactOptional(),
    start: oneOf(["free", "unknown"]).default("free"),
    claims: z.array(oneOf(CLAIMS), "a list of claims").default([]),
    unseen: z.array(oneOf(UNSEEN_EVENTS), "a list of events").default([]),
    geometry: geometrySchema,
  },
  `an object; ${FIRST_LINE}`,
);

/**
 * Reads the first line of a trace.
 * @throws InputError naming the key that does not fit
 */
export function parseTraceHeader(value: unknown, place: Place = {}): TraceHeader {
  const { format: _, version: __, ...rest } = read(header, value, place);
  return rest;
}
