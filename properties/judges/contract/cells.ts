/** What a contract knows, written into cells of memory and taken back from there: so the explorer goes from state to state. */
import type { Device } from "./device.ts";
import type { PageStates } from "./pages.ts";
import type { OpenRequest, OpenRequests } from "./requests.ts";
import type { Sleepers } from "./sleepers.ts";
import { FREE, MARKED, stateNumber } from "./states.ts";

const FREE_NUMBER = stateNumber(FREE);
const MARKED_NUMBER = stateNumber(MARKED);

export class ContractCells {
  private readonly pages: PageStates;
  private readonly requests: OpenRequests;
  private readonly sleepers: Sleepers;
  private readonly device: Device;
  private readonly claimsCompleteness: boolean;

  constructor(
    pages: PageStates,
    requests: OpenRequests,
    sleepers: Sleepers,
    device: Device,
    claimsCompleteness: boolean,
  ) {
    this.pages = pages;
    this.requests = requests;
    this.sleepers = sleepers;
    this.device = device;
    this.claimsCompleteness = claimsCompleteness;
  }

  /** Cells for pages and sleepers. */
  get length(): number {
    return this.pages.length + 2;
  }

  /**
   * Writes who has which page into cells. Marks are left out where no claim depends on them: they would tell apart what
   * is judged alike.
   */
  savePages(cells: Int32Array, at: number): void {
    const end = this.pages.save(cells, at);
    if (this.claimsCompleteness) return;
    for (let page = at; page < end; page++) if (cells[page] === MARKED_NUMBER) cells[page] = FREE_NUMBER;
  }

  /** Goes on from what `savePages` wrote there. */
  loadPages(cells: Int32Array, at: number): void {
    this.pages.load(cells, at);
  }

  /** Remembers who has which page and which requests are open, to come back to it soon. */
  keep(): void {
    this.pages.keep();
    this.requests.keep();
  }

  /** Every page is back with whom it was when that was kept. */
  undoPages(): void {
    this.pages.undo();
  }

  /** Those requests are open again that were when that was kept. */
  undoRequests(): void {
    this.requests.undo();
  }

  /** Writes who sleeps, and whether a device is there. @throws RangeError where a ticket is over 30 */
  saveSleepers(cells: Int32Array, at: number): void {
    const end = at + this.pages.length;
    cells[end] = this.device.registered ? 1 : 0;
    cells[end + 1] = this.sleepers.bits();
  }

  /** Goes on from what `saveSleepers` wrote there. */
  loadSleepers(cells: Int32Array, at: number): void {
    const end = at + this.pages.length;
    this.device.registered = cells[end] === 1;
    this.sleepers.clear();
    for (let left = cells[end + 1]; left !== 0; left &= left - 1) this.sleepers.sleep(31 - Math.clz32(left & -left), 0);
  }

  /** These requests are open. */
  loadRequests(requests: Iterable<Omit<OpenRequest, "at">>): void {
    this.requests.clear();
    for (const { request, ranges } of requests) this.requests.add(request, ranges, 0);
  }
}
