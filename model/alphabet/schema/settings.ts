/** What a guest is configured to: any part of `Settings`, the rest is as in DEFAULT_SETTINGS. */
import * as z from "zod";
import type { Place } from "../input-error.ts";
import { DEFAULT_SETTINGS, type Settings } from "../settings.ts";
import { count, flag, MOST, oneOf, read, text, whole } from "./reading.ts";

const usual = DEFAULT_SETTINGS;
const positive = whole(1, MOST);

const pcp = z.object(
  {
    maxOrder: whole(-1, 20, "an order, or -1 for none:").default(usual.pcp.maxOrder),
    huge: flag.default(usual.pcp.huge),
    high: count.default(usual.pcp.high),
    batch: positive.default(usual.pcp.batch),
  },
  "an object with maxOrder, huge, high and batch",
);

export const settingsSchema: z.ZodType<Settings> = z.object(
  {
    variant: text.default(usual.variant),
    cpus: positive.default(usual.cpus),
    pcp: pcp.prefault({}),
    highatomicPageblocks: count.default(usual.highatomicPageblocks),
    slowPath: oneOf(["waits", "kernel"]).default(usual.slowPath),
    retries: count.default(usual.retries),
    putback: oneOf(["split", "whole"]).default(usual.putback),
    highWater: count.default(usual.highWater),
    budgetDivisor: positive.default(usual.budgetDivisor),
    delay: count.default(usual.delay),
    freeContent: oneOf(["anything", "poison", "zero"]).default(usual.freeContent),
    hostDrops: oneOf(["at-once", "lazily"]).default(usual.hostDrops),
    hintsFor: oneOf(["dropping", "migration"]).default(usual.hintsFor),
    dirtyLog: oneOf(["bitmap", "chunk"]).default(usual.dirtyLog),
  },
  "settings: an object",
);

/**
 * Reads settings.
 * @throws InputError naming the key that does not fit
 */
export function parseSettings(value: unknown, place: Place = {}): Settings {
  return read(settingsSchema, value, place);
}
