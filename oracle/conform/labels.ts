/**
 * Situations that a campaign should have met before its green means much, told from actions and events alone. The contract and
 * everyone are as they were before the event.
 */
import { pagesOf, type Event, type WireAction, type WireActionName } from "../../model/alphabet/index.ts";
import type { Contract } from "../../properties/judges/contract.ts";
import type { Everyone } from "./everyone.ts";

/** What is known before an event. */
export interface Before {
  readonly contract: Contract;
  readonly everyone: Everyone;
  /** True once the host refused a request in this run. */
  readonly refused: boolean;
}

interface LabelOf<About extends Event | WireAction> {
  readonly name: string;
  /** What the system must do for it, beyond what every system does. */
  readonly needs?: WireActionName;
  met(about: About, before: Before): boolean;
}

/** A label of events, by the name of the event that meets it. */
type EventLabels = { readonly [Name in Event["event"]]?: readonly LabelOf<Extract<Event, { event: Name }>>[] };
/** A label of actions, by the name of the action that meets it. */
type ActionLabels = { readonly [Name in WireActionName]?: readonly LabelOf<Extract<WireAction, { do: Name }>>[] };

const isOpen = (_: unknown, { everyone }: Before): boolean => everyone.requests.length > 0;
const isHeld = (_: unknown, { everyone }: Before): boolean => everyone.held > 0;

export const EVENT_LABELS: EventLabels = {
  alloc: [
    { name: "allocated while a request was open", met: isOpen },
    { name: "a reported block was allocated", met: ({ pfn }, { contract }) => contract.knows.marked(pfn) },
    { name: "a caller waited and was woken", met: ({ ticket }) => ticket !== undefined },
  ],
  "alloc-failed": [
    {
      name: "a caller was told to try again",
      met: ({ reason }) => reason === "would-block",
    },
    { name: "a caller got nothing while pages were held", met: isHeld },
    { name: "memory was out, and nothing was held", met: (_, { everyone }) => everyone.held === 0 },
  ],
  free: [
    {
      name: "freed beside pages in flight",
      met: ({ pfn, order }, { everyone }) =>
        everyone.requests.some(({ ranges }) =>
          ranges.some((range) => range.pfn === pfn + pagesOf(order) || range.pfn + pagesOf(range.order) === pfn),
        ),
    },
  ],
  submit: [
    { name: "two requests were open", met: isOpen },
    {
      name: "a full request",
      met: ({ ranges }, { everyone }) => ranges.length > 1 && ranges.length === everyone.geometry.capacity,
    },
  ],
  ack: [
    { name: "the host refused", met: ({ ok }) => !ok },
    { name: "the host took a request after it had refused one", met: ({ ok }, { refused }) => ok && refused },
    {
      name: "answered out of order",
      met: ({ request }, { everyone }) => everyone.requests.length > 1 && everyone.requests[0].request !== request,
    },
    {
      name: "answered while no device was registered",
      needs: "unregister",
      met: (_, { everyone }) => !everyone.registered,
    },
  ],
  release: [
    { name: "a block came back as reported", met: ({ reported }) => reported },
    { name: "a block came back unreported", met: ({ reported }) => !reported },
  ],
  offline: [
    {
      name: "reported pages went offline",
      needs: "offline",
      met: ({ start }, { contract }) => contract.knows.marked(start),
    },
    { name: "pages went offline while a request was open", needs: "offline", met: isOpen },
  ],
  online: [{ name: "pages came online", needs: "online", met: () => true }],
  unregistered: [{ name: "the device went away with a request open", needs: "unregister", met: isOpen }],
};

export const ACTION_LABELS: ActionLabels = {
  compact: [{ name: "free lists were reworked while pages were held", needs: "compact", met: isHeld }],
  pressure: [{ name: "memory was tight while pages were held", needs: "pressure", met: isHeld }],
  balloon: [
    {
      name: "the balloon's target fell",
      needs: "balloon",
      met: ({ pages }, { everyone }) => pages < everyone.balloonTarget,
    },
  ],
  hint: [
    {
      name: "hints were called off with a request open",
      needs: "hint",
      met: ({ command }, { everyone }) => command !== "start" && everyone.requests.length > 0,
    },
  ],
};

/** The labels that a system which does this can meet. */
export function reachable(does: readonly WireActionName[]): string[] {
  const all = [...Object.values(EVENT_LABELS).flat(), ...Object.values(ACTION_LABELS).flat()];
  return all.filter(({ needs }) => needs === undefined || does.includes(needs)).map(({ name }) => name);
}
