/** What there is to visit: the transitions of all small plans of a design, as complete explorations have met them. */
import { unpack } from "./text.ts";

/** What stands in a file. */
export interface KnownText {
  /** The plans explored. */
  readonly plans: number;
  readonly states: number;
  /** Packed (text.ts): labelled transitions. */
  readonly transitions: string;
  /** Packed: what events alone show of them. */
  readonly moments: string;
}

export interface Known {
  readonly plans: number;
  readonly states: number;
  readonly transitions: readonly string[];
  readonly moments: readonly string[];
}

export function known({ plans, states, transitions, moments }: KnownText): Known {
  return { plans, states, transitions: unpack(transitions), moments: unpack(moments) };
}
