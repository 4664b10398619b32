/**
 * Precopy migration with hints: pages are sent while the guest runs; what it writes meanwhile is in the hypervisor's
 * dirty log and is sent again. A hint takes pages off what is still to be sent (`nitesh-wei-host.md` 2.3, 2.4).
 *
 *     begin ─▶ transfer, hints ─▶ sync ─▶ transfer, hints ─▶ … ─▶ end
 *              everything          what the log says
 *
 * The log is cleared either when it is read, or chunk by chunk, when the first page of a chunk is sent or hinted after
 * that: then for those pages of the chunk that are to be sent.
 */
import { Layout, pagesOf, type Block, type Geometry, type Pfn, type Settings } from "../../model/alphabet/index.ts";
import { ZERO } from "./page-content.ts";

/** A hint that took a page off what is to be sent: the request, and the step in which the host applied it. */
export interface AppliedHint {
  readonly request: number;
  readonly index: number;
}

/** What there is at the destination, by page. The arrays are the migration's own: true until the next one begins. */
export interface Arrived {
  readonly content: Int32Array;
  /** 1 where the page was sent at all. */
  readonly sent: Uint8Array;
  /** The hint that kept a page from being sent again, if one did. */
  clearedBy(page: number): AppliedHint | undefined;
}

/** No round of hints is open. */
const CLOSED = -1;

export class Migration {
  underWay = false;
  readonly #layout: Layout;
  readonly #blockPages: number;
  readonly #byChunk: boolean;
  /** By page: is it still to be sent; does the dirty log name it; what was sent of it. */
  readonly #toSend: Uint8Array;
  readonly #log: Uint8Array;
  readonly #destination: Int32Array;
  readonly #sent: Uint8Array;
  readonly #hints = new Map<number, AppliedHint>();
  /** By page: the first page of its chunk. By chunk (its first page): was it touched since the log was read? */
  readonly #chunkOf: Int32Array;
  readonly #touched: Uint8Array;
  /** How many rounds of hints the host has begun, and the one whose hints it still applies. */
  #rounds = 0;
  #round = CLOSED;

  constructor(geometry: Geometry, settings: Settings) {
    this.#layout = new Layout(geometry);
    const { pages } = this.#layout;
    this.#blockPages = pagesOf(geometry.maxOrder);
    this.#byChunk = settings.dirtyLog === "chunk";
    this.#toSend = new Uint8Array(pages);
    this.#log = new Uint8Array(pages);
    this.#destination = new Int32Array(pages);
    this.#sent = new Uint8Array(pages);
    this.#touched = new Uint8Array(pages);
    this.#chunkOf = new Int32Array(pages);
    geometry.zones.forEach((zone, index) => {
      const first = this.#layout.first[index];
      for (let page = 0; page < zone.pages; page++) {
        this.#chunkOf[first + page] = first + page - (page % (2 * this.#blockPages));
      }
    });
  }

  /** Begins a new run. */
  reset(): void {
    this.underWay = false;
    this.#rounds = 0;
    this.#round = CLOSED;
  }

  /** How many rounds of hints the host has begun. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Pages that are still to be sent, and pages that the dirty log names: for people. */
  books(): { readonly toSend: readonly Pfn[]; readonly dirty: readonly Pfn[] } {
    const named = (pages: Uint8Array): Pfn[] =>
      [...pages].flatMap((named, page) => (named === 1 ? [this.#layout.pfnOf(page)] : []));
    return this.underWay ? { toSend: named(this.#toSend), dirty: named(this.#log) } : { toSend: [], dirty: [] };
  }

  /** True where a round of hints was begun since the log was read last. */
  get roundIsOpen(): boolean {
    return this.#round !== CLOSED;
  }

  begin(): void {
    this.underWay = true;
    this.#toSend.fill(1);
    this.#log.fill(0);
    this.#touched.fill(0);
    this.#destination.fill(ZERO);
    this.#sent.fill(0);
    this.#hints.clear();
    this.#round = CLOSED;
  }

  /** The host told the guest to begin a round of hints. */
  beginRound(): void {
    this.#rounds++;
    if (this.underWay) this.#round = this.#rounds;
  }

  /** Somebody wrote to pages. */
  wrote(first: number, pages: number): void {
    if (this.underWay) this.#log.fill(1, first, first + pages);
  }

  /** The dirty log is read: what it names is to be sent again. Hints of the round before are not applied any more. */
  sync(): void {
    this.#round = CLOSED;
    for (let page = 0; page < this.#log.length; page++) this.#toSend[page] |= this.#log[page];
    if (!this.#byChunk) this.#log.fill(0);
    this.#touched.fill(0);
  }

  /** Sends what is to be sent of the largest block around the first such page. */
  transfer(content: Int32Array): void {
    const next = this.#toSend.indexOf(1);
    if (next < 0) return;
    this.#touch(next);
    const first = next - (next % this.#blockPages);
    for (let page = first; page < first + this.#blockPages; page++) this.#send(page, content);
  }

  /**
   * The host takes one range of a request as a hint, where it is of the round that is open.
   * @param round the round that the guest was in when it sent the request
   */
  hint({ pfn, order }: Block, round: number, by: AppliedHint): void {
    if (!this.underWay || round !== this.#round) return;
    const first = this.#layout.pageOf(pfn);
    if (first < 0) return;
    for (let page = first; page < first + pagesOf(order); page++) {
      this.#touch(page);
      if (this.#toSend[page] === 0) continue;
      this.#toSend[page] = 0;
      this.#hints.set(page, by);
    }
  }

  /** The guest stops, and all that is still to be sent is sent. */
  end(content: Int32Array): Arrived {
    this.sync();
    for (let page = 0; page < content.length; page++) this.#send(page, content);
    this.underWay = false;
    return { content: this.#destination, sent: this.#sent, clearedBy: (page) => this.#hints.get(page) };
  }

  #send(page: number, content: Int32Array): void {
    if (this.#toSend[page] === 0) return;
    this.#toSend[page] = 0;
    this.#destination[page] = content[page];
    this.#sent[page] = 1;
    this.#hints.delete(page);
  }

  /** The first touch of a chunk since the log was read clears the log of what is to be sent of it. */
  #touch(page: number): void {
    const chunk = this.#chunkOf[page];
    if (!this.#byChunk || this.#touched[chunk] === 1) return;
    this.#touched[chunk] = 1;
    for (let at = chunk; at < this.#chunkOf.length && this.#chunkOf[at] === chunk; at++) {
      if (this.#toSend[at] === 1) this.#log[at] = 0;
    }
  }
}
