/** What the environment knows, as cells: what users have, which requests are open, what host and administrator did last. */
import { Layout, type Block, type Geometry, type HintAction } from "../../../model/alphabet/index.ts";
import type { Environment, OpenRequest } from "../environment.ts";
import type { LiveBlock } from "../users.ts";

/** How many requests a guest may have open, and how many ranges in one. */
export interface RequestRoom {
  readonly requests: number;
  readonly ranges: number;
}

/** Cells that say something of pages, for whoever lets pages change places. */
export interface PageCells {
  /** Where a row begins that has a cell for each page. */
  readonly rows: readonly number[];
  readonly ranges: readonly RangeCells[];
}

/** Ranges in cells, each as `page * 64 + order`: where it stands how many they are, and where the first one is. */
export interface RangeCells {
  readonly length: number;
  readonly first: number;
}

/** Cells of an open request before its ranges: its number, ranges discarded or -1 where it is lost, how many ranges. */
const REQUEST_CELLS = 3;
/** A range as one number: `page * ORDERS + order`. */
const ORDERS = 64;
const HINTING: readonly HintAction["command"][] = ["done", "start", "stop"];

export class EnvironmentCells {
  /** How many there are. */
  readonly length: number;
  readonly #environment: Environment;
  readonly #layout: Layout;
  readonly #room: RequestRoom;
  /** Where the parts begin, after the blocks that users have. */
  readonly #requests: number;
  readonly #rest: number;
  /** Every block that a user can have, by `page * ORDERS + order`: they come and go all the time, and are always the same. */
  readonly #blocks: (LiveBlock | undefined)[] = [];
  /** What was loaded last. */
  readonly #liveThen: LiveBlock[] = [];
  readonly #requestsThen: OpenRequest[] = [];

  constructor(environment: Environment, geometry: Geometry, room: RequestRoom) {
    this.#environment = environment;
    this.#layout = new Layout(geometry);
    this.#room = room;
    this.#requests = this.#layout.pages;
    this.#rest = this.#requests + room.requests * (REQUEST_CELLS + room.ranges);
    this.length = this.#rest + 3 + environment.contents.cells;
  }

  /** Which of the cells from `at` on say something of pages. */
  pageCells(at: number): PageCells {
    const contents = this.#environment.contents.cells > 0 ? [at + this.#rest + 3] : [];
    const ranges = Array.from({ length: this.#room.requests }, (_, place) => {
      const request = at + this.#requests + place * (REQUEST_CELLS + this.#room.ranges);
      return { length: request + REQUEST_CELLS - 1, first: request + REQUEST_CELLS };
    });
    return { rows: [at, ...contents], ranges };
  }

  // ---- the blocks that users have, and what all pages contain ----

  saveBlocks(cells: Int32Array, at: number): void {
    const { live, contents } = this.#environment;
    for (let page = 0; page < this.#layout.pages; page++) cells[at + page] = 0;
    for (const { pfn, order } of live) cells[at + this.#layout.pageOf(pfn)] = order + 1;
    contents.save(cells, at + this.#rest + 3);
  }

  loadBlocks(cells: Int32Array, at: number): void {
    const { live, contents } = this.#environment;
    while (live.length > 0) live.pop();
    for (let page = 0; page < this.#layout.pages; page++) {
      if (cells[at + page] !== 0) live.push(this.#block(page, cells[at + page] - 1));
    }
    contents.load(cells, at + this.#rest + 3, live);
    contents.keep();
    copyInto(live, this.#liveThen);
  }

  /** Users have the blocks again that were loaded last. */
  undoBlocks(): void {
    const { live, contents } = this.#environment;
    copyInto(this.#liveThen, live);
    contents.undo();
  }

  #block(page: number, order: number): LiveBlock {
    return (this.#blocks[page * ORDERS + order] ??= { pfn: this.#layout.pfnOf(page), order, of: 0 });
  }

  // ---- the open requests ----

  /** @throws RangeError where there are more requests or ranges than there is room for */
  saveRequests(cells: Int32Array, at: number): void {
    const { requests } = this.#environment;
    const size = REQUEST_CELLS + this.#room.ranges;
    if (requests.length > this.#room.requests) throw new RangeError(`${requests.length} requests are open`);
    cells.fill(0, at + this.#requests, at + this.#rest);
    for (let place = 0; place < requests.length; place++) {
      const { request, ranges, discarded, lost } = requests[place];
      if (ranges.length > this.#room.ranges) throw new RangeError(`request ${request} has ${ranges.length} ranges`);
      let cell = at + this.#requests + place * size;
      cells[cell++] = request;
      cells[cell++] = lost ? -1 : discarded;
      cells[cell++] = ranges.length;
      for (const { pfn, order } of ranges) cells[cell++] = this.#layout.pageOf(pfn) * ORDERS + order;
    }
  }

  loadRequests(cells: Int32Array, at: number): void {
    const { requests } = this.#environment;
    while (requests.length > 0) requests.pop();
    for (let place = 0; place < this.#room.requests; place++) {
      let cell = at + this.#requests + place * (REQUEST_CELLS + this.#room.ranges);
      const request = cells[cell++];
      if (request === 0) break;
      const discarded = cells[cell++];
      const ranges: Block[] = [];
      for (let left = cells[cell++]; left > 0; left--) {
        const block = cells[cell++];
        ranges.push(this.#block(Math.floor(block / ORDERS), block % ORDERS));
      }
      requests.push({ request, ranges, discarded: Math.max(discarded, 0), lost: discarded < 0 });
    }
    copyInto(requests, this.#requestsThen);
  }

  /** The requests are open again that were loaded last. @param cells as they were then */
  undoRequests(cells: Int32Array, at: number): void {
    const { requests } = this.#environment;
    copyInto(this.#requestsThen, requests);
    for (let place = 0; place < requests.length; place++) {
      const discarded = cells[at + this.#requests + place * (REQUEST_CELLS + this.#room.ranges) + 1];
      requests[place].discarded = Math.max(discarded, 0);
      requests[place].lost = discarded < 0;
    }
  }

  // ---- what the administrator has taken away, what the host has asked for ----

  saveWishes(cells: Int32Array, at: number): void {
    const { sections, balloonTarget, hinting } = this.#environment;
    cells[at + this.#rest] = sections.gone;
    cells[at + this.#rest + 1] = balloonTarget;
    cells[at + this.#rest + 2] = HINTING.indexOf(hinting);
  }

  loadWishes(cells: Int32Array, at: number): void {
    const environment = this.#environment;
    environment.sections.gone = cells[at + this.#rest];
    environment.balloonTarget = cells[at + this.#rest + 1];
    environment.hinting = HINTING[cells[at + this.#rest + 2]];
    environment.forgetAskers();
  }
}

/** Makes a list the same as another. It keeps its storage, which setting its length to 0 would give back. */
function copyInto<Item>(from: readonly Item[], to: Item[]): void {
  while (to.length > from.length) to.pop();
  for (let at = 0; at < from.length; at++) to[at] = from[at];
}
