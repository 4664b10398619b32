/** Folders for the files of a test. They are gone when its file's tests are over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new and empty one. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fpr-test-"));
  made.push(folder);
  return folder;
}
