/** `fpr linux` without any QEMU: what it says and leaves behind when something is missing or ends badly. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeMachine } from "./fakes.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");
const PROMPT = join(FIXTURES, "linux-6.1-slow-device-prompt");

let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(() => {
  // Whatever happened, nothing of it is left: neither the guest nor a file.
  expect(readdirSync(machine.work)).toEqual([]);
  if (existsSync(machine.pid)) expect(isAlive(Number(readFileSync(machine.pid, "utf8")))).toBe(false);
  rmSync(machine.folder, { recursive: true });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function started(): Promise<void> {
  while (!existsSync(machine.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the console says in a run that goes well. */
const WHOLE = "echo '[fpr 1.5] phase transport'; echo '[fpr 4.0] phase dump'; echo '[fpr 5.0] phase end'";

describe("a run that ends badly is no verdict", () => {
  test("the kernel panics: its words, the phase, the last lines", async () => {
    machine.qemu(
      "echo '[fpr 2.00] phase workload'; echo 'BUG: all is lost'; echo '[ 3.0] Kernel panic - not syncing: why'",
    );
    const { status, json, err } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(json["verdict"]).toBe("unjudged");
    expect(err).toContain(
      "the guest's kernel panicked: Kernel panic - not syncing: why, in phase workload (with --stream ",
    );
    expect(err).toContain("BUG: all is lost");
  });

  test("the guest hangs: killed when the time is over", async () => {
    machine.qemu("echo '[fpr 2.00] phase probes'; exec sleep 600");
    const { status, err } = await machine.fpr(["--timeout", "2"]);
    expect(status).toBe(2);
    expect(err).toContain("did not end within 2 s (--timeout)");
    expect(err).toContain("in phase probes");
  });

  test("init gives up: its reason", async () => {
    machine.qemu("echo '[fpr 2.00] fault: this kernel refuses the probe: p:fpr/oom oom_kill_process'");
    const { status, err } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(err).toContain("the guest gave up: this kernel refuses the probe: p:fpr/oom");
  });

  test("QEMU does not even start: what it said", async () => {
    machine.qemu("echo 'qemu: no such machine' >&2; exit 1");
    const { status, err } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(err).toContain("QEMU ended early, with status 1, in phase boot; last lines: ");
    expect(err).toContain("qemu: no such machine");
  });

  test("a program can't be compiled: that alone is said, when all the others have ended", async () => {
    machine.program(
      "gcc",
      'case "$*" in *hog.c) exit 1;; esac; sleep 0.3; while [ $# -gt 1 ]; do [ "$1" = -o ] && : > "$2"; shift; done',
    );
    const { status, err } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(err.trimEnd()).toMatch(/^fpr: \S*gcc failed: .*$/);
  });

  test("the kernel has no such device: that is said before anything is compiled", async () => {
    machine.program("gcc", "exit 1");
    rmSync(join(machine.kernel, "lib/modules/6.1.0-test/kernel/virtio_balloon.ko"));
    const { status, err } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(err).toMatch(/^fpr: .*6\.1\.0-test: found no module virtio_balloon there, expected the guest's device\n$/);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s: everything is stopped and removed", async (signal) => {
    machine.qemu("exec sleep 600");
    const { status, err } = await machine.fpr([], async (child) => {
      await started();
      child.kill(signal);
    });
    expect(status).toBe(2);
    expect(err).toBe(`fpr: stopped by ${signal}: QEMU is gone, and the temporary files of this run are removed\n`);
  });

  test("nobody reads any more: everything is removed", async () => {
    machine.qemu(`cp ${PROMPT}/*.gz "$capture"; ${WHOLE}`);
    const { out, err } = await machine.fpr([], async ({ stdout }) => {
      stdout?.once("data", () => stdout.destroy());
    });
    expect(out).toBe("Linux 6.1.0-test, 256 MiB, 2 CPUs: tiny\n");
    expect(err).toBe("");
  });

  test("no room for its files: where that is set", async () => {
    const { status, err } = await machine.fpr([], undefined, join(machine.folder, "nowhere"));
    expect(status).toBe(2);
    expect(err).toMatch(
      /nowhere: no folder for the recording can be made there \(ENOENT\); TMPDIR names another place/,
    );
    expect(existsSync(machine.pid)).toBe(false);
  });
});

describe("a recording is judged", () => {
  test("whole and right: holds, with how long each phase took", async () => {
    machine.qemu(`cp ${PROMPT}/*.gz "$capture"; ${WHOLE}; echo 'hog churn: mapped=7 checked=1234 corrupt=0'`);
    const { status, json, out } = await machine.fpr([]);
    expect(status).toBe(0);
    expect(json).toMatchObject({
      verdict: "holds",
      contents: { checked: 1234, corrupt: 0 },
      seconds: { boot: 1.5, transport: 2.5, dump: 1 },
    });
    expect(out).toContain("1,234 pages were looked at by their owners in the guest, 0 were corrupt");
  });

  test("kept: packed, and judged again by fpr judge", async () => {
    machine.qemu(`cp ${PROMPT}/*.gz "$capture"; gunzip "$capture"/*.gz; : > "$capture/host.log"; ${WHOLE}`);
    const keep = join(machine.folder, "kept");
    const { json } = await machine.fpr(["--keep", keep]);
    expect(json).toMatchObject({ verdict: "holds", capture: keep });
    expect(readdirSync(keep).toSorted()).toEqual([
      "console.log",
      "kpageflags.bin.gz",
      "kpageflags2.bin.gz",
      "meta.txt.gz",
      "trace.txt.gz",
    ]);
    const again = await machine.fpr(["--keep", keep]);
    expect(again.status).toBe(2);
    expect(again.err).toContain("expected an empty folder");
  });

  test("kept where the guest ended badly: that is said although nothing can be judged", async () => {
    machine.qemu("echo '[fpr 2.00] phase workload'; echo '[ 3.0] Kernel panic - not syncing: why'");
    const keep = join(machine.folder, "kept here");
    const { status, out } = await machine.fpr(["--keep", keep]);
    expect(status).toBe(2);
    expect(readdirSync(keep)).toContain("console.log");
    expect(out).toContain(`the capture is in ${keep}: fpr judge '${keep}' judges it again\n`);
  });

  test.each(["/proc/kept/here", join(PROMPT, "meta.txt.gz/kept")])(
    "%s: can't be kept there, told at once",
    async (keep) => {
      const { status, err } = await machine.fpr(["--keep", keep]);
      expect(status).toBe(2);
      expect(err).toMatch(/: is no folder: /);
      expect(existsSync(machine.pid)).toBe(false);
    },
  );

  test("a run that fails makes no folder to keep it in", async () => {
    machine.program("gcc", "exit 1");
    const { status } = await machine.fpr(["--keep", join(machine.folder, "to", "keep")]);
    expect(status).toBe(2);
    expect(readdirSync(machine.folder)).not.toContain("to");
  });

  test("events were lost: can't be judged, and no file is named that is gone by then", async () => {
    machine.qemu(
      `cp ${PROMPT}/*.gz "$capture"; gunzip "$capture"/meta.txt.gz; printf '== stats\\noverrun: 7\\n' >> "$capture/meta.txt"; ${WHOLE}`,
    );
    const { status, err, json } = await machine.fpr([]);
    expect(status).toBe(2);
    expect(err).toMatch(/^fpr: meta\.txt, line \d+: found "overrun: 7": events were lost/);
    expect(json).toMatchObject({ verdict: "unjudged", contents: { checked: 0 } });
  });

  test("a program in the guest lost what it wrote: lost-write, even where all events are right", async () => {
    machine.qemu(`cp ${PROMPT}/*.gz "$capture"; ${WHOLE}; echo 'hog frag: mapped=7 checked=1234 corrupt=3'`);
    const { status, json } = await machine.fpr([]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ verdict: "violates", property: "lost-write" });
  });

  test("a program in the guest lost what it wrote, and events were lost, too: lost-write, not unjudged", async () => {
    machine.qemu(
      `cp ${PROMPT}/*.gz "$capture"; gunzip "$capture"/meta.txt.gz; printf '== stats\\noverrun: 7\\n' >> "$capture/meta.txt"; ${WHOLE}; echo 'hog frag: mapped=7 checked=1234 corrupt=3'`,
    );
    const { status, json, err } = await machine.fpr([]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ verdict: "violates", property: "lost-write" });
    expect(err).toContain("events were lost");
  });

  test("a panic after a violation: the violation is the verdict, and the panic is told", async () => {
    const broken = join(machine.folder, "broken");
    mkdirSync(broken);
    const trace = gunzipSync(readFileSync(join(PROMPT, "trace.txt.gz")))
      .toString()
      .split("\n");
    const report = trace.findIndex((line) => line.includes(" report: "));
    writeFileSync(
      join(broken, "trace.txt"),
      trace
        .toSpliced(report, 0, trace[report])
        .slice(0, report + 9)
        .join("\n"),
    );
    const cp = `cp ${broken}/trace.txt ${PROMPT}/meta.txt.gz ${PROMPT}/kpageflags.bin.gz "$capture"`;
    machine.qemu(`${cp}; : > "$capture/kpageflags2.bin"; echo '[ 3.0] Kernel panic - not syncing: why'`);
    const { status, json, out } = await machine.fpr([]);
    expect(json).toMatchObject({ verdict: "violates", property: "exclusion", line: report + 2 });
    expect(status).toBe(1);
    expect(out).toContain("Kernel panic - not syncing: why");
  });
});

