/** Geometries: `wire.md`, "Geometry", with its defaults and its rules. */
import * as z from "zod";
import type { Geometry, PageRange, ZoneGeometry } from "../geometry.ts";
import type { Place } from "../input-error.ts";
import { misfit, MOST, pfn, read, text, whole, count } from "./reading.ts";

const LARGEST_ORDER = 20;
const LARGEST_MACHINE = 2 ** 32;
/** One past the last page frame number. */
const END = 2 ** 53;

const order = whole(0, LARGEST_ORDER, "an order");
const some = whole(1, MOST, "a number of pages");

const range = z.object({ start: pfn, pages: some }, "an object with start and pages");
const marks = z.object(
  { min: count.default(0), low: count.default(0), high: count.default(0) },
  "an object with min, low and high",
);

const zone = z.object(
  {
    name: text.exactOptional(),
    node: count.default(0),
    start: pfn,
    pages: whole(1, LARGEST_MACHINE, "a number of pages"),
    holes: z.array(range, "a list of holes").default([]),
    watermarks: marks.default({ min: 0, low: 0, high: 0 }),
  },
  "a zone: an object with start and pages",
);

const written = z.object(
  {
    pageSize: whole(1, MOST, "a number of bytes").default(4096),
    maxOrder: order.default(10),
    pageblockOrder: order.exactOptional(),
    reportOrder: order.exactOptional(),
    capacity: whole(1, MOST).default(32),
    sectionPages: some.exactOptional(),
    zones: z.array(zone, "a list of zones").min(1, "at least one zone"),
  },
  "a geometry: an object with zones",
);

/** A geometry with every default filled in: `wire.md`, "Geometry". */
export const geometrySchema: z.ZodType<Geometry> = written
  .transform(({ zones, ...rest }): Geometry => {
    const usual = Math.min(9, rest.maxOrder);
    return {
      ...rest,
      pageblockOrder: rest.pageblockOrder ?? usual,
      reportOrder: rest.reportOrder ?? usual,
      zones: zones.map((one, index) => ({ ...one, name: one.name ?? `zone${index}`, holes: apart(one.holes) })),
    };
  })
  .check(({ value, issues }) => {
    issues.push(...misfits(value));
  });

/**
 * Reads a bare geometry object.
 * @throws InputError naming what breaks `wire.md`, "Geometry"
 */
export function parseGeometry(value: unknown, place: Place = {}): Geometry {
  return read(geometrySchema, value, place);
}

/** Keys of a geometry and its zones that no geometry has. They are ignored, but one of them may be a slip of the pen. */
export function unknownKeys(geometry: unknown): string[] {
  const zones = isObject(geometry) && Array.isArray(geometry["zones"]) ? geometry["zones"] : [];
  const strangers = (value: unknown, shape: object, path: string): string[] =>
    isObject(value)
      ? Object.keys(value)
          .filter((key) => !Object.hasOwn(shape, key))
          .map((key) => `${path}${key}`)
      : [];
  return [
    ...strangers(geometry, written.shape, ""),
    ...zones.flatMap((one: unknown, index) => strangers(one, zone.shape, `zones[${index}].`)),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Holes in ascending order; those that overlap become one. */
function apart(holes: readonly PageRange[]): PageRange[] {
  const ascending = holes.toSorted((a, b) => a.start - b.start);
  const result: PageRange[] = [];
  for (const hole of ascending) {
    const last = result.at(-1);
    if (last === undefined || hole.start >= endOf(last)) result.push(hole);
    else result[result.length - 1] = { start: last.start, pages: Math.max(endOf(last), endOf(hole)) - last.start };
  }
  return result;
}

function endOf({ start, pages }: PageRange): number {
  return start + pages;
}

function* misfits(geometry: Geometry): Generator<z.core.$ZodRawIssue> {
  const { maxOrder, zones } = geometry;
  for (const key of ["pageblockOrder", "reportOrder"] as const) {
    if (geometry[key] > maxOrder)
      yield misfit([key], geometry[key], `an order of at most maxOrder, which is ${maxOrder}`);
  }
  for (const [index, one] of zones.entries()) yield* zoneMisfits(one, ["zones", index], maxOrder);
  const total = zones.reduce((sum, { pages }) => sum + pages, 0);
  if (total > LARGEST_MACHINE) yield misfit(["zones"], total, "at most 2^32 pages in all zones together");
  yield* sharedNames(zones);
  yield* overlaps(zones);
}

function* zoneMisfits(
  { start, pages, holes }: ZoneGeometry,
  path: readonly PropertyKey[],
  maxOrder: number,
): Generator<z.core.$ZodRawIssue> {
  const block = 2 ** maxOrder;
  const aligned = `a multiple of ${block} pages, the largest block (maxOrder ${maxOrder})`;
  if (start % block !== 0) yield misfit([...path, "start"], start, aligned);
  if (pages % block !== 0) yield misfit([...path, "pages"], pages, aligned);
  if (start > END - pages) yield misfit([...path, "pages"], pages, `pages up to page 2^53 - 1 at most, from ${start}`);
  for (const hole of holes) {
    if (hole.start < start || hole.pages > start + pages - hole.start) {
      const found = `pages ${hole.start}..${endOf(hole) - 1}`;
      yield misfit(
        [...path, "holes"],
        found,
        `holes inside their zone, which has pages ${start}..${start + pages - 1}`,
      );
    }
  }
}

function* sharedNames(zones: readonly ZoneGeometry[]): Generator<z.core.$ZodRawIssue> {
  const seen = new Map<string, number>();
  for (const [index, { name }] of zones.entries()) {
    const other = seen.get(name);
    if (other !== undefined) yield misfit(["zones", index, "name"], name, `a name that zones[${other}] does not have`);
    seen.set(name, index);
  }
}

function* overlaps(zones: readonly ZoneGeometry[]): Generator<z.core.$ZodRawIssue> {
  const ascending = [...zones.entries()].sort(([, a], [, b]) => a.start - b.start);
  for (let at = 1; at < ascending.length; at++) {
    const [before, below] = ascending[at - 1];
    const [index, { start }] = ascending[at];
    if (start >= endOf(below)) continue;
    const expected = `zones that do not overlap: zones[${before}] has pages ${below.start}..${endOf(below) - 1}`;
    yield misfit(["zones", index, "start"], start, expected);
  }
}
