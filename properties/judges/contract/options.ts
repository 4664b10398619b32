/** What a contract is given, and what it counts beside its verdict. */

export interface ContractOptions {
  /** `free`: every present page is free and not reported; `unknown`: the recording starts in the middle. */
  readonly start?: "free" | "unknown";
  /** The events that the recorder cannot see. */
  readonly unseen?: readonly string[];
  /** The properties claimed beyond those that are always checked: `completeness`. */
  readonly claims?: readonly string[];
  /** True: submitted pages stay on the free lists, so nobody is refused memory because of them. Default: false. */
  readonly inPlace?: boolean;
  /** What the numbers in explanations count. Default: events, from 1. */
  readonly unit?: "event" | "line" | "step";
}

/** What was seen, and what no rule forbids but a person wants to know. */
export interface ContractCounts {
  events: number;
  /** Callers told that memory is out. */
  failedNoMemory: number;
  /** Callers that could not sleep and were told to try again. */
  failedWouldBlock: number;
  /** Of both: failures while memory was free (or unknown). */
  failedWithFreeMemory: number;
}
