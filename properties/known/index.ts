/** By design and variant. Written by bench/known.ts. */
import type { Known } from "./known.ts";
import { none } from "./forms/none.ts";
import { balloonOom } from "./forms/balloon-oom.ts";
import { balloonShrinker } from "./forms/balloon-shrinker.ts";
import { balloonPlain } from "./forms/balloon-plain.ts";
import { freePageHintPlain } from "./forms/free-page-hint-plain.ts";
import { freePageHintWaitOnAck } from "./forms/free-page-hint-wait-on-ack.ts";
import { incrementalArrayParked } from "./forms/incremental-array-parked.ts";
import { incrementalArrayPutBack } from "./forms/incremental-array-put-back.ts";
import { arraySeqlock } from "./forms/array-seqlock.ts";
import { arrayPercpuV8 } from "./forms/array-percpu-v8.ts";
import { arrayPercpuV9 } from "./forms/array-percpu-v9.ts";
import { syncHypercall } from "./forms/sync-hypercall.ts";
import { treatedBuddy } from "./forms/treated-buddy.ts";
import { bubble } from "./forms/bubble.ts";
import { bitmapV11 } from "./forms/bitmap-v11.ts";
import { bitmapV10 } from "./forms/bitmap-v10.ts";
import { bitmapV12 } from "./forms/bitmap-v12.ts";
import { getPutHintsAsWritten } from "./forms/get-put-hints-as-written.ts";
import { getPutHintsRepaired } from "./forms/get-put-hints-repaired.ts";
import { getPutHintsMigration } from "./forms/get-put-hints-migration.ts";
import { reportedBoundary } from "./forms/reported-boundary.ts";
import { pageReporting } from "./forms/page-reporting.ts";

export const KNOWN: ReadonlyMap<string, Known> = new Map([
  ["none", none],
  ["balloon:oom", balloonOom],
  ["balloon:shrinker", balloonShrinker],
  ["balloon:plain", balloonPlain],
  ["free-page-hint:plain", freePageHintPlain],
  ["free-page-hint:wait-on-ack", freePageHintWaitOnAck],
  ["incremental-array:parked", incrementalArrayParked],
  ["incremental-array:put-back", incrementalArrayPutBack],
  ["array-seqlock", arraySeqlock],
  ["array-percpu:v8", arrayPercpuV8],
  ["array-percpu:v9", arrayPercpuV9],
  ["sync-hypercall", syncHypercall],
  ["treated-buddy", treatedBuddy],
  ["bubble", bubble],
  ["bitmap:v11", bitmapV11],
  ["bitmap:v10", bitmapV10],
  ["bitmap:v12", bitmapV12],
  ["get-put-hints:as-written", getPutHintsAsWritten],
  ["get-put-hints:repaired", getPutHintsRepaired],
  ["get-put-hints:migration", getPutHintsMigration],
  ["reported-boundary", reportedBoundary],
  ["page-reporting", pageReporting],
]);
