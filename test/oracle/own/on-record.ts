/** What our own designs break through the live protocol, and which failure on record that is. */
import type { Failure } from "../../../properties/findings/failure.ts";
import { FAILURES } from "../../../properties/findings/index.ts";
import { isOf, recordOf } from "../../../properties/findings/refind.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { Form } from "./form.ts";

/** Whom it is about, what the protocol calls it, and the failure as it is on record. */
type Retold = Pick<Form, "design" | "variant"> & { readonly property: string; readonly record: string };

/** Failures that events alone tell otherwise than judges do who look inside. */
const RETOLD: readonly Retold[] = [
  // A scan that never moves on holds a block: whoever sees no view takes it for idle.
  { design: "bitmap", variant: "v11", property: "stranded", record: "bitmap-v11-BM-8-rest" },
  { design: "bitmap", variant: "v10", property: "stranded", record: "bitmap-v10-BM-8-rest" },
  // What is submitted in place is told as isolated first, and an owner's page can't be.
  { design: "array-seqlock", variant: "", property: "ownership", record: "array-seqlock-refcount" },
];

/** The failure on record that a violation is, or undefined: nobody knew of it. */
export function recordOnWire(form: Form, violation: Violation): Failure | undefined {
  const { design, variant, settings } = form;
  const retold = RETOLD.find(
    (one) => one.design === design && one.variant === variant && one.property === violation.property,
  );
  if (retold !== undefined) return FAILURES.find(({ id }) => id === retold.record);
  const slow = FAILURES.find(
    (one) =>
      one.design === design &&
      one.variant === variant &&
      one.only?.settings?.slowPath !== undefined &&
      one.only.settings.slowPath === settings?.slowPath &&
      isOf(one, violation),
  );
  return slow ?? recordOf(design, variant, violation);
}

/** The failure on record by which a guest stops for good: a program ends there, and nothing was judged. */
export function stopOnRecord({ design, variant }: Form, problem: string): Failure | undefined {
  if (!problem.includes("the guest has stopped")) return undefined;
  return FAILURES.find((one) => one.design === design && one.variant === variant && one.property === "alive");
}
