/** Faults of the buddy allocator and of its slow path: whatever the design. */
import { ISOLATE, MOVABLE } from "../../impl/state.ts";
import { NONE } from "../../model/alphabet/index.ts";
import type { Fault } from "./fault.ts";

/** What is on the lists, and with what mark. */
const LISTS: readonly Fault[] = [
  {
    id: "canary",
    what: "The block that was handed out last is handed out once more.",
    source: "DESIGN.md, Planted faults: one that always fails, to show that the alarm rings",
    design: "none",
    killer: "ownership",
    plant({ guest: { allocator } }) {
      const allocate = allocator.allocate.bind(allocator);
      let last = NONE;
      allocator.allocate = (order, type, node, cpu) => {
        if (last === NONE || !allocator.isAllocated(last, order)) last = allocate(order, type, node, cpu);
        return last;
      };
    },
  },
  {
    id: "unlike-types-never-merge",
    what: "Free buddies merge only where their pageblocks have the same type, not where both types may be retagged.",
    source: "duyck-line.md A.2 5c",
    design: "none",
    killer: "merged",
    alone: true,
    plant({ guest: { buddy } }) {
      buddy.mayMerge = (type, other) => type === other;
    },
  },
  {
    id: "merge-into-isolated-pageblock",
    what: "A free block merges with its buddy although that one's pageblock is isolated.",
    source: "duyck-line.md A.2 5c, A.6",
    design: "none",
    killer: "accounting",
    plant({ guest: { buddy } }) {
      const mayMerge = buddy.mayMerge.bind(buddy);
      buddy.mayMerge = (type, other) => type === ISOLATE || other === ISOLATE || mayMerge(type, other);
    },
  },
  {
    id: "pageblock-moves-without-its-blocks",
    what: "A pageblock that is stolen or isolated gets its new type, but its free blocks stay on the lists of the old one.",
    source: "duyck-line.md A.3, G-55",
    design: "none",
    killer: "free-lists",
    plant({ guest: { buddy, shape } }) {
      buddy.movePageblock = (_zone, start, to) => buddy.retag(start, shape.pageblockOrder, to);
    },
  },
  {
    id: "stolen-block-keeps-its-type",
    what: "A large block is taken for another type and its parts go to the lists of that type, but its pageblocks keep theirs.",
    source: "duyck-line.md A.3",
    design: "none",
    killer: "free-lists",
    alone: true,
    plant({ guest: { buddy, fallback, shape } }) {
      const steal = fallback.steal.bind(fallback);
      fallback.steal = (zone, order, found, from, start) => {
        const stolen = buddy.firstOf(zone, found, from);
        const block = steal(zone, order, found, from, start);
        if (found >= shape.pageblockOrder) buddy.retag(stolen, found, from);
        return block;
      };
    },
  },
  {
    id: "free-to-a-type-read-too-early",
    what: "A free uses the type that its pageblock had at boot, as if read before the lock was taken.",
    source: "duyck-line.md G-55",
    design: "none",
    killer: "free-lists",
    plant({ guest: { buddy } }) {
      const freeOne = buddy.freeOne.bind(buddy);
      buddy.freeOne = (zone, block, order, _type, toTail, notify) =>
        freeOne(zone, block, order, MOVABLE, toTail, notify);
    },
  },
  {
    id: "spanning-block-freed-whole",
    what: "A freed block that spans pageblocks goes to the list of its first one, whatever the others are.",
    source: "duyck-line.md E.8, G-18",
    design: "none",
    killer: "free-lists",
    plant({ guest: { buddy } }) {
      buddy.freeBlock = (zone, block, order, toTail, notify) =>
        buddy.freeOne(zone, block, order, buddy.typeAt(block), toTail, notify);
    },
  },
  {
    id: "split-loses-a-half",
    what: "Splitting a block puts all upper parts on the lists but the last.",
    source: "duyck-line.md H.2 S5",
    design: "none",
    killer: "conservation",
    alone: true,
    plant({ guest: { buddy } }) {
      const expand = buddy.expand.bind(buddy);
      buddy.expand = (zone, block, low, high, type, wasMarked) => expand(zone, block, low + 1, high, type, wasMarked);
    },
  },
  {
    id: "mark-inherited-by-split-parts",
    what: "The parts of a split block are marked as reported, as the first designs' flag was.",
    source: "duyck-line.md G-34, H.6 (split)",
    design: "page-reporting",
    killer: "flag",
    plant({ guest: { buddy, shape } }) {
      const expand = buddy.expand.bind(buddy);
      buddy.expand = (zone, block, low, high, type, wasMarked) => {
        expand(zone, block, low, high, type, wasMarked);
        for (let order = Math.max(low, shape.reportOrder); order < high; order++)
          buddy.setMark(zone, block + (1 << order));
      };
    },
  },
  {
    id: "mark-kept-on-merge",
    what: "A free block that merges with a reported buddy is believed to be reported as a whole.",
    source: "duyck-line.md G-34, H.4 3",
    design: "page-reporting",
    killer: "flag",
    alone: true,
    plant({ guest: { buddy, shape } }) {
      const freeOne = buddy.freeOne.bind(buddy);
      buddy.freeOne = (zone, block, order, type, toTail, notify) => {
        const beside = block ^ (1 << order);
        const reported = order < shape.maxOrder && buddy.isFreeHead(beside, order) && buddy.isMarked(beside);
        freeOne(zone, block, order, type, toTail, notify);
        const merged = buddy.blockAround(block);
        if (reported && buddy.orderOf(merged) > order && !buddy.isMarked(merged)) buddy.setMark(zone, merged);
      };
    },
  },
  {
    id: "bad-page-stays-listed",
    what: "Taking a bad page out of a free block puts that page back on a list like the rest of the block.",
    source: "duyck-line.md A.8, G-51",
    design: "none",
    killer: "free-lists",
    plant({ guest: { buddy, memoryFailure, shape, state } }) {
      const takeOff = memoryFailure.takeOff.bind(memoryFailure);
      memoryFailure.takeOff = (block, page) => {
        const type = buddy.typeAt(block);
        takeOff(block, page);
        buddy.insert(shape.zoneOf(page), page, 0, type, false);
        state.free[shape.zoneOf(page)]--;
      };
    },
  },
  {
    id: "bad-page-still-counted",
    what: "Taking a bad page out of a free block leaves it in the count of free pages.",
    source: "duyck-line.md G-51",
    design: "none",
    killer: "accounting",
    alone: true,
    plant({ guest: { memoryFailure, shape, state } }) {
      const takeOff = memoryFailure.takeOff.bind(memoryFailure);
      memoryFailure.takeOff = (block, page) => {
        takeOff(block, page);
        state.free[shape.zoneOf(block)]++;
      };
    },
  },
  {
    id: "isolated-pages-counted-free",
    what: "A free block that moves to an isolate list stays in the count of free pages.",
    source: "duyck-line.md G-8",
    design: "none",
    killer: "accounting",
    plant({ guest: { buddy, state } }) {
      const move = buddy.move.bind(buddy);
      buddy.move = (zone, block, to) => {
        move(zone, block, to);
        if (to === ISOLATE) state.free[zone] += 1 << buddy.orderOf(block);
      };
    },
  },
  {
    id: "reserve-not-counted",
    what: "A pageblock that is reserved for highatomic callers is not added to the reserve's count.",
    source: "duyck-line.md A.3, H.2 S6",
    design: "none",
    killer: "accounting",
    plant({ guest: { allocator, state } }) {
      const reserve = allocator.reserve.bind(allocator);
      allocator.reserve = (zone, block, order) => {
        const before = state.reservedHighatomic[zone];
        reserve(zone, block, order);
        state.reservedHighatomic[zone] = before;
      };
    },
  },
  {
    id: "merged-free-wakes-nobody",
    what: "The reporter is told the order of the block that was freed, not of what it merged into.",
    source: "duyck-line.md G-48",
    design: "page-reporting",
    killer: "wakeup",
    alone: true,
    plant({ guest: { buddy, shape } }) {
      const freeOne = buddy.freeOne.bind(buddy);
      buddy.freeOne = (zone, block, order, type, toTail, notify) =>
        freeOne(zone, block, order, type, toTail, notify && order >= shape.reportOrder);
    },
  },
  {
    id: "put-back-to-the-head",
    what: "What was reported comes back to the head of its list, where the allocator finds it first: a cost and no harm, so only lockstep sees it.",
    source: "duyck-line.md E.4, G-15",
    design: "page-reporting",
    killer: "lockstep",
    alone: true,
    plant({ guest: { buddy } }) {
      buddy.putsBackToTail = () => false;
    },
  },
];

