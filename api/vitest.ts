/**
 * A matcher for vitest: `import "free-page-reporting/vitest"` in a test or in a setup file, then
 * `expect(mySystem).toConform()`.
 */
import { expect } from "vitest";
import { tellConformance } from "../oracle/conform/tell.ts";
import type { System } from "../oracle/conform/system.ts";
import { judge } from "./assert.ts";
import type { ConformOptions } from "./conform.ts";

declare global {
  // Not vitest's own `Matchers`: from version to version that has other type parameters, and all declarations of an interface
  // must have the same. All that chai's assertions have, vitest's have.
  namespace Chai {
    interface Assertion {
      /**
       * Judges a system by random runs, as `conform` does. Fails with the story of the shortest run that breaks the contract.
       * Where the system does not keep to the protocol it fails with and without `.not`, since nothing was judged then.
       */
      toConform: (options?: ConformOptions) => void;
    }
  }
}

function toConform(received: System, options?: ConformOptions): { pass: boolean; message: () => string } {
  const conformance = judge(received, options, toConform);
  return { pass: conformance.verdict === "holds", message: () => tellConformance(conformance).join("\n") };
}

expect.extend({ toConform });
