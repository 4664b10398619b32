/**
 * Watermarks: how far down a zone may be emptied, and by whom. `duyck-line.md` A.4. Both tests are strict: equality fails.
 */
import type { Order, Pages, ZoneIndex } from "../model/alphabet/index.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { HIGHATOMIC, MOVABLE, RECLAIMABLE, TYPES_SHIFT, UNMOVABLE } from "./state.ts";

export class Watermark {
  readonly #min: Float64Array;
  readonly #low: Float64Array;
  readonly #free: Int32Array;
  readonly #reserved: Int32Array;
  readonly #available: Int32Array;

  constructor(shape: Shape, state: State) {
    this.#min = Float64Array.from(shape.geometry.zones, (zone) => zone.watermarks.min);
    this.#low = Float64Array.from(shape.geometry.zones, (zone) => zone.watermarks.low);
    this.#free = state.free;
    this.#reserved = state.reservedHighatomic;
    this.#available = state.available;
  }

  min(zone: ZoneIndex): Pages {
    return this.#min[zone];
  }

  low(zone: ZoneIndex): Pages {
    return this.#low[zone];
  }

  /** May an allocation take a block of this order, leaving the zone above the mark? */
  allocMayTake(zone: ZoneIndex, order: Order, mark: Pages, type: number): boolean {
    const reserved = type === HIGHATOMIC ? 0 : this.#reserved[zone];
    const usable = this.#free[zone] - ((1 << order) - 1) - reserved;
    if (usable <= mark) return false;
    return order === 0 || this.someBlock(zone, order, type);
  }

  /** Is there a block of at least this order on a list that this caller may use? */
  someBlock(zone: ZoneIndex, order: Order, type: number): boolean {
    const available = this.#available;
    const lists = zone << TYPES_SHIFT;
    let orders = available[lists + UNMOVABLE] | available[lists + MOVABLE] | available[lists + RECLAIMABLE];
    if (type === HIGHATOMIC) orders |= available[lists + HIGHATOMIC];
    return orders >>> order !== 0;
  }

  /** Does the zone have more than that without the reserve? */
  reporterMayWork(zone: ZoneIndex, mark: Pages): boolean {
    return this.#free[zone] - this.#reserved[zone] > mark;
  }

  /** May a free block of this order be isolated? Source: `__isolate_free_page`, `duyck-line.md` A.5. */
  mayIsolate(zone: ZoneIndex, order: Order): boolean {
    return this.reporterMayWork(zone, this.#min[zone] + (1 << order));
  }
}