describe("a kernel that is not there", () => {
  const asked = (): string => join(machine.folder, "asked");
  beforeEach(() => {
    machine.program("apt-cache", "echo linux-image-cloud-amd64; echo '  Depends: linux-image-6.1.0-7-cloud-amd64'");
    machine.program("apt-get", `echo "$@" >> ${asked()}; : > linux-image-6.1.0-7.deb`);
    machine.program(
      "dpkg",
      "mkdir -p boot lib/modules/6.1.0-7-x/kernel; : > boot/vmlinuz-6.1.0-7-x; : > lib/modules/6.1.0-7-x/kernel/virtio_balloon.ko",
    );
  });

  test("nothing is downloaded unasked: the lines to run are told", async () => {
    const place = join(machine.folder, "cache");
    const { status, err } = await machine.fpr(["--kernel", place]);
    expect(status).toBe(2);
    expect(err).toContain(`not found: a kernel in ${place}.`);
    expect(err).toContain("dpkg -x linux-image-*.deb .");
    expect(err).toContain("fpr linux --fetch");
    expect(existsSync(asked())).toBe(false);
    expect(existsSync(place)).toBe(false);
  });

  test("--fetch runs these lines, shows them, and goes on", async () => {
    const place = join(machine.folder, "cache");
    machine.qemu(`cp ${PROMPT}/*.gz "$capture"; ${WHOLE}`);
    const { status, out, err } = await machine.fpr(["--kernel", place, "--fetch"]);
    expect(status).toBe(0);
    expect(readFileSync(asked(), "utf8")).toBe("download linux-image-6.1.0-7-cloud-amd64\n");
    expect(err).toContain(`cd ${place}`);
    expect(out).toContain("Linux 6.1.0-7-x, 256 MiB, 2 CPUs: tiny");
    expect(readdirSync(place).toSorted()).toEqual(["boot", "lib"]);
    rmSync(asked());
    await machine.fpr(["--kernel", place, "--fetch"]);
    expect(existsSync(asked())).toBe(false);
  });
});

describe("options that make no sense", () => {
  test.each([
    [["--workload", "big"], "--workload", "tiny or stress or thp or hotplug or slow-device"],
    [["--control", "early"], "--control", "late or lost"],
    [["--workload", "slow-device", "--control", "late"], "--control", "does not go with slow-device"],
    [["--slow-host", "20000"], "--slow-host", "at most 10000 us"],
    [["--report-order", "11"], "--report-order", "at most 10"],
    [["--timeout", "0"], "--timeout", "more than 0"],
    [["--timeout", "3000000"], "--timeout", "at most 86400"],
    [["--memory", "4096"], "--memory", "at most 3072"],
  ])("%j", async (words, key, expected) => {
    const { status, err } = await machine.fpr(words);
    expect(status).toBe(2);
    expect(err).toContain(key);
    expect(err).toContain(expected);
    expect(existsSync(machine.pid)).toBe(false);
  });
});
