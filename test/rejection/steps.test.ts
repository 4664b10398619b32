/** Stories of our own guests: what no event shows is repaired by other steps, and what events show by other events. */
import { describe, expect, it } from "vitest";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { execute } from "../../properties/drivers/run.ts";
import { tell, type Told } from "../../properties/drivers/story.ts";
import { enter } from "../../properties/subjects.ts";

function told(
  file: string,
): Told & { readonly breaksAfter: (steps: readonly Parameters<typeof tell>[1][number][]) => unknown } {
  const { subject, scope, steps } = readCounterexample(`test/counterexamples/${file}.json`);
  return {
    ...tell(() => enter(scope, subject, false), steps),
    breaksAfter: (changed) => execute(enter(scope, subject, false), changed).violation,
  };
}

/** What no event shows. */
const BY_STEPS: readonly (readonly [file: string, property: string, legalIf: string])[] = [
  ["bubble-compaction-slip", "slip", "step 7 (compact zone0 order 0 at 1 end head) came before step 6 (work)"],
  ["array-percpu-v9-split-missed", "missed", "step 2 (alloc order 0) came before step 1 (free of 0)"],
  ["array-seqlock-refcount-lost-write", "lost-write", "step 5 (scan zone0) came before step 4 (CPU 0 goes on)"],
  ["treated-buddy-hidden-rest", "rest", "step 6 (compact zone0 order 0 at 1 end head) came before step 4 (work)"],
  ["array-percpu-v9-V9-5-quiet", "quiet", "step 4 (freeze) came before step 3 (CPU 0 goes on)"],
];

describe("a story", () => {
  it.each(BY_STEPS)("of %s names other steps, with which nothing breaks", (file, property, legalIf) => {
    const { rejection, outcome, breaksAfter } = told(file);
    expect(outcome.violation?.property).toBe(property);
    expect(rejection?.repair).toBeUndefined();
    expect(rejection?.bySteps?.repair?.text).toBe(legalIf);
    expect(breaksAfter(rejection?.bySteps?.repair?.steps ?? [])).toBeUndefined();
  });

  it("says where two changes are needed", () => {
    const { rejection, breaksAfter } = told("sync-hypercall-G-1-free-lists");
    expect(rejection?.bySteps?.repair?.text).toBe(
      "step 4 (abort) came after step 7 (CPU 0 goes on), and step 3 (hotplug) came after step 7 (CPU 0 goes on)",
    );
    expect(breaksAfter(rejection?.bySteps?.repair?.steps ?? [])).toBeUndefined();
  });

  it("leaves a step out where no other change helps", () => {
    const { rejection, breaksAfter } = told("bubble-whole-free-lists");
    expect(rejection?.bySteps?.repair?.text).toBe("step 6 (hotplug) had not been taken");
    expect(breaksAfter(rejection?.bySteps?.repair?.steps ?? [])).toBeUndefined();
  });

  it("shows the pages before and after the step, and who holds them, where no event breaks the rule", () => {
    const { rejection, text } = told("bitmap-v10-BM-9-bounded-hold");
    expect(text).toContain(
      "  the pages   0 allocated | 1 free | 2-3 held by the reporter | 4-7 allocated | 8-15 free\n",
    );
    expect(text).toContain(
      "              after the step: 0 allocated | 1 free | 2-3 held by the reporter | 4-7 allocated | 8-11 held",
    );
    expect(rejection?.chain.map(({ at, event }) => [at, event.event])).toEqual([
      [9, "isolate"],
      [11, "isolate"],
    ]);
  });

  it("shows no pages where a rule that does not count was broken before: nobody knows who has them", () => {
    const { rejection } = told("get-put-hints-chunk-migrated");
    expect(rejection?.pages).toEqual({
      untold: "not known: step 4 breaks exclusion, which does not count here",
      before: [],
      touched: [],
      after: [],
    });
    expect(rejection?.chain.map(({ event }) => event.event)).toEqual(["submit", "alloc", "ack"]);
  });

  it("numbers what healing did on from the steps", () => {
    const { rejection, text } = told("array-percpu-v9-V9-3-rest");
    expect(text).toContain("     the users rest and the host answers everything:\n  9  host    discard request 1");
    expect(rejection?.pages.before.find(({ owner }) => owner === "held")).toMatchObject({ start: 0, pages: 2 });
    expect(rejection?.chain.at(0)).toMatchObject({ at: 2, event: { event: "isolate", pfn: 0 } });
  });

  it.each(["array-percpu-v8-isolate-exclusion", "free-page-hint-FPH-9-exclusion"])(
    "of %s is told alike by the verdict and by the rejection: both count steps",
    (file) => {
      const { rejection, outcome } = told(file);
      expect(rejection?.explanation).toMatch(/submitted at step \d/);
      expect(outcome.violation?.explanation).toBe(rejection?.explanation);
    },
  );

  it("says honestly that nothing was found, and how much was tried", () => {
    const { rejection, text } = told("bitmap-v12-BM-11-missed");
    expect(rejection?.bySteps).toEqual({ tried: 408 });
    expect(text).toContain(
      "  repair      no change of the steps that we tried makes it legal (408 runs, by one and by two)",
    );
  });

  it("is told in this order: the rule, what broke, the pages, how it came, the repair, what was inevitable", () => {
    const { text, rejection } = told("array-percpu-v8-isolate-exclusion");
    const labels = text
      .split("\n")
      .flatMap((line) => /^ {2}(the rule|what broke|the pages|history|repair|or|inevitable) /.exec(line)?.[1] ?? []);
    expect(labels.filter((label) => label !== "or")).toEqual([
      "the rule",
      "what broke",
      "the pages",
      "history",
      "repair",
      "inevitable",
    ]);
    expect(rejection?.chain.map(({ event }) => event.event)).toEqual(["isolate", "submit"]);
    expect(rejection?.repair?.text).toBe(
      "request 1 had been acked and page 0 had been given back (release) as reported before step 8",
    );
  });

  it("tells what healing did, where that broke it", () => {
    const { rejection, outcome } = told("page-reporting-L5-cached");
    expect(outcome.violation?.property).toBe("completeness");
    expect(rejection?.event).toEqual({ event: "idle" });
    expect(rejection?.repair?.text).toBe("pages 8-11 had been reported before step 9");
  });
});
