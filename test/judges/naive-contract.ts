/**
 * The contract once more, page by page and without any cleverness, for tiny geometries: what the fast one is compared
 * with. It gives the set of all properties that an event breaks.
 */
import type { Block, Event, Geometry, PageRange } from "../../model/alphabet/index.ts";
import { inHole, sectionsOf, zoneOf } from "../../model/alphabet/index.ts";
import type { ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";

interface Page {
  owner: "absent" | "unknown" | "free" | "held" | "allocated";
  marked: boolean;
  acked: boolean;
  request: number | undefined;
}

export class NaiveContract {
  readonly pages = new Map<number, Page>();
  private readonly open = new Map<number, readonly Block[]>();
  private readonly sleepers = new Set<number>();
  private readonly ackedUnseen = new Set<number>();
  private readonly geometry: Geometry;
  private readonly options: ContractOptions;
  private registered = true;
  private broken: PropertyId[] = [];

  constructor(geometry: Geometry, options: ContractOptions) {
    this.geometry = geometry;
    this.options = options;
    const owner = options.start === "unknown" ? "unknown" : "free";
    for (const zone of geometry.zones) {
      for (let pfn = zone.start; pfn < zone.start + zone.pages; pfn++) {
        const absent = inHole(zone, pfn);
        this.pages.set(pfn, { owner: absent ? "absent" : owner, marked: false, acked: false, request: undefined });
      }
    }
  }

  event(event: Event): readonly PropertyId[] {
    this.broken = [];
    this.check(event);
    if (this.broken.length === 0) this.apply(event);
    return this.broken;
  }

  end(): readonly PropertyId[] {
    this.broken = [];
    this.rests();
    return this.broken;
  }

  private check(event: Event): void {
    switch (event.event) {
      case "alloc":
        this.takes(range(event), ["free"], (page) => page.request !== undefined);
        return this.shape(event);
      case "free":
        this.takes(range(event), ["allocated"]);
        return this.shape(event);
      case "write":
        this.takes(range(event), ["allocated"], (page) => page.request !== undefined);
        return this.shape(event);
      case "isolate":
        this.takes(range(event), ["free"]);
        return this.shape(event);
      case "release":
        this.takes(range(event), ["held"], (page) => page.request !== undefined);
        this.shape(event);
        if (event.reported && this.in(range(event)).some((page) => page.owner === "held" && !page.acked))
          this.broken.push("truthful-mark");
        return;
      case "offline":
      case "online":
        if (event.event === "offline") this.takes(event, ["free"], (page) => page.request !== undefined);
        else this.takes(event, ["absent"]);
        return this.sections(event);
      case "submit":
        return this.submits(event.request, event.ranges);
      case "discard": {
        this.shape(event);
        const ranges = this.open.get(event.request);
        const inside =
          ranges === undefined
            ? this.mayBeOpen(event.request)
            : this.each(range(event)).every((pfn) => ranges.some((one) => has(one, pfn)));
        if (!inside) this.broken.push("host-window");
        return;
      }
      case "ack":
        if (!this.open.has(event.request) && !this.mayBeOpen(event.request)) this.broken.push("host-window");
        return;
      case "alloc-failed":
        if (event.reason !== "would-block" && this.isFakeOom(event.order, event.node)) this.broken.push("fake-oom");
        return;
      case "idle":
        this.rests();
        return this.completes();
      default:
        return;
    }
  }

  private apply(event: Event): void {
    const { unseen = [] } = this.options;
    switch (event.event) {
      case "alloc":
        if (event.ticket !== undefined) this.sleepers.delete(event.ticket);
        return this.set(range(event), { owner: "allocated", marked: false });
      case "alloc-failed":
        if (event.ticket !== undefined) this.sleepers.delete(event.ticket);
        return;
      case "alloc-waits":
        this.sleepers.add(event.ticket);
        return;
      case "free":
        return this.set(range(event), { owner: "free", marked: false });
      case "write":
        return this.set(range(event), { owner: "allocated" });
      case "isolate":
        return this.set(range(event), { owner: "held", marked: false, acked: false });
      case "release":
        return this.set(range(event), { owner: "free", marked: event.reported });
      case "offline":
        return this.set(event, { owner: "absent", marked: false });
      case "online":
        return this.set(event, { owner: "free", marked: false });
      case "submit":
        this.open.set(event.request, event.ranges);
        this.ackedUnseen.add(event.request);
        for (const one of event.ranges) {
          for (const page of this.in(range(one))) {
            if (page.owner !== "held") Object.assign(page, { owner: "held", marked: false, acked: false });
            page.request = event.request;
          }
        }
        return;
      case "ack":
        for (const one of this.open.get(event.request) ?? []) {
          for (const page of this.in(range(one))) {
            page.request = undefined;
            if (event.ok) page.acked = true;
            if (unseen.includes("release")) Object.assign(page, { owner: "free", marked: event.ok });
          }
        }
        this.open.delete(event.request);
        this.ackedUnseen.add(event.request);
        return;
      case "unregistered":
      case "registered":
        this.registered = event.event === "registered";
        return;
      default:
        return;
    }
  }

  private takes(
    where: PageRange,
    owners: readonly Page["owner"][],
    excludes: (page: Page) => boolean = () => false,
  ): void {
    const pages = this.in(where);
    if (pages.some(excludes)) this.broken.push("exclusion");
    if (pages.some(({ owner }) => owner !== "unknown" && !owners.includes(owner))) this.broken.push("ownership");
  }

  private shape({ pfn, order }: Block): void {
    const size = 2 ** order;
    const zone = zoneOf(this.geometry, pfn);
    const bad =
      order > this.geometry.maxOrder ||
      pfn % size !== 0 ||
      zone === -1 ||
      zone !== zoneOf(this.geometry, pfn + size - 1);
    if (bad) this.broken.push("well-formed");
  }

  private sections({ start, pages }: PageRange): void {
    const whole = this.geometry.zones.some((zone) => {
      const inside = sectionsOf(this.geometry, zone).filter(
        (one) => one.start >= start && one.start + one.pages <= start + pages,
      );
      return inside.length > 0 && inside.reduce((sum, one) => sum + one.pages, 0) === pages;
    });
    if (!whole) this.broken.push("well-formed");
  }

  private submits(request: number, ranges: readonly Block[]): void {
    const { capacity, reportOrder } = this.geometry;
    const owners: Page["owner"][] = this.options.unseen?.includes("isolate") === true ? ["held", "free"] : ["held"];
    for (const one of ranges) {
      this.takes(range(one), owners, (page) => page.request !== undefined || page.owner === "allocated");
      this.shape(one);
      if (one.order < reportOrder) this.broken.push("well-formed");
    }
    const all = ranges.flatMap((one) => this.each(range(one)));
    const twice = new Set(all).size < all.length;
    if (ranges.length === 0 || ranges.length > capacity || twice || this.open.has(request))
      this.broken.push("well-formed");
    if (!this.registered) this.broken.push("quiet");
  }

  private isFakeOom(order: number, node: number | undefined): boolean {
    const zones = this.geometry.zones.filter((zone) => node === undefined || zone.node === node);
    const some = (owners: readonly Page["owner"][]): boolean =>
      zones.some((zone) => {
        const mine = (pfn: number): boolean => owners.includes(this.pages.get(pfn)?.owner ?? "absent");
        const pfns = this.each(zone);
        const fits = pfns.some(
          (pfn) =>
            pfn % 2 ** order === 0 &&
            pfn + 2 ** order <= zone.start + zone.pages &&
            this.each({ start: pfn, pages: 2 ** order }).every(mine),
        );
        return order <= this.geometry.maxOrder && fits && pfns.filter(mine).length - 2 ** order >= zone.watermarks.min;
      });
    return !some(["free", "unknown"]) && some(["free", "held"]);
  }

  private rests(): void {
    if (this.open.size > 0) return;
    if (this.sleepers.size > 0 || [...this.pages.values()].some(({ owner }) => owner === "held"))
      this.broken.push("stranded");
  }

  private completes(): void {
    const size = 2 ** this.geometry.reportOrder;
    if (this.options.claims?.includes("completeness") !== true || !this.registered || this.open.size > 0) return;
    for (const zone of this.geometry.zones) {
      if (zone.watermarks.min + zone.watermarks.low + zone.watermarks.high > 0) continue;
      for (let start = zone.start; start < zone.start + zone.pages; start += size) {
        const pages = this.in({ start, pages: size });
        if (pages.every(({ owner }) => owner === "free") && !pages.every(({ marked }) => marked))
          this.broken.push("completeness");
      }
    }
  }

  private mayBeOpen(request: number): boolean {
    return this.options.start === "unknown" && !this.ackedUnseen.has(request);
  }

  private set(where: PageRange, to: Partial<Page>): void {
    for (const page of this.in(where)) Object.assign(page, to);
  }

  private in(where: PageRange): Page[] {
    return this.each(where).flatMap((pfn) => this.pages.get(pfn) ?? []);
  }

  /** The pages of a range that are in a zone. */
  private each({ start, pages }: PageRange): number[] {
    return [...this.pages.keys()].filter((pfn) => pfn >= start && pfn < start + pages);
  }
}

function range({ pfn, order }: Block): PageRange {
  return { start: pfn, pages: 2 ** order };
}

function has({ pfn, order }: Block, page: number): boolean {
  return page >= pfn && page < pfn + 2 ** order;
}
