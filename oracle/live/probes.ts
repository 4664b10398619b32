/**
 * The kernel probes of a recording, as lines for ftrace's `dynamic_events`. Two more groups have places that only the
 * running kernel knows (the drain, whose name gcc may change, and the calls of __free_one_page): init adds them.
 * Source: `linux-guest.md` 3.
 */
import { CAPACITY } from "../linux/capture/machine.ts";

/** sizeof(struct scatterlist), and where the length stands in it. */
const ENTRY_BYTES = 32;
const LENGTH_AT = 12;

/** The function that a reporting device registers: what the kernel hands requests to. `module:function`. */
export const REPORT_FUNCTION = {
  virtio_balloon: "virtio_balloon:virtballoon_free_page_report",
  slow_device: "slow_device:slow_device_report",
} as const;

export type Device = keyof typeof REPORT_FUNCTION;

export interface Probe {
  /** Without it the recording can't be judged. */
  readonly needed: boolean;
  readonly line: string;
}

/** All probes for a guest with this device. A module's function may be named before the module is loaded. */
export function probesFor(device: Device): readonly Probe[] {
  const report = REPORT_FUNCTION[device];
  return [
    needed(`p:fpr/report ${report} nents=%dx:u32 vmemmap=@vmemmap_base:x64 ${entries()}`),
    needed(`r:fpr/report_ret ${report} ret=$retval:s32`),
    needed("p:fpr/iso __isolate_free_page page=%di:x64 order=%si:u32"),
    needed("r:fpr/iso_ret __isolate_free_page ret=$retval:s32"),
    needed("p:fpr/process page_reporting_process order=@page_reporting_order:u32"),
    needed("r:fpr/process_ret page_reporting_process"),
    // struct oom_control: nodemask +8, memcg +16, gfp_mask +24, order +28, constraint +56.
    needed(
      "p:fpr/oom oom_kill_process gfp=+24(%di):x32 order=+28(%di):s32 memcg=+16(%di):x64 nodemask=+8(%di):x64 constraint=+56(%di):u32",
    ),
    // A kernel without memory hotplug has none of these.
    optional("p:fpr/offline_iso __offline_isolated_pages start=%di:x64 end=%si:x64"),
    optional("p:fpr/gen_online generic_online_page page=%di:x64 order=%si:u32"),
    optional("p:fpr/split_free split_free_page page=%di:x64 order=%si:u32 off=%dx:u64"),
    optional("p:fpr/iso_range start_isolate_page_range start=%di:x64 end=%si:x64 mt=%dx:u32"),
    optional("p:fpr/undo_iso undo_isolate_page_range start=%di:x64 end=%si:x64 mt=%dx:u32"),
  ];
}

/** The file that init reads: `needed` or `optional`, and the probe, a line each. */
export function probeFile(device: Device): string {
  return probesFor(device)
    .map((probe) => `${probe.needed ? "needed" : "optional"} ${probe.line}\n`)
    .join("");
}

/** The scatterlist in %si: the page's address with two flag bits, and the bytes, of each entry that a request may have. */
function entries(): string {
  return Array.from({ length: CAPACITY }, (_, index) => {
    const at = index * ENTRY_BYTES;
    return `p${index}=+${at}(%si):x64 n${index}=+${at + LENGTH_AT}(%si):x32`;
  }).join(" ");
}

function needed(line: string): Probe {
  return { needed: true, line };
}

function optional(line: string): Probe {
  return { needed: false, line };
}
