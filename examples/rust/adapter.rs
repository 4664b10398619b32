//! An adapter for `fpr conform` in Rust: a buddy allocator with free page reporting behind the live protocol.
//! Copy it, and put calls into your own code in place of `Zone` and `Guest` (docs/write-an-adapter.md).
//!
//!     build   rustc -O --edition 2021 adapter.rs
//!     judge   npx fpr conform -- ./adapter

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::{process::ExitCode, sync::OnceLock};

type Pfn = u64;
type Order = u32;

/// Mistakes on purpose, to see what the oracle says of them. In your copy, delete every line that asks for one.
const BUGS: [&str; 2] = ["oom-while-held", "split-too-far"];
static BUG: OnceLock<String> = OnceLock::new();

fn bug(name: &str) -> bool {
    BUG.get().is_some_and(|chosen| chosen == name)
}

// ---- The allocator and its reporter ----

fn size(order: Order) -> u64 {
    1 << order
}

/// The free blocks of one zone. What is not among them is allocated, held by the reporter or absent.
#[derive(Default)]
struct Zone {
    node: u64,
    start: Pfn,
    end: Pfn,
    min: u64,
    low: u64,
    max_order: Order,
    /// Order, whether the host knows that the whole block is unused, first page: all free lists in one.
    free: BTreeSet<(Order, bool, Pfn)>,
    free_pages: u64,
    held_pages: u64,
}

impl Zone {
    fn new(geometry: &str, max_order: Order) -> Zone {
        let (node, start) = (number(geometry, "node", 0), number(geometry, "start", 0));
        let end = start + number(geometry, "pages", 0);
        let mark = |name| number(get(geometry, "watermarks"), name, 0);
        let mut zone = Zone { node, start, end, min: mark("min"), low: mark("low"), max_order, ..Zone::default() };
        let holes = parts(get(geometry, "holes"));
        let holes = holes.into_iter().map(|hole| (number(hole, "start", 0), number(hole, "pages", 0)));
        let mut at = start;
        for (hole, pages) in holes.chain([(end, 0)]).collect::<BTreeMap<Pfn, u64>>() {
            zone.put_range(at, hole);
            at = hole + pages;
        }
        zone
    }

    /// Frees a block and merges it with its buddies. Returns the mark that stays: of two halves, both must have it.
    /// Zones begin on a multiple of the largest block, so a buddy is never in another zone.
    fn put(&mut self, mut pfn: Pfn, mut order: Order, mut reported: bool) -> bool {
        self.free_pages += size(order);
        while order < self.max_order {
            let buddy = pfn ^ size(order);
            let taken = [false, true].into_iter().find(|&mark| self.free.remove(&(order, mark, buddy)));
            let Some(mark) = taken else { break };
            reported &= mark;
            pfn = pfn.min(buddy);
            order += 1;
        }
        self.free.insert((order, reported, pfn));
        reported
    }

    /// Frees pages that need not be one block, in the largest blocks that fit.
    fn put_range(&mut self, mut start: Pfn, end: Pfn) {
        while start < end {
            let order = start.trailing_zeros().min((end - start).ilog2()).min(self.max_order);
            self.put(start, order, false);
            start += size(order);
        }
    }

    /// Allocates a block above the minimum that the zone keeps: the smallest that will do, and a reported one last, as
    /// its use costs the host a fault. The halves split off keep the mark of the whole.
    fn take(&mut self, order: Order) -> Option<Pfn> {
        let smallest = self.free.range((order, false, 0)..).next();
        let (have, reported, pfn) = *smallest.filter(|_| self.free_pages >= self.min + size(order))?;
        self.free.remove(&(have, reported, pfn));
        let halves = order..have + Order::from(bug("split-too-far"));
        self.free.extend(halves.map(|half| (half, reported, pfn + size(half))));
        self.free_pages -= size(order);
        Some(pfn)
    }

