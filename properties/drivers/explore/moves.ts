/**
 * What may happen in a state: all that its plan allows and that is possible now. Each action that can ever come up in a
 * plan has a number, its move, so that a path is a row of small numbers.
 */
import {
  Layout,
  MIGRATETYPES,
  ORDER_SHIFT,
  sectionsOf,
  type Action,
  type DiscardStep,
  type Guest,
  type LoseStep,
} from "../../../model/alphabet/index.ts";
import type { Environment } from "../environment.ts";
import type { RequestRoom } from "./environment-cells.ts";
import { ACTORS, type Actor } from "./liveness/graph.ts";
import type { Plan } from "./plans.ts";

/** An action of the guest, or what the host does alone. */
export type Move = Action | DiscardStep | LoseStep;

/** Who is asked what is possible. */
export interface Company {
  readonly guest: Guest;
  readonly environment: Environment;
}

/** Moves of one kind, and which of them are possible: by their place among these. */
interface Kind {
  readonly moves: readonly Move[];
  possible(now: Company, offer: (place: number) => void): void;
}

const MOVABLE = MIGRATETYPES.indexOf("movable");

export class Moves {
  /** By number. */
  readonly all: readonly Move[];
  /** By number: who makes the move, as a number in ACTORS. */
  readonly actors: Uint8Array;
  /** What `look` has found: the first so many are possible. */
  readonly possible: Int32Array;
  readonly #kinds: readonly Kind[];
  readonly #offers: readonly ((place: number) => void)[];
  #found = 0;

  /** @param room how many requests the guest may have open */
  constructor(plan: Plan, room: RequestRoom) {
    this.#kinds = kindsOf(plan, room);
    this.all = this.#kinds.flatMap(({ moves }) => moves);
    this.actors = Uint8Array.from(this.all, (move) => ACTORS.indexOf(actorOf(move)));
    this.possible = new Int32Array(this.all.length);
    let first = 0;
    this.#offers = this.#kinds.map(({ moves }) => {
      const base = first;
      first += moves.length;
      return (place) => (this.possible[this.#found++] = base + place);
    });
  }

