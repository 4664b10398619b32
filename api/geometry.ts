/** A geometry as a person writes it. `wire.md`, "Geometry". */
import type { Geometry, Watermarks, ZoneGeometry } from "../model/alphabet/index.ts";

/** A zone: only where it is has to be said. */
export interface WrittenZone
  extends Pick<ZoneGeometry, "start" | "pages">, Partial<Omit<ZoneGeometry, "start" | "pages" | "watermarks">> {
  /** In pages; what is left out is 0. */
  readonly watermarks?: Partial<Watermarks>;
}

/**
 * A geometry in which only `zones` is required: `{ zones: [{ start: 0, pages: 1024 }] }`. What is left out has the
 * defaults of `wire.md`; `parseGeometry` fills them in.
 */
export interface WrittenGeometry extends Partial<Omit<Geometry, "zones">> {
  readonly zones: readonly WrittenZone[];
}
