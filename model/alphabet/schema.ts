/**
 * Reading what stands in files and on the wire: `wire.md`, "Reading".
 *
 * Each `parse` function takes a value as `JSON.parse` gives it and answers with plain data of the alphabet's types, with
 * all defaults filled in and unknown keys left out. What does not fit is an InputError that names the place, the key,
 * what was found and what was expected.
 */
export { parseAnswer, parseStartAnswer, type Answer, type Refusal, type StartAnswer } from "./schema/answer.ts";
export { parseCounterexample, type CounterexampleFile, type FileSubject } from "./schema/counterexample.ts";
export { parseEvent } from "./schema/event.ts";
export { parseGeometry, unknownKeys } from "./schema/geometry.ts";
export { parseSettings } from "./schema/settings.ts";
export { parseStep } from "./schema/step.ts";
export { parseTraceHeader, UNSEEN_EVENTS, type TraceHeader } from "./schema/trace-header.ts";
