/**
 * What every design fails that holds blocks for a moment: under the kernel's slow path nobody waits for them. A caller
 * tries a few times and is told that memory is out, however soon the host would have answered (seed 001).
 */
import type { Failure } from "./failure.ts";

/** The designs for which callers wait, under the other slow path. */
const HOLDING: readonly { readonly design: string; readonly variant: string }[] = [
  { design: "page-reporting", variant: "" },
  { design: "reported-boundary", variant: "" },
  { design: "bubble", variant: "" },
  { design: "treated-buddy", variant: "" },
  { design: "sync-hypercall", variant: "" },
  { design: "bitmap", variant: "v11" },
  { design: "bitmap", variant: "v10" },
  { design: "bitmap", variant: "v12" },
  { design: "get-put-hints", variant: "repaired" },
  { design: "incremental-array", variant: "put-back" },
];

export const KERNEL: readonly Failure[] = HOLDING.map(({ design, variant }) => ({
  id: `${[design, variant].filter((name) => name !== "").join("-")}-kernel-fake-oom`,
  design,
  variant,
  property: "fake-oom",
  what: "The kernel's slow path gives up while blocks are held: the watermark is tested as they are taken, if at all, not after.",
  source: "duyck-line.md E.5; seed 001",
  only: { words: "under the kernel's slow path", settings: { slowPath: "kernel" } },
}));
