/**
 * When is a rule put to the test? A verdict says something about a rule only where an event came that could have broken it.
 */
import { CONTRACT_PROPERTIES, type PropertyId } from "../../properties/judges/properties.ts";
import type { Ready } from "./system.ts";

/** The rules that are judged here: those of the contract, and that everything comes to rest. */
export const RULES: readonly PropertyId[] = [...CONTRACT_PROPERTIES.map(({ id }) => id), "rest"];

/** What puts each of them to the test. */
const BY: { readonly [Id in PropertyId]?: string } = {
  exclusion: "alloc, submit, release, write or offline while a request was open",
  ownership: "an event took pages from an owner",
  "well-formed": "a submit",
  "host-window": "an ack",
  "truthful-mark": "a block was released as reported",
  "fake-oom": "a caller was told no-memory while pages were held",
  stranded: "the reporter was idle, after pages had been held or a caller had slept",
  completeness: "the registered reporter was idle, no request was open, in a zone without watermarks",
  quiet: "the worker ran while no device was registered",
  rest: "users rested and the host answered, after pages had been held",
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
