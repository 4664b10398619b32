/**
 * Does an answer fit its action? `wire.md`, "The live protocol". What does not is a fault of the adapter: it says nothing about
 * reporting. An `ack` that was not asked for fits here: it breaks a rule (trial.ts).
 */
import { InputError, type AllocAction, type Event, type Order, type WireAction } from "../../model/alphabet/index.ts";
import { parseEvent } from "../../model/alphabet/schema.ts";
import { sayEvent } from "../../properties/drivers/story/words.ts";
import { AdapterFault, shown } from "./adapter-fault.ts";

const OWN_FIRST = "all that happened, in order, the action's own event first (`free`, `ack`, `unregistered`, …)";
const RULES = {
  alloc: 'one `alloc` or `alloc-failed` of that order; with `"wait":true` also `alloc-waits`',
  node: "`node` is preferred, not demanded, and the answer does not name it",
  free: "`free`, and what follows from it",
  ack: "`ack`, and what follows: releases, woken callers, perhaps the next request",
  hotplug: "the event, or none: refused for now",
  device: "the event; none where it is so already",
  discard: "`discard` is the driver's alone (from the program it is an answer that does not fit)",
  others: "The other side plays everyone else: the users of memory, the host, the administrator",
  ticket: "A ticket that nobody waits with, or that somebody waits with already, is an error",
  events: 'An answer is `{"events":[…]}`: all that happened, in order',
  reading: "An unknown `event` or `do`, a missing key, a wrong type, a number out of range or bad UTF-8 is an error",
} as const;

/** No event of the answer is the action's own. */
const NO_OWN = -1;

/** What does not fit: it becomes a fault where the action and the whole answer are known. */
class Misfit extends Error {
  readonly rule: string;

  constructor(problem: string, rule: string) {
    super(problem);
    this.rule = rule;
  }
}

export class Fit {
  /** Who waits, by ticket: the order that he asked for. */
  readonly #asleep = new Map<number, Order>();

  /** Nobody waits. */
  reset(): void {
    if (this.#asleep.size > 0) this.#asleep.clear();
  }

  /**
   * @param registered whether a device is there before the action
   * @throws AdapterFault where the answer does not fit; after that nothing more can be asked here
   */
  check(action: WireAction, answer: readonly Event[], registered: boolean): void {
    try {
      this.#check(action, answer, registered);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const [sent, came] = [shown(action), shown({ events: answer })];
      throw new AdapterFault({ problem: error.message, rule: error.rule, sent, came });
    }
  }

  #check(action: WireAction, answer: readonly Event[], registered: boolean): void {
    if (!Array.isArray(answer)) throw new Misfit(`the answer to "${action.do}" is ${noList(answer)}`, RULES.events);
    for (const event of answer) wellShaped(event);
    const own = ownOf(action, answer, registered);
    for (let at = 0; at < answer.length; at++) {
      const event = answer[at];
      if (at !== own) this.#follows(action, event);
      else if (event.event === "alloc-waits") this.#sleeps(event.ticket, event.order);
    }
  }

  #sleeps(ticket: number, order: Order): void {
    if (this.#asleep.has(ticket))
      throw new Misfit(`"alloc-waits" has ticket ${ticket}, with which somebody waits already`, RULES.ticket);
    this.#asleep.set(ticket, order);
  }

  /** What may come of any action. */
  #follows(action: WireAction, event: Event): void {
    switch (event.event) {
      case "isolate":
      case "submit":
      case "release":
      case "write":
      case "idle":
      case "ack":
        return;
      case "alloc":
      case "alloc-failed":
        return this.#wakes(action, event);
      case "discard":
        throw new Misfit(`the answer to "${action.do}" has a "discard"`, RULES.discard);
      default:
        throw new Misfit(`the answer to "${action.do}" has "${sayEvent(event)}", which nobody asked for`, RULES.others);
    }
  }

  #wakes(action: WireAction, event: Extract<Event, { event: "alloc" | "alloc-failed" }>): void {
    const { ticket, order } = event;
    if (ticket === undefined) {
      const more = action.do === "alloc" ? "one more answer to the caller" : "which nobody asked for";
      throw new Misfit(`the answer to "${action.do}" has "${sayEvent(event)}" without a ticket: ${more}`, RULES.others);
    }
    const wanted = this.#asleep.get(ticket);
    if (wanted === undefined)
      throw new Misfit(`"${event.event}" has ticket ${ticket}, with which nobody waits`, RULES.ticket);
    if (wanted !== order) {
      const problem = `"${event.event}" for the caller with ticket ${ticket} is of order ${order}; he waits for order ${wanted}`;
      throw new Misfit(problem, RULES.alloc);
    }
    this.#asleep.delete(ticket);
  }
}

