/** Rejections that teach: why events are refused, how it came, and what would have been legal. */
export { explainReading, explainRejection, type Reading } from "./explain.ts";
export type { Case } from "./locate.ts";
export type { Change, Heard, Link, PageRun, Reach, Rejection, Repair, Unit, Unknowns } from "./rejection.ts";
export { explainRun } from "./run.ts";
export { tellRejection } from "./tell.ts";
export type { Break } from "./witness.ts";