    /// Takes an unreported block for the reporter, the largest first, unless the zone would fall under its low mark.
    fn hold(&mut self, report_order: Order) -> Option<(Pfn, Order)> {
        let may_go = |order: &Order| self.free_pages >= self.low + size(*order);
        let unreported = |order| self.free.range((order, false, 0)..(order, true, 0)).next();
        let &block = (report_order..=self.max_order).rev().filter(may_go).find_map(unreported)?;
        self.free.remove(&block);
        self.free_pages -= size(block.0);
        self.held_pages += size(block.0);
        Some((block.2, block.0))
    }
}

/// The whole system. An action of the protocol is a method that says what happens, in order.
#[derive(Default)]
struct Guest {
    zones: Vec<Zone>,
    report_order: Order,
    capacity: usize,
    unregistered: bool,
    /// What is with the host: one request at a time.
    held: Vec<(Pfn, Order)>,
    /// Callers who sleep until held pages come back, the oldest first: order, node, ticket.
    waiters: Vec<(Order, u64, u64)>,
    /// Of requests and tickets, numbered together.
    last_number: u64,
    events: Vec<String>,
}

impl Guest {
    fn new(geometry: &str) -> Guest {
        let max_order = number(geometry, "maxOrder", 10) as Order;
        Guest {
            zones: parts(get(geometry, "zones")).into_iter().map(|zone| Zone::new(zone, max_order)).collect(),
            report_order: number(geometry, "reportOrder", max_order.min(9).into()) as Order,
            capacity: number(geometry, "capacity", 32) as usize,
            ..Guest::default()
        }
    }