function noList(answer: unknown): string {
  if (answer instanceof Promise) return "a promise, but `perform` answers at once";
  return answer === undefined ? "undefined, and no list of events" : "no list of events";
}

function wellShaped(event: Event): void {
  try {
    parseEvent(event);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new Misfit(`the answer has an event that can't be read: ${error.message}`, RULES.reading);
  }
}

/** The place of the action's own event, or NO_OWN where it has none. @throws Misfit where it should have one */
function ownOf(action: WireAction, answer: readonly Event[], registered: boolean): number {
  switch (action.do) {
    case "alloc":
      return ownOfAlloc(action, answer);
    case "free": {
      const [first] = answer;
      if (first?.event === "free" && first.pfn === action.pfn && first.order === action.order) return 0;
      return missing(action, answer, `"free" of pfn ${action.pfn}, order ${action.order}`, RULES.free);
    }
    case "ack": {
      const [first] = answer;
      if (first?.event === "ack" && first.request === action.request && first.ok === action.ok) return 0;
      return missing(action, answer, `"ack" of request ${action.request}, ok ${action.ok}`, RULES.ack);
    }
    case "offline":
    case "online": {
      const [first] = answer;
      if (first?.event !== action.do) return NO_OWN;
      if (first.start === action.start && first.pages === action.pages) return 0;
      return missing(action, answer, `"${action.do}" of ${action.pages} pages from ${action.start}`, RULES.hotplug);
    }
    case "unregister":
      return ownOfDevice(action, answer, "unregistered", registered);
    case "register":
      return ownOfDevice(action, answer, "registered", !registered);
    default:
      return NO_OWN;
  }
}

/** A balloon that deflates for this very caller gives back first. */
function ownOfAlloc(action: AllocAction, answer: readonly Event[]): number {
  let at = 0;
  while (answer[at]?.event === "release") at++;
  const own = answer[at];
  const waits = action.wait ? ', or "alloc-waits"' : ' ("wait" is false: he may not wait)';
  const expected = `"alloc" or "alloc-failed"${waits} of order ${action.order}`;
  const isAnswer = own?.event === "alloc" || own?.event === "alloc-failed";
  if (!isAnswer && !(action.wait && own?.event === "alloc-waits"))
    return missing(action, answer, expected, RULES.alloc);
  if (own.order !== action.order) return missing(action, answer, expected, RULES.alloc);
  if (own.event !== "alloc-waits" && own.ticket !== undefined)
    return missing(action, answer, `${expected}, and without a ticket: the caller does not wait yet`, RULES.alloc);
  if (own.event === "alloc-failed" && own.node !== undefined)
    throw new Misfit(`"alloc-failed" names node ${own.node}`, RULES.node);
  return at;
}

/** @param due whether the state changes: then the event must come, and otherwise it must not */
function ownOfDevice(
  action: WireAction,
  answer: readonly Event[],
  name: "registered" | "unregistered",
  due: boolean,
): number {
  const comes = answer[0]?.event === name;
  if (comes === due) return comes ? 0 : NO_OWN;
  if (due) return missing(action, answer, `"${name}"`, RULES.device);
  throw new Misfit(`the answer to "${action.do}" has "${name}", but it was so already`, RULES.device);
}

function missing(action: WireAction, answer: readonly Event[], expected: string, rule: string): never {
  const [first] = answer;
  const found = first === undefined ? "is empty" : `begins with "${sayEvent(first)}"`;
  throw new Misfit(`the answer to "${action.do}" ${found}; expected ${expected}`, `${rule}; ${OWN_FIRST}`);
}
