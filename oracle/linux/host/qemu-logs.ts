/**
 * What the host dropped: `madvise.log`, which has every call of the process itself, or else the lines of `host.log`, which
 * are what QEMU believes it did.
 *
 * **Where.** Guest memory is one mapping of the host process, so a host address minus a constant is the guest's. The
 * constant is that on which most discards agree with the requests, joined by rank.
 *
 * **When.** Guest and host have clocks of their own. A request that was submitted at s and acked at a (guest), and
 * popped at p and flushed at f (host), bounds the offset between them: p - s at most, f - a at least. The offset that
 * most of these intervals share is taken (with host.log from QEMU's pop and flush, else from the discards themselves), and
 * a discard that fits in no request's window for any offset in it was made outside. Source: `linux-guest.md` 4.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import { microseconds } from "../capture/timing.ts";
import { forEachLine } from "../capture/text.ts";

/** One call that dropped memory, in microseconds and bytes of the host. */
export interface HostDiscard {
  /** The log that says so. */
  readonly log: string;
  readonly line: number;
  readonly started: number;
  readonly ended: number;
  readonly address: number;
  readonly bytes: number;
}

/** QEMU's work on one request. */
export interface HostBatch {
  readonly popped: number;
  readonly flushed: number;
  readonly entries: number;
}

export const MADVISE_LOG = "madvise.log";
export const HOST_LOG = "host.log";

const MADVISE = /^(\d+\.\d+) (\d+\.\d+) 0x([0-9a-f]+) ([0-9a-f]+) (-?\d+)$/;
const HOST = /^\d+@(\d+\.\d+):(\w+) (.*)$/;
const DISCARD = /^\S+@0x([0-9a-f]+) \+ 0x([0-9a-f]+): madvise: \d+ fallocate: \d+ ret: (-?\d+)$/;
const POP = /^vq (0x[0-9a-f]+) elem 0x[0-9a-f]+ in_num (\d+) out_num \d+$/;

/** @returns the calls that succeeded, by time. @throws InputError for a line that is none */
export async function readMadviseLog(path: string): Promise<HostDiscard[]> {
  const discards: HostDiscard[] = [];
  await forEachLine(path, (text, line) => {
    if (text === "") return;
    const found = MADVISE.exec(text);
    if (found === null)
      throw new InputError(
        { file: path, line },
        `found "${text.slice(0, 60)}", expected start, end, address, length, result`,
      );
    if (found[5] !== "0") return;
    const [started, ended] = [microseconds(found[1]), microseconds(found[2])];
    if (ended < started)
      throw new InputError(
        { file: path, line },
        `found an end ${found[2]} before the start ${found[1]}: time runs forwards`,
      );
    discards.push({ log: MADVISE_LOG, line, started, ended, ...span(found[3], found[4]) });
  });
  return discards.sort((a, b) => a.started - b.started);
}

/** @returns the discards that succeeded, and QEMU's pops and flushes around them, by time. @throws InputError */
export async function readHostLog(path: string): Promise<{ discards: HostDiscard[]; batches: HostBatch[] }> {
  const discards: HostDiscard[] = [];
  const batches: HostBatch[] = [];
  let popped: { vq: string; time: number; entries: number } | undefined;
  let working = false;
  await forEachLine(path, (text, line) => {
    if (text === "") return;
    const found = HOST.exec(text);
    if (found === null)
      throw new InputError({ file: path, line }, `found "${text.slice(0, 60)}", expected QEMU's "pid@seconds:event …"`);
    const time = microseconds(found[1]);
    if (found[2] === "virtqueue_pop") {
      const pop = POP.exec(found[3]);
      if (!working && pop !== null) popped = { vq: pop[1], time, entries: Number(pop[2]) };
    } else if (found[2] === "virtqueue_flush") {
      if (!working || popped === undefined || !found[3].startsWith(`vq ${popped.vq} `)) return;
      batches.push({ popped: popped.time, flushed: time, entries: popped.entries });
      working = false;
    } else if (found[2] === "ram_block_discard_range") {
      const discard = DISCARD.exec(found[3]);
      if (discard === null)
        throw new InputError(
          { file: path, line },
          `found "${text.slice(0, 60)}", expected a block, its address and length, and a result`,
        );
      working = true;
      if (discard[3] === "0")
        discards.push({ log: HOST_LOG, line, started: time, ended: time, ...span(discard[1], discard[2]) });
    }
  });
  return { discards: discards.sort((a, b) => a.started - b.started), batches };
}

function span(address: string, bytes: string): { address: number; bytes: number } {
  return { address: Number(`0x${address}`), bytes: Number(`0x${bytes}`) };
}
