/** The steps of a schedule or counterexample: `wire.md`, "A counterexample" and "The live protocol". */
import * as z from "zod";
import type { Step } from "../action.ts";
import type { Place } from "../input-error.ts";
import { count, flag, kinds, migratetype, oneOf, pfn, read, text, wireOrder } from "./reading.ts";

const cpu = count.default(0);
const range = { start: pfn, pages: count };

function step<const Name extends string, Keys extends z.core.$ZodShape>(
  name: Name,
  keys: Keys,
): z.ZodObject<{ do: z.ZodLiteral<Name> } & Keys> {
  return z.object({ do: z.literal(name), ...keys });
}

const STEPS = [
  step("alloc", {
    order: wireOrder,
    migratetype: migratetype.default("movable"),
    node: count.default(0),
    cpu,
    wait: flag.default(false),
  }),
  step("free", { of: count, cpu }),
  step("retry", { of: count }),
  step("drain", { zone: text, cpu }),
  step("work", {}),
  step("proceed", { cpu }),
  step("tick", {}),
  step("ack", { request: count, ok: flag }),
  step("discard", { request: count }),
  step("lose", { request: count }),
  step("assign", {}),
  step("unassign", {}),
  step("squeeze", { pages: count }),
  step("migrate", { phase: oneOf(["begin", "sync", "transfer", "end"]) }),
  // A program is only told the zone (wire.md): which list is reworked, and how, is its own matter.
  step("compact", {
    zone: text,
    order: wireOrder.default(0),
    at: count.default(0),
    end: oneOf(["head", "tail"]).default("head"),
  }),
  step("scan", { zone: text }),
  step("offline", range),
  step("online", range),
  step("hotplug", {}),
  step("abort", {}),
  step("memory-failure", { pfn }),
  step("set-order", { order: wireOrder }),
  step("pressure", { pages: count }),
  step("balloon", { pages: count }),
  step("hint", { command: oneOf(["start", "stop", "done"]) }),
  step("unregister", {}),
  step("register", {}),
  step("freeze", {}),
  step("thaw", {}),
] as const;

const names = STEPS.map(({ shape }) => shape.do.value);

export const stepSchema: z.ZodType<Step> = z.discriminatedUnion("do", STEPS, { error: kinds("do", names) });

/**
 * Reads one step. What the live protocol's table shows as its usual value may be left out of a file.
 * @throws InputError naming the key that does not fit
 */
export function parseStep(value: unknown, place: Place = {}): Step {
  return read(stepSchema, value, place);
}