    fn say(&mut self, name: &str, keys: &str) {
        self.events.push(format!(r#"{{"event":"{name}"{keys}}}"#));
    }

    /// False if the caller has no answer yet: there might be a block once all held pages are back. To count them is
    /// enough: if in the end they make no block, he is told so then.
    fn try_alloc(&mut self, order: Order, node: u64, ticket: &str) -> bool {
        let might_come =
            |zone: &Zone| zone.held_pages > 0 && zone.free_pages + zone.held_pages >= zone.min + size(order);
        let mut nearest: Vec<&mut Zone> = self.zones.iter_mut().collect();
        nearest.sort_by_key(|zone| zone.node != node);
        if let Some(pfn) = nearest.into_iter().find_map(|zone| zone.take(order)) {
            self.say("alloc", &format!(r#","pfn":{pfn},"order":{order}{ticket}"#));
        } else if self.zones.iter().any(might_come) && !bug("oom-while-held") {
            return false;
        } else {
            self.say("alloc-failed", &format!(r#","order":{order},"reason":"no-memory"{ticket}"#));
        }
        true
    }

    fn alloc(&mut self, order: Order, node: u64, may_sleep: bool) {
        let answered = self.try_alloc(order, node, "");
        if !answered && may_sleep {
            self.last_number += 1;
            self.waiters.push((order, node, self.last_number));
            self.say("alloc-waits", &format!(r#","order":{order},"ticket":{}"#, self.last_number));
        } else if !answered {
            self.say("alloc-failed", &format!(r#","order":{order},"reason":"would-block""#));
        }
    }

    /// After every action, as most change what is free or held: whoever sleeps tries again.
    fn wake_waiters(&mut self) {
        let mut waiters = std::mem::take(&mut self.waiters);
        waiters.retain(|(order, node, ticket)| !self.try_alloc(*order, *node, &format!(r#","ticket":{ticket}"#)));
        self.waiters = waiters;
    }

    fn zone_of(&mut self, pfn: Pfn) -> &mut Zone {
        self.zones.iter_mut().find(|zone| (zone.start..zone.end).contains(&pfn)).expect("a page of a zone")
    }

    fn free(&mut self, pfn: Pfn, order: Order) {
        self.say("free", &format!(r#","pfn":{pfn},"order":{order}"#));
        self.zone_of(pfn).put(pfn, order, false);
    }

    /// Callers come before the host: while one waits for held pages, no more are taken.
    fn work(&mut self) {
        if self.unregistered || !self.waiters.is_empty() || !self.held.is_empty() {
            return;
        }
        let blocks = self.zones.iter_mut().flat_map(|zone| std::iter::from_fn(|| zone.hold(self.report_order)));
        self.held = blocks.take(self.capacity).collect();
        let ranges: Vec<String> =
            self.held.iter().map(|(pfn, order)| format!(r#""pfn":{pfn},"order":{order}"#)).collect();
        ranges.iter().for_each(|range| self.say("isolate", &format!(",{range}")));
        if !ranges.is_empty() {
            self.last_number += 1;
            let (request, ranges) = (self.last_number, ranges.join("},{"));
            self.say("submit", &format!(r#","request":{request},"ranges":[{{{ranges}}}]"#));
        }
    }

    fn ack(&mut self, request: u64, ok: bool) {
        self.say("ack", &format!(r#","request":{request},"ok":{ok}"#));
        for (pfn, order) in std::mem::take(&mut self.held) {
            let zone = self.zone_of(pfn);
            zone.held_pages -= size(order);
            let reported = zone.put(pfn, order, ok);
            self.say("release", &format!(r#","pfn":{pfn},"order":{order},"reported":{reported}"#));
        }
    }

    /// While unregistered nothing is submitted; what is with the host stays held until it answers.
    fn set_registered(&mut self, registered: bool) {
        if self.unregistered == registered {
            self.say(if registered { "registered" } else { "unregistered" }, "");
        }
        self.unregistered = !registered;
    }
}

// ---- Reading JSON: a value is its text ----

/// The items of a list; the keys and values, in turn, of an object.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted, mut escaped) = (vec![], 1, 0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => depth += 1,
            ',' | ':' | '}' | ']' => {
                if depth == 1 {
                    parts.push(text[start..at].trim());
                    start = at + 1;
                }
                depth -= i32::from(letter == '}' || letter == ']');
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The value of a key, without quotes, or nothing. Of a key given twice the last counts.
fn get<'a>(object: &'a str, key: &str) -> &'a str {
    let members = parts(object);
    let value = members.chunks_exact(2).rfind(|pair| pair[0].trim_matches('"') == key);
    value.map_or("", |pair| pair[1].trim_matches('"'))
}

fn number(object: &str, key: &str, otherwise: u64) -> u64 {
    get(object, key).parse::<f64>().map_or(otherwise, |number| number as u64)
}

// ---- The protocol: a line in, a line out ----

const READY: &str = r#"{"ready":{"name":"buddy in Rust","claims":["completeness"],"does":["alloc","free","work","ack","unregister","register"]}}"#;

fn perform(guest: &mut Guest, action: &str) -> String {
    let key = |key| number(action, key, 0);
    match get(action, "do") {
        "start" => {
            *guest = Guest::new(get(action, "geometry"));
            return READY.into();
        }
        "alloc" => guest.alloc(key("order") as Order, key("node"), get(action, "wait") == "true"),
        "free" => guest.free(key("pfn"), key("order") as Order),
        "work" => guest.work(),
        "ack" => guest.ack(key("request"), get(action, "ok") == "true"),
        "unregister" => guest.set_registered(false),
        "register" => guest.set_registered(true),
        "stop" => {}
        _ => return r#"{"unsupported":true}"#.into(),
    }
    guest.wake_waiters();
    format!(r#"{{"events":[{}]}}"#, std::mem::take(&mut guest.events).join(","))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => {}
        [flag, name] if flag == "--bug" && BUGS.contains(&name.as_str()) => _ = BUG.set(name.clone()),
        _ => {
            eprintln!("usage: adapter [--bug {}]", BUGS.join("|"));
            return ExitCode::from(2);
        }
    }
    let mut guest = Guest::default();
    for action in io::stdin().lines().map_while(Result::ok) {
        // The other side waits for this line before it sends the next; if it has gone, there is nothing to do.
        let gone = writeln!(io::stdout(), "{}", perform(&mut guest, action.trim())).is_err();
        if gone || get(&action, "do") == "stop" {
            break;
        }
    }
    ExitCode::SUCCESS
}
