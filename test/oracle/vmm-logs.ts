/** Folders with a VMM's own logs, made by hand. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHostLog, readMadviseLog } from "../../oracle/linux/host/qemu-logs.ts";
import { readMeta } from "../../oracle/linux/capture/meta.ts";

export const MIB = 2 ** 20;

/** The first line of reports.jsonl, for 256 MiB from 0. */
export const REPORTS_HEADER = {
  format: "free-page-reports",
  version: 1,
  pageSize: 4096,
  memory: [{ gpa: 0, bytes: 256 * MIB }],
};
export const DISCARDS_HEADER = { format: "free-page-discards", version: 1 };

/** Calls `judge` with a folder that has these files, and removes it. */
export async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  judge: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "vmm-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await judge(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

export function jsonLines(...objects: readonly object[]): string {
  return objects.map((one) => `${JSON.stringify(one)}\n`).join("");
}

export interface VmmLogs {
  readonly reports: readonly { received: number; answered: number; ranges: readonly Bytes[] }[];
  readonly discards: readonly (Bytes & { started: number; ended: number; result: number })[];
}

interface Bytes {
  readonly gpa: number;
  readonly bytes: number;
}

/** What QEMU's two logs of a capture say, in the format for all VMMs. The host was never slower than one batch after another. */
export async function logsOfFixture(directory: string): Promise<VmmLogs> {
  const { timing } = await readMeta(join(directory, "meta.txt.gz"));
  const requests = timing?.reports ?? [];
  const { batches } = await readHostLog(join(directory, "host.log.gz"));
  const madvise = await readMadviseLog(join(directory, "madvise.log.gz"));
  const base = madvise[0].address - requests[0].ranges[0].start * 4096;
  return {
    reports: requests.map(({ ranges }, rank) => ({
      received: batches[rank].popped * 1000,
      answered: batches[rank].flushed * 1000,
      ranges: ranges.map(({ start, pages }) => ({ gpa: start * 4096, bytes: pages * 4096 })),
    })),
    discards: madvise.map(({ started, ended, address, bytes }) => ({
      started: started * 1000,
      ended: ended * 1000,
      gpa: address - base,
      bytes,
      result: 0,
    })),
  };
}
