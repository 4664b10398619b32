/** Faults of hotplug and of the isolation of pageblocks. */
import { HELD, OWNER_BITS } from "../../impl/state.ts";
import type { Fault } from "./fault.ts";

export const HOTPLUG_FAULTS: readonly Fault[] = [
  {
    id: "offline-takes-used-pages",
    what: "Offlining does not wait until all pages of the section are free.",
    source: "duyck-line.md A.6",
    design: "none",
    killer: "ownership",
    plant({ guest: { hotplug } }) {
      hotplug.allFree = () => true;
    },
  },
  {
    id: "offline-takes-pages-in-flight",
    what: "Offlining believes that what the host is processing is free.",
    source: "duyck-line.md A.6, H.4 7",
    design: "page-reporting",
    killer: "exclusion",
    also: ["ownership"],
    plant({ guest: { hotplug, buddy, reporter, state } }) {
      hotplug.allFree = (start, pages) => {
        for (let at = start; at < start + pages; at += buddy.stride(at)) {
          const isInFlight =
            reporter.answer === "none" && reporter.request !== 0 && (state.tag[at] & OWNER_BITS) === HELD;
          if (!buddy.isFree(at) && !isInFlight) return false;
        }
        return true;
      };
    },
  },
  {
    id: "online-believes-old-marks",
    what: "Memory that comes back is believed to be reported still.",
    source: "duyck-line.md G-53",
    design: "page-reporting",
    killer: "flag",
    plant({ guest: { hotplug, buddy, shape } }) {
      const online = hotplug.online.bind(hotplug);
      hotplug.online = (range) => {
        const wasUnderWay = hotplug.isUnderWay();
        online(range);
        const block = shape.indexOf(range.start);
        if (wasUnderWay || !hotplug.isUnderWay()) return;
        if (buddy.isFree(block) && buddy.orderOf(block) >= shape.reportOrder) buddy.setMark(shape.zoneOf(block), block);
      };
    },
  },
  {
    id: "isolated-pageblocks-never-uncounted",
    what: "A pageblock that is given back stays in the count of isolated ones.",
    source: "duyck-line.md A.6, H.2 S6",
    design: "none",
    killer: "accounting",
    plant({ guest: { isolation, state } }) {
      const unsetIsolate = isolation.unsetIsolate.bind(isolation);
      isolation.unsetIsolate = (zone, pageblock) => {
        unsetIsolate(zone, pageblock);
        state.isolatedPageblocks[zone]++;
      };
    },
  },
  {
    id: "isolating-keeps-the-reserve",
    what: "A reserved pageblock that is isolated stays in the count of the reserve.",
    source: "duyck-line.md A.6, H.2 S6",
    design: "none",
    killer: "accounting",
    plant({ guest: { isolation, state } }) {
      const setIsolate = isolation.setIsolate.bind(isolation);
      isolation.setIsolate = (zone, pageblock) => {
        const before = state.reservedHighatomic[zone];
        const isolated = setIsolate(zone, pageblock);
        state.reservedHighatomic[zone] = before;
        return isolated;
      };
    },
  },
  {
    id: "held-pages-seem-used",
    what: "Held pages count as used and unmovable, as a fake allocation would: offlining gives up for no reason, which only lockstep sees.",
    source: "duyck-line.md G-49",
    design: "page-reporting",
    killer: "lockstep",
    plant({ guest: { isolation, buddy, state } }) {
      const hasUnmovable = isolation.hasUnmovable.bind(isolation);
      isolation.hasUnmovable = (pageblock) => {
        const block = buddy.blockAround(pageblock);
        return hasUnmovable(pageblock) || (block >= 0 && (state.tag[block] & OWNER_BITS) === HELD);
      };
    },
  },
];
