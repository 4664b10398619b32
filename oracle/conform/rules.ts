/** The rules that a live system is judged by: what puts each of them to the test, and which are not checked. */
import { CONTRACT_PROPERTIES, type PropertyId } from "../../properties/judges/properties.ts";
import { TESTED_BY } from "../put-to-the-test.ts";
import type { Ready } from "./system.ts";

/** The rules that are judged here: those of the contract, and that everything comes to rest. */
export const RULES: readonly PropertyId[] = [...CONTRACT_PROPERTIES.map(({ id }) => id), "rest"];

/** What puts each of them to the test. Who drives knows when the worker runs, and discards are his own. */
const BY: { readonly [Id in PropertyId]?: string } = {
  ...TESTED_BY,
  "host-window": "an ack",
  quiet: "the worker ran while no device was registered",
  rest: "users rested and the host answered, after pages had been held or a caller had slept",
};

export function testedBy(property: PropertyId): string {
  return BY[property] ?? "";
}

/** Why a rule is not checked for a system that does and claims this, or undefined where it is. */
export function unchecked(
  property: PropertyId,
  { does, claims = [] }: Pick<Ready, "does" | "claims">,
): string | undefined {
  switch (property) {
    case "lost-write":
      return "not checked: what pages hold is not in the protocol";
    case "completeness":
      return claims.includes(property)
        ? undefined
        : "not checked: the system does not claim it (who claims it is asked whether all is reported in the end)";
    case "quiet":
      return does.includes("unregister") ? undefined : 'not checked: the system does not list "unregister"';
    default:
      return undefined;
  }
}
