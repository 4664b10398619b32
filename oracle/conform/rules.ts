/**
 * When is a rule put to the test? A verdict says something about a rule only where an event came that could have broken it.
 */
import { CONTRACT_PROPERTIES, type PropertyId } from "../../properties/judges/properties.ts";

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

/** Why a rule is not checked, or undefined where it is. */
export function unchecked(property: PropertyId, claims: readonly string[]): string | undefined {
  if (property === "lost-write") return "not checked: what pages hold is not in the protocol";
  if (property === "completeness" && !claims.includes(property)) return "not checked: the system does not claim it";
  return undefined;
}
