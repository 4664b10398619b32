/** Which failures on record an exploration comes to: where it does, it goes no further. */
import { isDeepStrictEqual } from "node:util";
import type { Settings } from "../../../model/alphabet/index.ts";
import type { Failure } from "../../findings/failure.ts";
import { FAILURES } from "../../findings/index.ts";
import type { Plan } from "./plans.ts";

/** The failures of a design that can show under the settings of a plan, and need no claims beyond its own. */
export function onRecord(design: string, { scope: { settings } }: Pick<Plan, "scope">): readonly Failure[] {
  return FAILURES.filter(
    (one) =>
      one.design === design &&
      one.variant === settings.variant &&
      one.only?.claims === undefined &&
      agrees(one.only?.settings, settings),
  );
}

function agrees(needed: Partial<Settings> = {}, settings: Settings): boolean {
  return isDeepStrictEqual({ ...settings, ...needed }, settings);
}