/** Who is told that there is no memory, and who is told that there is. */
const CALLERS: readonly Fault[] = [
  {
    id: "out-of-memory-while-held",
    what: "The slow path does not ask whether the reporter holds pages: a caller is told that memory is out.",
    source: "seed 001; duyck-line.md H.3",
    design: "page-reporting",
    killer: "fake-oom",
    alone: true,
    plant({ guest: { slowPath } }) {
      slowPath.somethingComesBack = () => false;
    },
  },
  {
    id: "sleepers-not-woken",
    what: "Held pages come back, but nobody wakes the callers who sleep for them.",
    source: "seed 001; wire.md, stranded",
    design: "page-reporting",
    killer: "stranded",
    also: ["rest"],
    plant({ guest: { slowPath } }) {
      slowPath.wake = () => undefined;
    },
  },
  {
    id: "only-the-first-sleeper-woken",
    what: "Held pages come back, but only the first of the callers who sleep for them is woken.",
    source: "seed 001; wire.md, stranded",
    design: "reported-boundary",
    killer: "stranded",
    also: ["rest"],
    plant({ guest: { slowPath, waiting } }) {
      slowPath.wake = () => {
        if (waiting.length > 0) slowPath.wakeOne(0);
      };
    },
  },
];

export const ALLOCATOR_FAULTS: readonly Fault[] = [...LISTS, ...CALLERS];
