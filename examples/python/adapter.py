#!/usr/bin/env python3
"""An adapter for `fpr conform` in Python: a buddy allocator with free page reporting behind the live protocol.

Copy it, and put calls into your own code in place of the class Guest (docs/write-an-adapter.md).

    build   nothing: Python 3.9 or later, standard library only
    judge   npx fpr conform -- python3 adapter.py
"""

import json
import sys

# Mistakes on purpose, to see what the oracle says of them. In your copy, delete every line that asks for one.
BUGS = ("forget-waiter", "over-capacity", "stale-mark")
MAX_OPEN = 2  # requests with the host at once: the slots of our queue


# ---- The allocator and its reporter ----

class Zone:
    """Free and held blocks of one zone. A block is known by its first page; what is in neither is allocated or absent."""

    def __init__(self, geometry, max_order):
        self.name, self.node = geometry.get("name"), geometry.get("node", 0)
        self.start, self.end = geometry["start"], geometry["start"] + geometry["pages"]
        self.min, self.low = (geometry.get("watermarks", {}).get(mark, 0) for mark in ("min", "low"))
        self.max_order = max_order
        self.order_of = {}  # of every free block
        # By order; a dict keeps the order of insertion and forgets a key at once: a list with a map into it.
        self.unreported = [{} for _ in range(max_order + 1)]
        self.reported = [{} for _ in range(max_order + 1)]
        self.held = {}  # order of every held block
        self.free_pages = self.held_pages = 0
        self.absent = set()  # pages: holes, and what was taken offline
        at = self.start
        holes = sorted((hole["start"], hole["start"] + hole["pages"]) for hole in geometry.get("holes", []))
        for hole_start, hole_end in [*holes, (self.end, self.end)]:
            self.put_range(at, hole_start)
            self.absent.update(range(hole_start, hole_end))
            at = max(at, hole_end)

    def insert(self, pfn, order, reported):
        self.order_of[pfn] = order
        (self.reported if reported else self.unreported)[order][pfn] = None
        self.free_pages += 1 << order

    def remove(self, pfn):
        """Takes a free block off its list. Returns its order and its mark."""
        order = self.order_of.pop(pfn)
        reported = pfn in self.reported[order]
        del (self.reported if reported else self.unreported)[order][pfn]
        self.free_pages -= 1 << order
        return order, reported

    def put(self, pfn, order, reported=False):
        """Frees a block and merges it with its buddies. Returns the mark that stays: of two halves, both must have it.

        Zones begin on a multiple of the largest block, so a buddy is never in another zone.
        """
        while order < self.max_order and self.order_of.get(pfn ^ 1 << order) == order:
            reported &= self.remove(pfn ^ 1 << order)[1]
            pfn &= ~(1 << order)
            order += 1
        self.insert(pfn, order, reported)
        return reported

    def put_range(self, start, end):
        """Frees pages that need not be one block, in the largest blocks that fit."""
        while start < end:
            order = 0
            while order < self.max_order and not start >> order & 1 and start + (2 << order) <= end:
                order += 1
            self.put(start, order)
            start += 1 << order

    def smallest(self, order):
        """A free block of at least this order, or None. Reported ones go last: using one costs the host a fault."""
        for at_least in range(order, self.max_order + 1):
            for blocks in (self.unreported[at_least], self.reported[at_least]):
                if blocks:
                    return next(reversed(blocks))
        return None

    def take(self, order):
        """Allocates a block above the minimum that the zone keeps, or None. What is split off keeps its mark."""
        pfn = self.smallest(order)
        if pfn is None or self.free_pages - (1 << order) < self.min:
            return None
        have, reported = self.remove(pfn)
        for half in range(order, have):
            self.insert(pfn + (1 << half), half, reported)
        return pfn

    def held_would_do(self, order):
        """True if there would be a block, were all held pages back. Only around those can one have become whole."""
        if order > self.max_order or self.free_pages + self.held_pages - (1 << order) < self.min:
            return False
        return self.smallest(order) is not None or any(self.whole(pfn >> order << order, order) for pfn in self.held)

    def whole(self, pfn, order):
        """True if every page of this block is free or held."""
        end = pfn + (1 << order)
        while pfn < end:
            part = self.order_of.get(pfn, self.held.get(pfn))
            if part is None:
                return False
            pfn += 1 << part
        return True

    def hold(self, order):
        """Takes an unreported block for the reporter, or None: none, or the zone would fall under its low mark."""
        if not self.unreported[order] or self.free_pages - (1 << order) < self.low:
            return None
        pfn = next(iter(self.unreported[order]))
        self.remove(pfn)
        self.held[pfn] = order
        self.held_pages += 1 << order
        return pfn

    def release(self, pfn, reported):
        """Gives a held block back. Returns its order and the mark that stays on it."""
        order = self.held.pop(pfn)
        self.held_pages -= 1 << order
        return order, self.put(pfn, order, reported)

    def turn_lists_around(self):
        self.unreported = [dict(reversed(blocks.items())) for blocks in self.unreported]
        self.reported = [dict(reversed(blocks.items())) for blocks in self.reported]

    def free_block_with(self, page):
        """The first page and the order of the free block that this page lies in, or None."""
        for order in range(self.max_order + 1):
            pfn = page >> order << order
            if self.order_of.get(pfn, -1) >= order:
                return pfn, self.order_of[pfn]
        return None

    def offline(self, start, end):
        """Takes these pages away if all of them are free. Blocks that reach beyond are cut."""
        blocks, at = [], start
        while at < end:
            block = self.free_block_with(at)
            if block is None:
                return False
            blocks.append(block)
            at = block[0] + (1 << block[1])
        for pfn, _ in blocks:
            self.remove(pfn)
        self.put_range(blocks[0][0], start)
        self.put_range(end, at)
        self.absent.update(range(start, end))
        return True

    def online(self, start, end):
        """Adds these pages, free and not reported, if none of them is there."""
        if not self.absent.issuperset(range(start, end)):
            return False
        self.absent.difference_update(range(start, end))
        self.put_range(start, end)
        return True


