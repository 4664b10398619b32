"""An allocator that never reports, correct but for one thing: --how names what it does wrong, --after in which action."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--how", default="right")
PARSER.add_argument("--after", type=int, default=3, help="actions that are answered well before it goes wrong")
PARSER.add_argument("--mark", default="", help="file that gets the process ids of it and of what it starts")
ARGS = PARSER.parse_args()


PERFORMED = 0


def overlaps():
    """Whether a block that is handed out now stays free, too."""
    how = ARGS.how
    return how == "overlaps" or how == "overlaps-late" and PERFORMED > 400


class Allocator:
    """Hands out single blocks of a map of free pages, lowest first."""

    def __init__(self, geometry):
        self.free = set()
        for zone in geometry["zones"]:
            self.free |= set(range(zone["start"], zone["start"] + zone["pages"]))
            for hole in zone["holes"]:
                self.free -= set(range(hole["start"], hole["start"] + hole["pages"]))
        self.zones = geometry["zones"]

    def block(self, order):
        size = 1 << order
        for zone in self.zones:
            for pfn in range(zone["start"], zone["start"] + zone["pages"], size):
                if all(page in self.free for page in range(pfn, pfn + size)):
                    return pfn
        return None

    def perform(self, action):
        name = action["do"]
        if name == "alloc":
            order = action["order"]
            if order == 2 and ARGS.how == "dislikes-order-2":
                raise NotImplementedError("no order 2")
            pfn = self.block(order)
            if pfn is None:
                return [{"event": "alloc-failed", "order": order}]
            if not overlaps():
                self.free -= set(range(pfn, pfn + (1 << order)))
            return [{"event": "alloc", "pfn": pfn, "order": order}]
        if name == "free":
            self.free |= set(range(action["pfn"], action["pfn"] + (1 << action["order"])))
            return [{"event": "free", "pfn": action["pfn"], "order": action["order"]}]
        return []


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answer(events):
    say(json.dumps({"events": events}))


def mark(*pids):
    if ARGS.mark:
        with open(ARGS.mark, "a", encoding="utf8") as file:
            file.write("".join(f"{pid}\n" for pid in pids))


def sleeper(seconds=60):
    """Something that this program starts and that outlives it, with the same standard output."""
    child = subprocess.Popen(["sleep", str(seconds)])
    mark(child.pid)


def endless(text):
    while True:
        sys.stdout.write(text)


def hang():
    while True:
        time.sleep(1)


def wrong(events):
    """Answers one action in the way that --how says."""
    first = events[0] if events else {"event": "free", "pfn": 0, "order": 0}
    how = ARGS.how
    if how == "ends":
        sys.exit(3)
    elif how == "ends-well":
        sys.exit(0)
    elif how == "killed":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "hangs":
        hang()
    elif how == "hangs-with-child":
        sleeper()
        hang()
    elif how == "ignores-sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        hang()
    elif how == "half-line":
        sys.stdout.write('{"events":[{"event":"al')
        sys.stdout.flush()
        sys.exit(0)
    elif how == "half-line-hangs":
        sys.stdout.write('{"events":[{"event":"al')
        sys.stdout.flush()
        hang()
    elif how == "noise":
        say("DEBUG: about to allocate")
    elif how == "not-utf8":
        sys.stdout.buffer.write(b'{"events":[],"x":"\xff\xfe"}\n')
        sys.stdout.flush()
    elif how == "two-lines":
        sys.stdout.write(json.dumps({"events": events}) + '\n{"events":[]}\n')
        sys.stdout.flush()
    elif how == "late-second-line":
        answer(events)
        time.sleep(0.05)
        answer([])
    elif how == "no-list":
        say('{"events":{}}')
    elif how == "a-list":
        say("[]")
    elif how == "unknown-event":
        answer([{"event": "allocated", "pfn": 0, "order": 0}])
    elif how == "missing-key":
        answer([{"event": "free", "pfn": 0}])
    elif how == "wrong-type":
        answer([{**first, "order": "0"}])
    elif how == "out-of-range":
        answer([{**first, "order": 64}])
    elif how == "misfit":
        answer([*events, {"event": "registered"}])
    elif how == "fifty-megabytes":
        say(json.dumps({"events": [], "padding": "x" * 50_000_000}))
    elif how == "endless-line":
        endless("x" * 65536)
    elif how == "endless-lines":
        endless('{"events":[]}\n' * 1000)
    elif how == "error":
        say('{"error":"the arena is corrupt"}')
    elif how == "unsupported":
        say('{"unsupported":true}')
    elif how == "closes-stdout":
        os.close(1)
        hang()
    elif how == "leaves-child":
        sleeper()
        sys.exit(0)
    else:
        raise SystemExit(f"faulty.py: no such --how: {how}")


AT_START = {"ends-at-once", "error-at-start", "greets", "names-nothing", "unknown-action", "answers-before"}
AT_STOP = {"dies-on-stop", "no-end-after-stop", "status-after-stop", "child-after-stop", "line-after-stop"}
# Nothing that the protocol forbids; what overlaps is wrong as an allocator.
OVERLAPPING = {"overlaps", "overlaps-late"}
NEVER_WRONG = {"right", "floods-stderr", "slow", "crlf", "dislikes-order-2"} | OVERLAPPING


def start(geometry):
    ready = {"name": "faulty", "does": ["alloc", "free", "work", "ack"]}
    if ARGS.how == "ends-at-once":
        sys.exit(7)
    if ARGS.how == "error-at-start":
        say('{"error":"I serve 1024 pages only"}')
    elif ARGS.how == "names-nothing":
        say('{"ready":{"does":["alloc","free","work","ack"]}}')
    elif ARGS.how == "unknown-action":
        say('{"ready":{"name":"faulty","does":["alloc","free","work","ack","report"]}}')
    else:
        say(json.dumps({"ready": ready}))
    return Allocator(geometry)


def stop():
    how = ARGS.how
    if how == "dies-on-stop":
        sys.exit(1)
    answer([])
    if how == "line-after-stop":
        answer([])
    elif how == "no-end-after-stop":
        hang()
    elif how == "status-after-stop":
        sys.exit(5)
    elif how == "child-after-stop":
        sleeper()
    sys.exit(0)


def main():
    mark(os.getpid())
    if ARGS.how == "greets":
        say("faulty allocator 1.0")
    elif ARGS.how == "answers-before":
        answer([])
        answer([])
    global PERFORMED
    allocator = None
    for line in sys.stdin:
        action = json.loads(line)
        if action["do"] == "start":
            allocator = start(action["geometry"])
        elif action["do"] == "stop":
            stop()
        else:
            try:
                events = allocator.perform(action)
            except NotImplementedError as error:
                say(json.dumps({"error": str(error)}))
                continue
            PERFORMED += 1
            if ARGS.how == "slow":
                time.sleep(0.05)
            elif ARGS.how == "floods-stderr":
                sys.stderr.write("noise on standard error\n" * 100)
            if PERFORMED <= ARGS.after or ARGS.how in AT_START | AT_STOP | NEVER_WRONG:
                if ARGS.how == "crlf":
                    sys.stdout.write("\r\n" + json.dumps({"events": events}) + "\r\n")
                    sys.stdout.flush()
                else:
                    answer(events)
            else:
                wrong(events)


main()
