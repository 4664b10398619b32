/**
 * Every failure that is on record: a row each, with its file in test/counterexamples/. The designs that fail are
 * findings; each must be found again, unaided, and its story fits in a few steps.
 */
import { DUYCK } from "./duyck.ts";
import type { Failure } from "./failure.ts";
import { HOST_DRIVEN } from "./host-driven.ts";
import { KERNEL } from "./kernel.ts";
import { NITESH } from "./nitesh.ts";

export const FAILURES: readonly Failure[] = [...HOST_DRIVEN, ...NITESH, ...DUYCK, ...KERNEL];
