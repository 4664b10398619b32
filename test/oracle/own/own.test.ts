/**
 * Our own designs through the live protocol: no false alarm, in this process and behind a pipe; and planted faults are heard.
 * The long form of it, millions of actions, is bench/conform-own.ts.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { designOf } from "../../../model/designs/index.ts";
import { conform } from "../../../oracle/conform/conform.ts";
import type { Conformance } from "../../../oracle/conform/conformance.ts";
import { conformProgram } from "../../../oracle/process/conform-program.ts";
import { faultOf } from "../../../properties/faults/index.ts";
import { FORMS, type Form } from "./form.ts";
import { GuestSystem } from "./guest-system.ts";
import { recordOnWire } from "./on-record.ts";

const SEED = 1;
/** About three thousand actions. */
const RUNS = 50;

/** What each breaks within that; the others hold. */
const BREAKS: Readonly<Record<string, string>> = {
  "balloon shrinker": "balloon-shrinker-fake-oom",
  "balloon plain": "balloon-plain-fake-oom",
  "free-page-hint plain": "free-page-hint-fake-oom",
  "free-page-hint wait-on-ack": "free-page-hint-wait-on-ack-fake-oom",
  "incremental-array parked": "incremental-array-parked-fake-oom",
  "array-seqlock ": "array-seqlock-refcount",
  "array-percpu v8": "array-percpu-v8-fake-oom",
  "array-percpu v9": "array-percpu-v9-fake-oom",
  "bitmap v11": "bitmap-v11-BM-8-rest",
  "bitmap v10": "bitmap-v10-BM-8-rest",
  "get-put-hints as-written": "get-put-hints-XB-1-exclusion",
  "get-put-hints migration": "get-put-hints-migration-XB-2-exclusion",
};

function judged(form: Form, runs = RUNS): Conformance {
  const fresh = (): GuestSystem => new GuestSystem(form);
  return conform(fresh(), { runs, seed: SEED, fresh });
}

describe.each(FORMS)("$design $variant", ({ design, variant }) => {
  const form: Form = { design, variant, system: "impl" };
  const told = judged(form);

  test("breaks nothing that is not on record", () => {
    const { found } = told;
    expect(found && recordOnWire(form, found.violation)?.id).toBe(BREAKS[`${design} ${variant}`]);
    expect(found?.repeats ?? true).toBe(true);
    if (found === undefined) expect(told.actions).toBeGreaterThan(2000);
  });

  test("the model tells the same: every event, every situation, the same story", () => {
    const model = JSON.stringify(judged({ ...form, system: "model" })).replaceAll("(model)", "(impl)");
    expect(JSON.parse(model)).toEqual(JSON.parse(JSON.stringify(told)));
  });
});

/** Of designs that hold: the fault, and the properties by which it is heard. */
test.each([
  ["out-of-memory-while-held", ["fake-oom"]],
  ["only-the-first-sleeper-woken", ["stranded"]],
  ["submitted-twice", ["exclusion"]],
  ["hints-put-before-the-answer", ["exclusion"]],
  ["offline-takes-pages-in-flight", ["exclusion"]],
  ["range-named-twice", ["well-formed"]],
  ["bitmap-order-not-asked", ["well-formed"]],
  ["taken-in-silence", ["ownership"]],
  ["marked-although-refused", ["truthful-mark"]],
  ["treated-not-waited-for", ["exclusion", "truthful-mark"]],
  ["hypercall-without-a-device", ["quiet"]],
])("%s is heard through the protocol, in a few steps", (fault, properties) => {
  const { design, variant: named } = faultOf(fault);
  const { variant } = designOf(design, named);
  const { found } = judged({ design, variant, system: "impl", fault }, 2 * RUNS);
  expect(properties).toContain(found?.violation.property);
  expect(found?.steps.length).toBeLessThanOrEqual(8);
});

const serve = join(import.meta.dirname, "serve.ts");

test.each<[Form, Conformance["verdict"]]>([
  [{ design: "reported-boundary", variant: "", system: "impl" }, "holds"],
  [{ design: "page-reporting", variant: "", system: "impl", settings: { slowPath: "kernel" } }, "violates"],
])("behind a pipe it is judged as in this process: $design", async (form, verdict) => {
  const runs = 33;
  const command = [process.execPath, "--import", "tsx", serve, JSON.stringify(form)];
  const { conformance } = await conformProgram(command, { runs, seed: SEED });
  expect(conformance).toEqual(judged(form, runs));
  expect(conformance.verdict).toBe(verdict);
  const record = conformance.found && recordOnWire(form, conformance.found.violation);
  expect(record?.id).toBe(verdict === "holds" ? undefined : "page-reporting-kernel-fake-oom");
});
