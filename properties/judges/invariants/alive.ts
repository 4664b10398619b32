/** `alive`: the guest goes on. One that stopped for good is asked nothing else. */
import type { View } from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken } from "./explain.ts";

/** The violation where the guest has stopped for good. */
export function died(view: View): Violation | undefined {
  const reason = view.stopped();
  return reason === "" ? undefined : broken("alive", `the guest stopped for good: ${reason}`);
}
