/** What a guest is configured to: any part of `Settings`, the rest is as in DEFAULT_SETTINGS. */
import * as z from "zod";
import type { Place } from "../input-error.ts";
import { DEFAULT_SETTINGS, type Settings } from "../settings.ts";
import { count, flag, MOST, oneOf, read, whole } from "./reading.ts";

const positive = whole(1, MOST);

const pcp = z.object(
  {
    maxOrder: whole(-1, 20, "an order, or -1 for none,"),
    huge: flag,
    high: count,
    batch: positive,
  },
  "an object",
);

const part = z
  .object(
    {
      cpus: positive,
      pcp: pcp.partial(),
      highatomicPageblocks: count,
      slowPath: oneOf(["waits", "kernel"]),
      retries: count,
      putback: oneOf(["split", "whole"]),
      highWater: count,
      budgetDivisor: positive,
      delay: count,
      freeContent: oneOf(["anything", "poison", "zero"]),
    },
    "an object",
  )
  .partial();

export const settingsSchema: z.ZodType<Settings> = part.transform((given): Settings => {
  const merged = { ...DEFAULT_SETTINGS, ...defined(given) };
  return { ...merged, pcp: { ...DEFAULT_SETTINGS.pcp, ...defined(given.pcp ?? {}) } };
});

/**
 * Reads settings.
 * @throws InputError naming the key that does not fit
 */
export function parseSettings(value: unknown, place: Place = {}): Settings {
  return read(settingsSchema, value, place);
}
