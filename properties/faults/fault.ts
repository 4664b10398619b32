/**
 * A planted fault: the smallest override of one method of the implementation or the environment. The clean code has no
 * switch for it. The suite must find each; one that nobody finds is a hole in the suite.
 *
 * Every fault assigns one method of one instance. What was there before is bound first where the fault still needs it.
 */
import { InputError } from "../../model/alphabet/index.ts";
import type { ImplGuest } from "../../impl/guest.ts";
import type { Reporter } from "../../impl/reporter.ts";
import type { Environment } from "../drivers/environment.ts";
import type { PropertyId } from "../judges/properties.ts";

/** Where a fault is planted. */
export interface Site {
  readonly guest: ImplGuest;
  readonly environment: Environment;
}

export interface Fault {
  readonly id: string;
  /** What is done wrong, in one sentence. */
  readonly what: string;
  /** The history or the analysis that it comes from. */
  readonly source: string;
  /** The design on which it is hunted, and in which form; absent: its first. */
  readonly design: string;
  readonly variant?: string;
  /** The one of the ordinary scopes in which it is hunted, where others end in something else; absent: all. */
  readonly scope?: string;
  /** The property that is expected to find it. */
  readonly killer: PropertyId;
  /** Properties that find it first in some runs: it has more than one way to do harm. */
  readonly also?: readonly PropertyId[];
  /** True where nobody but the killer finds it: this fault is the reason why there is such a property. */
  readonly alone?: true;
  plant(site: Site): void;
}

/** What a fault is planted in: the reporter of a guest, as the class whose method is replaced. */
type Kind<Of extends Reporter> = abstract new (...parts: never[]) => Of;

/** @throws InputError where the guest runs another design */
export function worker<Of extends Reporter>({ reporter, design }: ImplGuest, kind: Kind<Of>): Of {
  if (reporter instanceof kind) return reporter;
  throw new InputError({ key: "fault" }, `this fault is planted in ${kind.name}, which ${design} is not`);
}