def event(name, **keys):
    return {"event": name, **keys}


class Guest:
    """The whole system. An action of the protocol is a method: its keys are the arguments (those that nobody here needs,
    as `cpu`, go to `_`), and it yields what happens, in order.
    """

    does = ("alloc", "free", "work", "ack", "compact", "offline", "online", "unregister", "register")

    def __init__(self, geometry, bug=None):
        max_order = geometry.get("maxOrder", 10)
        self.report_orders = range(max_order, geometry.get("reportOrder", min(9, max_order)) - 1, -1)
        self.capacity = geometry.get("capacity", 32) + (bug == "over-capacity")
        self.zones = [Zone(zone, max_order) for zone in geometry["zones"]]
        self.requests = {}  # what is with the host: number -> [(zone, pfn)]
        self.waiters = []  # callers who sleep until held pages come back, the oldest first: (ticket, order, node)
        self.request_count = self.ticket_count = 0
        self.registered = True
        self.bug = bug

    def zone_of(self, pfn):
        return next(zone for zone in self.zones if zone.start <= pfn < zone.end)

    def try_alloc(self, order, node, **ticket):
        """The answer to a caller, or None: there would be a block if the reporter gave back what it holds."""
        for zone in sorted(self.zones, key=lambda zone: zone.node != node):
            pfn = zone.take(order)
            if pfn is not None:
                return event("alloc", pfn=pfn, order=order, **ticket)
        if any(zone.held_would_do(order) for zone in self.zones):
            return None
        return event("alloc-failed", order=order, reason="no-memory", **ticket)

    def alloc(self, order, node=0, wait=False, **_):
        answer = self.try_alloc(order, node)
        if answer is not None:
            yield answer
        elif not wait:
            yield event("alloc-failed", order=order, reason="would-block")
        else:
            self.ticket_count += 1
            self.waiters.append((self.ticket_count, order, node))
            yield event("alloc-waits", order=order, ticket=self.ticket_count)

    def wake_waiters(self):
        """After every action, as most change what is free or held: whoever sleeps tries again."""
        for waiter in list(self.waiters):
            ticket, order, node = waiter
            answer = None if self.bug == "forget-waiter" else self.try_alloc(order, node, ticket=ticket)
            if answer is not None:
                self.waiters.remove(waiter)
                yield answer

    def free(self, pfn, order, **_):
        yield event("free", pfn=pfn, order=order)
        self.zone_of(pfn).put(pfn, order)

    def work(self, **_):
        """Fills the queue. Callers come before the host: while one waits for held pages, no more are taken."""
        while self.registered and not self.waiters and len(self.requests) < MAX_OPEN:
            ranges = yield from self.isolate()
            if not ranges:
                return
            self.request_count += 1
            self.requests[self.request_count] = ranges
            shown = [{"pfn": pfn, "order": zone.held[pfn]} for zone, pfn in ranges]
            yield event("submit", request=self.request_count, ranges=shown)

    def isolate(self):
        """Takes what fits into one request, the largest blocks first. Returns them."""
        ranges = []
        for zone in self.zones:
            for order in self.report_orders:
                while len(ranges) < self.capacity:
                    pfn = zone.hold(order)
                    if pfn is None:
                        break
                    ranges.append((zone, pfn))
                    yield event("isolate", pfn=pfn, order=order)
        return ranges

    def ack(self, request, ok, **_):
        yield event("ack", request=request, ok=ok)
        for zone, pfn in self.requests.pop(request):
            order, reported = zone.release(pfn, ok or self.bug == "stale-mark")
            yield event("release", pfn=pfn, order=order, reported=reported)

    def compact(self, zone, **_):
        next(each for each in self.zones if each.name == zone).turn_lists_around()

    def offline(self, start, pages, **_):
        if self.zone_of(start).offline(start, start + pages):
            yield event("offline", start=start, pages=pages)

    def online(self, start, pages, **_):
        if self.zone_of(start).online(start, start + pages):
            yield event("online", start=start, pages=pages)

    def unregister(self, **_):
        """Nothing more is submitted. What is with the host stays held until it answers."""
        if self.registered:
            yield event("unregistered")
        self.registered = False

    def register(self, **_):
        if not self.registered:
            yield event("registered")
        self.registered = True


# ---- The protocol: a line in, a line out ----

def main(arguments):
    bug = arguments[1] if len(arguments) == 2 and arguments[0] == "--bug" else None
    if arguments and bug not in BUGS:
        print(f"usage: adapter.py [--bug {'|'.join(BUGS)}]", file=sys.stderr)
        return 2
    for line in sys.stdin:
        action = json.loads(line)
        if action["do"] == "start":
            guest = Guest(action["geometry"], bug)
            answer = {"ready": {"name": "buddy in Python", "does": guest.does, "claims": ["completeness"]}}
        elif action["do"] in guest.does:
            happened = getattr(guest, action["do"])(**action) or ()
            answer = {"events": [*happened, *guest.wake_waiters()]}
        else:
            answer = {"events": []} if action["do"] == "stop" else {"unsupported": True}
        print(json.dumps(answer), flush=True)  # the other side waits for this line before it sends the next
        if action["do"] == "stop":
            break
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
