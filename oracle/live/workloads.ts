/** What a guest does while it is recorded. The load itself is in guest/init, under the same names. */
import type { Device } from "./probes.ts";

export interface Workload {
  /** One clause for people. */
  readonly what: string;
  readonly device: Device;
  /** MiB of the guest's memory: what its load needs without running out of it. */
  readonly memory: number;
  /** Seconds of load. */
  readonly seconds: number;
  /** KiB of trace buffer for each CPU: it holds the whole recording. */
  readonly bufferKb: number;
  /** Microseconds before each discard, where nobody says otherwise: how long there is to allocate beside an open request. */
  readonly discardDelay: number;
  /** More words for the kernel's command line. */
  readonly bootWords: readonly string[];
}

const BALLOON = { device: "virtio_balloon", discardDelay: 0, bootWords: [] } as const;

export const WORKLOADS = {
  tiny: {
    ...BALLOON,
    what: "small maps on both CPUs, then a file that comes and goes",
    memory: 256,
    seconds: 1,
    bufferKb: 8192,
    discardDelay: 50,
  },
  stress: {
    ...BALLOON,
    what: "small, huge and fragmented memory at once, with compaction of everything",
    memory: 512,
    seconds: 8,
    bufferKb: 32_768,
  },
  thp: {
    ...BALLOON,
    what: "huge pages wanted in memory full of holes: direct compaction",
    memory: 512,
    seconds: 8,
    bufferKb: 32_768,
  },
  hotplug: {
    ...BALLOON,
    what: "blocks of memory go offline and come back under load",
    memory: 768,
    seconds: 8,
    bufferKb: 32_768,
    // Else kernel memory lies in every block, and none can go.
    bootWords: ["movablecore=384M"],
  },
  "slow-device": {
    device: "slow_device",
    discardDelay: 0,
    bootWords: [],
    what: "a device that answers late, while someone wants most of the memory",
    memory: 256,
    seconds: 0,
    bufferKb: 8192,
  },
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadId = keyof typeof WORKLOADS;

export const WORKLOAD_IDS: readonly WorkloadId[] = ["tiny", "stress", "thp", "hotplug", "slow-device"];
/** Milliseconds until the slow device answers, where nobody says otherwise. */
export const DEVICE_DELAY_MS = 6000;