  /** Looks around. @returns how many moves are possible; they stand in `possible` */
  look(now: Company): number {
    this.#found = 0;
    for (let kind = 0; kind < this.#kinds.length; kind++) this.#kinds[kind].possible(now, this.#offers[kind]);
    return this.#found;
  }
}

/** Who makes a move. */
export function actorOf(move: Move): Actor {
  switch (move.do) {
    case "alloc":
    case "free":
      return "user";
    case "work":
    case "proceed":
      return "worker";
    case "tick":
      return "clock";
    case "ack":
    case "discard":
    case "lose":
    case "balloon":
    case "hint":
      return "host";
    case "retry":
    case "hotplug":
      return "guest";
    default:
      return "administrator";
  }
}

function kindsOf(plan: Plan, room: RequestRoom): Kind[] {
  const { menu } = plan;
  const extras = new Set(menu.extras);
  const on = (extra: Plan["menu"]["extras"][number], kind: () => Kind): Kind[] => (extras.has(extra) ? [kind()] : []);
  return [
    allocs(plan),
    frees(plan),
    own(plan),
    acks(room, true),
    ...on("refuse", () => acks(room, false)),
    ...on("discard", () => discards(room)),
    ...on("lose", () => loses(room)),
    ...on("drain", () => drains(plan)),
    ...on("compact", () => cuts(plan)),
    ...on("scan", () => always(plan.scope.geometry.zones.map(({ name }) => ({ do: "scan", zone: name })))),
    ...on("offline", () => sections(plan, "offline")),
    ...on("online", () => sections(plan, "online")),
    ...on("abort", () => only([{ do: "abort" }], ({ guest }) => guest.view().hotplug() !== undefined)),
    ...on("memory-failure", () => always(pfns(plan).map((pfn) => ({ do: "memory-failure", pfn })))),
    ...on("set-order", () => orders(plan)),
    ...on("unregister", () => only([{ do: "unregister" }], ({ guest }) => guest.view().registered())),
    ...on("register", () => only([{ do: "register" }], ({ guest }) => !guest.view().registered())),
    ...on("freeze", () => only([{ do: "freeze" }], ({ guest }) => !guest.view().frozen())),
    ...on("thaw", () => only([{ do: "thaw" }], ({ guest }) => guest.view().frozen())),
    ...on("pressure", () => always([{ do: "pressure", pages: 1 }])),
    ...on("balloon", () => balloons(plan)),
    ...on("hint", () => hints()),
  ];
}

/** Possible all together, or not at all. */
function only(moves: readonly Move[], when: (now: Company) => boolean): Kind {
  return {
    moves,
    possible: (now, offer) => {
      if (when(now)) for (let place = 0; place < moves.length; place++) offer(place);
    },
  };
}

function always(moves: readonly Move[]): Kind {
  return only(moves, () => true);
}

function pfns({ scope }: Plan): number[] {
  const layout = new Layout(scope.geometry);
  return Array.from({ length: layout.pages }, (_, page) => layout.pfnOf(page));
}

/** As long as so many wait as may, nobody asks. */
function allocs({ scope, menu }: Plan): Kind {
  const nodes = [...new Set(scope.geometry.zones.map(({ node }) => node))];
  const moves: Move[] = [];
  for (const order of menu.orders) {
    for (const migratetype of menu.types) {
      for (const node of nodes) {
        for (let cpu = 0; cpu < scope.settings.cpus; cpu++) {
          for (const wait of menu.waits) moves.push({ do: "alloc", order, migratetype, node, cpu, wait });
        }
      }
    }
  }
  return only(moves, ({ guest }) => guest.view().waiters().length < menu.callers);
}

function frees(plan: Plan): Kind {
  const { geometry, settings } = plan.scope;
  const { cpus } = settings;
  const layout = new Layout(geometry);
  const rows = geometry.maxOrder + 1;
  const moves: Move[] = [];
  for (const pfn of pfns(plan)) {
    for (let order = 0; order < rows; order++) {
      for (let cpu = 0; cpu < cpus; cpu++) moves.push({ do: "free", pfn, order, cpu });
    }
  }
  return {
    moves,
    possible: ({ environment }, offer) => {
      for (const { pfn, order } of environment.live) {
        const place = (layout.pageOf(pfn) * rows + order) * cpus;
        for (let cpu = 0; cpu < cpus; cpu++) offer(place + cpu);
      }
    },
  };
}

/** What the guest's own actors may do, they say themselves. */
function own({ scope, menu }: Plan): Kind {
  const { cpus } = scope.settings;
  const moves: Move[] = [{ do: "work" }, { do: "tick" }, { do: "hotplug" }];
  for (let cpu = 0; cpu < cpus; cpu++) moves.push({ do: "proceed", cpu });
  for (let ticket = 1; ticket <= menu.callers; ticket++) moves.push({ do: "retry", ticket });
  const place = (action: Action): number => {
    switch (action.do) {
      case "work":
        return 0;
      case "tick":
        return 1;
      case "hotplug":
        return 2;
      case "proceed":
        return 3 + action.cpu;
      case "retry":
        return 2 + cpus + action.ticket;
      default:
        throw new RangeError(`${action.do} is nothing that a guest does by itself`);
    }
  };
  return {
    moves,
    possible: ({ guest }, offer) => {
      for (const action of guest.enabled()) offer(place(action));
    },
  };
}

function acks(room: RequestRoom, ok: boolean): Kind {
  const moves = Array.from({ length: room.requests }, (_, place): Move => ({ do: "ack", request: place + 1, ok }));
  return {
    moves,
    possible: ({ environment }, offer) => {
      for (const { request, lost } of environment.requests) if (!lost) offer(request - 1);
    },
  };
}

function discards(room: RequestRoom): Kind {
  const moves = Array.from({ length: room.requests }, (_, place): Move => ({ do: "discard", request: place + 1 }));
  return {
    moves,
    possible: ({ environment }, offer) => {
      for (const request of environment.requests) if (environment.mayDiscard(request)) offer(request.request - 1);
    },
  };
}

function loses(room: RequestRoom): Kind {
  const moves = Array.from({ length: room.requests }, (_, place): Move => ({ do: "lose", request: place + 1 }));
  return { ...acks(room, true), moves };
}

function drains({ scope }: Plan): Kind {
  const moves: Move[] = [];
  for (const { name } of scope.geometry.zones) {
    for (let cpu = 0; cpu < scope.settings.cpus; cpu++) moves.push({ do: "drain", zone: name, cpu });
  }
  return always(moves);
}

/** Every rotation of every movable list: an entry comes to the head. To bring one to the tail gives the same lists. */
function cuts({ scope }: Plan): Kind {
  const { geometry } = scope;
  const layout = new Layout(geometry);
  const moves: Move[] = [];
  const lists: { readonly head: number; readonly first: number }[] = [];
  geometry.zones.forEach(({ name, pages }, zone) => {
    for (let order = 0; order <= geometry.maxOrder; order++) {
      lists.push({ head: layout.listsOf(zone) + ((order << ORDER_SHIFT) | MOVABLE), first: moves.length });
      for (let at = 1; at < pages >> order; at++) moves.push({ do: "compact", zone: name, order, at, end: "head" });
    }
  });
  return {
    moves,
    possible: ({ guest }, offer) => {
      const { next } = guest.view().words();
      for (const { head, first } of lists) {
        let at = 0;
        for (let node = next[next[head]]; node !== head && next[head] !== head; node = next[node]) offer(first + at++);
      }
    },
  };
}

/** One hotplug operation at a time. */
function sections({ scope }: Plan, name: "offline" | "online"): Kind {
  const all = scope.geometry.zones.flatMap((zone) => sectionsOf(scope.geometry, zone));
  return {
    moves: all.map(({ start, pages }) => ({ do: name, start, pages })),
    possible: ({ guest, environment }, offer) => {
      if (guest.view().hotplug() !== undefined) return;
      const there = name === "offline" ? environment.sections.present : environment.sections.absent;
      for (const { start } of there) offer(all.findIndex((section) => section.start === start));
    },
  };
}

function orders({ scope }: Plan): Kind {
  const { reportOrder, maxOrder } = scope.geometry;
  const moves: Move[] = [];
  for (let order = reportOrder; order <= maxOrder; order++) moves.push({ do: "set-order", order });
  return always(moves);
}

/** A guest that counts the rounds is begun no more of them: it would never come back to where it was. */
const MOST_ROUNDS = 2;

function hints(): Kind {
  const moves = (["start", "stop", "done"] as const).map((command): Move => ({ do: "hint", command }));
  return {
    moves,
    possible: ({ guest }, offer) => {
      const { starts } = guest.view().reporter();
      moves.forEach((_, place) => {
        if (place > 0 || typeof starts !== "number" || starts < MOST_ROUNDS) offer(place);
      });
    },
  };
}

/** The host wants nothing, a block of the report order, or two. */
function balloons({ scope }: Plan): Kind {
  const size = 2 ** scope.geometry.reportOrder;
  return always([0, 1, 2].map((blocks) => ({ do: "balloon", pages: blocks * size })));
}
