/** The small and odd machines that a system is tried on: where few pages are, everything happens soon. */
import type { Geometry } from "../../model/alphabet/index.ts";
import { scope, type Scope, type Shape } from "../../properties/drivers/scopes.ts";

/** A machine to try a system on. */
export interface NamedGeometry {
  readonly name: string;
  readonly geometry: Geometry;
}

/** The machines that are tried where nobody names others. */
export const GEOMETRIES: readonly NamedGeometry[] = [
  machine("eight pages", { maxOrder: 2, pageblockOrder: 1, reportOrder: 1, capacity: 1, zones: [{ pages: 8 }] }),
  machine("one zone", { zones: [{ pages: 32 }] }),
  machine("watermarks", { zones: [{ pages: 32, watermarks: { min: 4, low: 6, high: 8 } }] }),
  machine("one range a request", { maxOrder: 2, capacity: 1, zones: [{ pages: 24 }] }),
  machine("two nodes and a hole", {
    zones: [
      { pages: 16, watermarks: { min: 1, low: 2, high: 3 } },
      { pages: 16, node: 1, holes: [{ start: 18, pages: 5 }] },
    ],
  }),
  machine("sections", { sectionPages: 8, zones: [{ pages: 32 }, { pages: 16, node: 1 }] }),
  machine("every order is reported", { reportOrder: 0, capacity: 4, zones: [{ pages: 16 }] }),
  machine("a pageblock over the report order", {
    maxOrder: 4,
    pageblockOrder: 3,
    reportOrder: 1,
    capacity: 3,
    zones: [{ pages: 64 }],
  }),
  machine("report order over a pageblock", { pageblockOrder: 1, reportOrder: 2, capacity: 3, zones: [{ pages: 32 }] }),
  machine("far away", { zones: [{ start: 2 ** 40, pages: 16 }] }),
  machine("a thousand pages", {
    maxOrder: 6,
    pageblockOrder: 5,
    reportOrder: 4,
    capacity: 8,
    sectionPages: 256,
    zones: [
      { pages: 512, watermarks: { min: 8, low: 10, high: 12 } },
      { pages: 512, node: 1 },
    ],
  }),
].map(({ name, geometry }) => ({ name, geometry }));

function machine(name: string, shape: Shape): NamedGeometry {
  return machineOf(scope(name, shape));
}

/** A scope without the settings of guests of ours, which mean nothing to anybody else's. */
export function machineOf({ name, geometry }: Scope): NamedGeometry {
  return { name, geometry };
}
