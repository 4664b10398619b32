/**
 * The schema of `event.ts` once more, by hand and many times faster, for events that are as they should be. It never
 * says what is wrong: what it refuses, the schema looks at. A test compares both on generated events.
 */
import type { Event } from "../event.ts";
import { MIGRATETYPES } from "../units.ts";

interface Json {
  readonly [key: string]: unknown;
}

const migratetypes: ReadonlySet<unknown> = new Set(MIGRATETYPES);

/** True for an event that is wholly as it should be; keys that it does not need are ignored. */
export function isEvent(value: unknown): value is Event {
  if (!isObject(value)) return false;
  if (value["time"] !== undefined && !Number.isFinite(value["time"])) return false;
  if (value["cpu"] !== undefined && !isCount(value["cpu"])) return false;
  return hasItsKeys(value);
}

function hasItsKeys(value: Json): boolean {
  switch (value["event"]) {
    case "alloc":
      return isBlock(value) && isMaybeMigratetype(value["migratetype"]) && isMaybeCount(value["ticket"]);
    case "free":
    case "write":
    case "isolate":
      return isBlock(value);
    case "submit":
      return isCount(value["request"]) && isBlocks(value["ranges"]);
    case "discard":
      return isCount(value["request"]) && isBlock(value);
    case "ack":
      return isCount(value["request"]) && typeof value["ok"] === "boolean";
    case "release":
      return isBlock(value) && typeof value["reported"] === "boolean";
    case "alloc-failed":
      return isFailure(value);
    case "alloc-waits":
      return isOrder(value["order"]) && isCount(value["ticket"]);
    case "offline":
    case "online":
      return isCount(value["start"]) && isCount(value["pages"]);
    case "unregistered":
    case "registered":
    case "idle":
      return true;
    default:
      return false;
  }
}

function isFailure(value: Json): boolean {
  const reason = value["reason"];
  return (
    isOrder(value["order"]) &&
    isMaybeMigratetype(value["migratetype"]) &&
    isMaybeCount(value["node"]) &&
    (reason === undefined || reason === "no-memory" || reason === "would-block") &&
    isMaybeCount(value["ticket"])
  );
}

function isBlocks(value: unknown): boolean {
  return Array.isArray(value) && value.every((range: unknown) => isObject(range) && isBlock(range));
}

function isBlock(value: Json): boolean {
  return isCount(value["pfn"]) && isOrder(value["order"]);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

/** Page frame numbers, too: 0 to 2^53 - 1. */
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isOrder(value: unknown): boolean {
  return isCount(value) && Number(value) <= 63;
}

function isMaybeMigratetype(migratetype: unknown): boolean {
  return migratetype === undefined || migratetypes.has(migratetype);
}

function isMaybeCount(value: unknown): boolean {
  return value === undefined || isCount(value);
}
