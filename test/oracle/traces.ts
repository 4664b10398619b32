/** Traces as files, for tests. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../model/alphabet/index.ts";
import { scratchFolder } from "../scratch-folder.ts";

/** The first line: 32 pages, the largest block and the smallest one to report of 8 and 4 pages. */
export function header(more: object = {}): string {
  const geometry = { maxOrder: 3, pageblockOrder: 2, reportOrder: 2, capacity: 2, zones: [{ start: 0, pages: 32 }] };
  return JSON.stringify({ format: "free-page-trace", version: 1, geometry, ...more });
}

export function lines(events: readonly Event[], more: object = {}): string[] {
  return [header(more), ...events.map((event) => JSON.stringify(event))];
}

/** A folder for one test file's traces. */
export class Folder {
  private readonly path = scratchFolder();

  /** Writes a file and answers with its path. */
  file(content: string | Uint8Array, name = "trace.jsonl"): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }
}
