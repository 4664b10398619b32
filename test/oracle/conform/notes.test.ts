import { describe, expect, it } from "vitest";
import type { AllocAction, Geometry, WireAction } from "../../../model/alphabet/index.ts";
import { conform } from "../../../oracle/conform/conform.ts";
import { notesOn } from "../../../oracle/conform/notes.ts";
import type { Ready } from "../../../oracle/conform/system.ts";
import { tellConformance } from "../../../oracle/conform/tell.ts";
import { SmallAllocator } from "./small-allocator.ts";

/** What is told of a system that breaks no rule: its first line, and the notes. */
function told(system: SmallAllocator): { readonly headline: string; readonly notes: string } {
  const conformance = conform(system, { runs: 60, seed: 1 });
  expect(conformance.verdict).toBe("holds");
  return { headline: tellConformance(conformance)[0], notes: notesOn(conformance).join("; ") };
}

/** It lists no more than it must, and claims nothing. */
class Plain extends SmallAllocator {
  override start(geometry: Geometry): Ready {
    const { name } = super.start(geometry);
    return { name, does: ["alloc", "free", "work", "ack"] };
  }
}

describe("a system that breaks no rule is told about", () => {
  it("with no notes where all is as one would expect", () => {
    expect(told(new SmallAllocator())).toEqual({ headline: expect.stringContaining(" holds: 60 runs"), notes: "" });
  });

  it("where it reports nothing: first of all", () => {
    class NeverReports extends Plain {
      protected override work(): void {}
    }
    const { headline, notes } = told(new NeverReports());
    expect(headline).toContain(" breaks no rule, but reports nothing: 60 runs");
    expect(notes).toBe("nothing was submitted in 60 runs: of reporting nothing was put to the test");
  });

  it("where it refuses everybody, whatever is free", () => {
    class Miser extends Plain {
      protected override alloc({ order }: AllocAction): void {
        this.told.push({ event: "alloc-failed", order, reason: "would-block" });
      }
    }
    const { notes } = told(new Miser());
    expect(notes).toMatch(/none of [\d,]+ callers got a block/u);
    expect(notes).toMatch(/asked a machine that was wholly free: does "start" make a new and empty one\?/u);
    expect(notes).toMatch(/callers were told to try again \(would-block\) while nothing was held/u);
  });

  it("where it refuses some for whom there is a block", () => {
    class Choosy extends Plain {
      protected override alloc(action: AllocAction): void {
        if (action.cpu === 0) super.alloc(action);
        else this.told.push({ event: "alloc-failed", order: action.order, reason: "would-block" });
      }
    }
    expect(told(new Choosy()).notes).toMatch(/callers got nothing though a free block would have done/u);
  });

  it("where it lists what it always refuses", () => {
    class Fixed extends SmallAllocator {
      protected override take(action: WireAction): void {
        if (action.do !== "offline") super.take(action);
      }
    }
    expect(told(new Fixed()).notes).toMatch(/"offline" is listed, but was refused all [\d,]+ times/u);
  });
});
