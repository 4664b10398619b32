/** What the guest's console tells of a run: guest/init writes lines `[fpr SECONDS] …` among the kernel's own. */

/** Seconds of the guest's own clock. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

const SAID = /^\[fpr (\d+(?:\.\d+)?)\] (.*?)\r?$/;
const LAST_PHASE = "end";

/** How long each phase took; the first is the boot. A phase that did not end is left out. */
export function phasesOf(console: string): Phase[] {
  const phases: Phase[] = [];
  let before = { name: "boot", at: 0 };
  for (const { at, text } of saidIn(console)) {
    const name = /^phase (\S+)$/.exec(text)?.[1];
    if (name === undefined) continue;
    phases.push({ name: before.name, seconds: at - before.at });
    before = { name, at };
  }
  return phases;
}

/** The phase that the guest is in, or ended in. */
export function phaseIn(console: string): string {
  return [...console.matchAll(/^\[fpr [\d.]+\] phase (\S+)\r?$/gm)].at(-1)?.[1] ?? "boot";
}

/** True where the guest handed over everything. */
export function isComplete(console: string): boolean {
  return phaseIn(console) === LAST_PHASE;
}

/** What init itself gave up for. */
export function faultOf(console: string): string | undefined {
  return saidIn(console)
    .map(({ text }) => /^fault: (.*)$/.exec(text)?.[1])
    .find((fault) => fault !== undefined);
}

/** The kernel's last words. */
export function panicOf(console: string): string | undefined {
  return /Kernel panic - not syncing: .*/.exec(console)?.[0].trimEnd();
}

/** Init's remarks, without the phases. */
export function remarksOf(console: string): string[] {
  return saidIn(console)
    .map(({ text }) => text)
    .filter((text) => !/^(phase|snapshot|fault)/.test(text));
}

/** Pages that the load in the guest looked at before it gave them back, and how many were not as it had left them. */
export function contentsOf(console: string): { checked: number; corrupt: number } {
  let checked = 0;
  let corrupt = 0;
  for (const found of console.matchAll(/^hog \w+: mapped=\d+ checked=(\d+) corrupt=(\d+)/gm)) {
    checked += Number(found[1]);
    corrupt += Number(found[2]);
  }
  return { checked, corrupt };
}

/** Lines of several tasks may run together on a console: only whole lines of init count. */
function saidIn(console: string): { at: number; text: string }[] {
  return console.split("\n").flatMap((line) => {
    const found = SAID.exec(line);
    return found === null ? [] : [{ at: Number(found[1]), text: found[2] }];
  });
}
