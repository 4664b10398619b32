/** A small machine to play on: 2^3 pages in the largest block, 2^2 in a pageblock, one zone of 16 pages. */
import type { Action, Event, Geometry, Migratetype, Pfn, Settings, View } from "../../model/alphabet/index.ts";
import { DEFAULT_SETTINGS, MIGRATETYPES, NONE } from "../../model/alphabet/index.ts";
import { designOf } from "../../model/designs/index.ts";
import { ModelGuest } from "../../model/guest.ts";
import type { Design } from "../../model/reporter.ts";
import { initial } from "../../model/state.ts";

export interface Stage {
  /** An id, or a design that is in no registry. */
  readonly design?: string | Design;
  readonly pages?: number;
  readonly watermarks?: { readonly min: number; readonly low: number; readonly high: number };
  readonly geometry?: Partial<Geometry>;
  readonly settings?: Partial<Settings>;
}

export function geometryOf({ pages = 16, watermarks = { min: 0, low: 0, high: 0 }, geometry = {} }: Stage): Geometry {
  return {
    pageSize: 4096,
    maxOrder: 3,
    pageblockOrder: 2,
    reportOrder: 2,
    capacity: 2,
    zones: [{ name: "Normal", node: 0, start: 0, pages, holes: [], watermarks }],
    ...geometry,
  };
}

export interface Player {
  readonly view: View;
  /** Takes the actions one after the other; the events of all of them. */
  readonly play: (...actions: Action[]) => Event[];
  readonly enabled: () => string[];
}

export function onStage(stage: Stage = {}): Player {
  const { design = "none" } = stage;
  const settings = { ...DEFAULT_SETTINGS, ...stage.settings };
  const what = typeof design === "string" ? designOf(design, settings.variant) : design;
  const guest = new ModelGuest(initial(geometryOf(stage), settings, what));
  return {
    view: guest.view(),
    play: (...actions) => actions.flatMap((action) => [...guest.perform(action)]),
    enabled: () => guest.enabled().map((action) => action.do),
  };
}

/** The free lists that are not empty, from head to tail; a star stands for the Reported mark. */
export function lists(view: View, zone = 0): Record<string, string> {
  const found: Record<string, string> = {};
  for (const type of MIGRATETYPES) {
    for (let order = 0; order <= view.geometry.maxOrder; order++) {
      const blocks: string[] = [];
      for (let pfn = view.firstFree(zone, order, type); pfn !== NONE; pfn = view.nextFree(pfn)) {
        blocks.push(view.reported(pfn) ? `${pfn}*` : `${pfn}`);
      }
      if (blocks.length > 0) {
        found[`${type} ${order}`] = blocks.join(" ");
      }
    }
  }
  return found;
}

export function alloc(
  order: number,
  migratetype: Migratetype = "movable",
  more: { wait?: boolean; cpu?: number } = {},
) {
  return { do: "alloc", order, migratetype, node: 0, cpu: 0, wait: false, ...more } as const;
}

export function free(pfn: Pfn, order: number, cpu = 0) {
  return { do: "free", pfn, order, cpu } as const;
}

export const work = { do: "work" } as const;
export const proceed = (cpu: number) => ({ do: "proceed", cpu }) as const;
export const tick = { do: "tick" } as const;
export const ok = { do: "ack", request: 1, ok: true } as const;
export const refused = { do: "ack", request: 1, ok: false } as const;
export const hotplug = { do: "hotplug" } as const;
