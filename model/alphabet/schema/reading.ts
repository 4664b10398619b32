/**
 * The one way from a schema's complaint to a sentence: every schema's message says what was expected, and nothing else.
 */
import * as z from "zod";
import { InputError, type Place } from "../input-error.ts";
import { MIGRATETYPES } from "../units.ts";

/**
 * Reads a value as the schema says.
 *
 * @param place where the value stands; the key of what is wrong is added to it
 * @throws InputError for the first thing that does not fit
 */
export function read<Output>(schema: z.ZodType<Output>, value: unknown, place: Place): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const found =
    issue.code === "custom" && issue.params !== undefined ? issue.params["found"] : valueAt(value, issue.path);
  const key = keyOf(place.key ?? "", issue.path);
  throw new InputError(
    { ...place, ...(key === "" ? {} : { key }) },
    `found ${describe(found)}, expected ${issue.message}`,
  );
}

/** What is wrong with a value that has the right shape, for `check`. `found` is shown where the file has nothing there. */
export function misfit(path: readonly PropertyKey[], found: unknown, expected: string): z.core.$ZodRawIssue {
  return { code: "custom", path: [...path], message: expected, input: found, params: { found } };
}

export const MOST = Number.MAX_SAFE_INTEGER;

/** A whole number; `512.0` is one. */
export function whole(least: number, most: number, what = "a whole number"): z.ZodType<number> {
  const error = `${what} from ${least} to ${most === MOST ? "2^53 - 1" : most}`;
  return z.number(error).int(error).min(least, error).max(most, error);
}

export function oneOf<const Names extends readonly string[]>(
  names: Names,
): z.ZodEnum<z.core.util.ToEnum<Names[number]>> {
  return z.enum(names, `one of ${names.join(", ")}`);
}

/** The words for an object that says its kind in one key. */
export function kinds(
  key: string,
  names: readonly string[],
): (issue: { readonly code?: string | undefined }) => string {
  return ({ code }) => (code === "invalid_union" ? `one of ${names.join(", ")}` : `an object with the key ${key}`);
}

export const pfn = whole(0, MOST, "a page frame number");
/** Of an event or an action: what fits here but not in the geometry is a matter for `well-formed`. */
export const wireOrder = whole(0, 63, "an order");
export const count = whole(0, MOST);
export const flag = z.boolean("true or false");
export const text = z.string("a text");
export const migratetype = oneOf(MIGRATETYPES);

/** Found values in a sentence: short, and never more than a line. */
function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  switch (typeof value) {
    case "object":
      return value === null ? "null" : "an object";
    case "string":
      return value.length <= 58 ? JSON.stringify(value) : `${JSON.stringify(value).slice(0, 57)}..."`;
    case "bigint":
      return `${value}n`;
    case "number":
    case "boolean":
      return String(value);
    default:
      return `a ${typeof value}`;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

function keyOf(prefix: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((sofar, key) => {
    if (typeof key === "number") return `${sofar}[${key}]`;
    return sofar === "" ? String(key) : `${sofar}.${String(key)}`;
  }, prefix);
}
