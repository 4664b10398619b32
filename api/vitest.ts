/**
 * A matcher for vitest: `import "free-page-reporting/vitest"` in a test or in a setup file, then
 * `expect(mySystem).toConform()`.
 */
import { expect } from "vitest";
import { InputError } from "../model/alphabet/index.ts";
import { tellConformance } from "../oracle/conform/tell.ts";
import type { System } from "../oracle/conform/system.ts";
import { judge } from "./assert.ts";
import type { ConformOptions } from "./conform.ts";

declare module "vitest" {
  // The type parameter must be called as vitest calls it.
  interface Matchers<T> {
    /**
     * Judges a system by random runs, as `conform` does. Fails with the story of the shortest run that breaks the contract.
     * Where the system does not keep to the protocol it fails with and without `.not`, since nothing was judged then.
     */
    toConform: (options?: ConformOptions) => void;
  }
}

expect.extend({
  toConform(received: unknown, options: ConformOptions = {}) {
    if (!isSystem(received)) {
      throw new InputError(
        {},
        "toConform() needs a system: an object with the methods start(geometry) and perform(action)",
      );
    }
    const conformance = judge(received, options);
    return { pass: conformance.verdict === "holds", message: () => tellConformance(conformance).join("\n") };
  },
});

function isSystem(value: unknown): value is System {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "start") === "function" &&
    typeof Reflect.get(value, "perform") === "function"
  );
}
