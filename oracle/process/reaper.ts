/** Nothing of a program outlives us: not after a signal, not after an error of ours. */
import type { Keeper } from "./keeper.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const kept = new Set<Keeper>();

/** From here on the keeper's program ends when we do. */
export function keep(keeper: Keeper): void {
  if (kept.size === 0) {
    for (const signal of SIGNALS) process.on(signal, onSignal);
    process.on("exit", onExit);
  }
  kept.add(keeper);
}

/** Ends the keeper's program. */
export async function release(keeper: Keeper): Promise<void> {
  await keeper.close();
  kept.delete(keeper);
  if (kept.size === 0) listenNoMore();
}

/** Ends all programs and then ourselves, by that signal: unless somebody else has something to do with it. */
async function onSignal(signal: NodeJS.Signals): Promise<void> {
  listenNoMore();
  await Promise.all([...kept].map((keeper) => keeper.close()));
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function onExit(): void {
  for (const keeper of kept) keeper.closeNow();
}

function listenNoMore(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
  process.off("exit", onExit);
}
