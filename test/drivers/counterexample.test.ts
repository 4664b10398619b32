/** Files of counterexamples: none is written over by another. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { keepCounterexample } from "../../properties/drivers/counterexample.ts";
import { SCOPES } from "../../properties/drivers/scopes.ts";
import { scratchFolder } from "../scratch-folder.ts";

test("another story of the same name gets a file of its own, the same one does not", () => {
  const folder = scratchFolder();
  const [scope] = SCOPES;
  const keep = (explanation: string): string =>
    basename(
      keepCounterexample(
        folder,
        "adapter-exclusion",
        { command: ["./adapter"] },
        {
          scope,
          steps: [{ do: "work" }],
          violation: { property: "exclusion", explanation },
          at: 0,
        },
      ),
    );
  expect(keep("one")).toBe("adapter-exclusion.json");
  expect(keep("other")).toBe("adapter-exclusion-2.json");
  expect(keep("third")).toBe("adapter-exclusion-3.json");
  expect(keep("other")).toBe("adapter-exclusion-2.json");
  expect(readdirSync(folder)).toHaveLength(3);
  expect(readFileSync(`${folder}/adapter-exclusion.json`, "utf8")).toContain('"explanation":"one"');
});
