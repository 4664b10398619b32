/** Threads: what they run is a module of ours, from its source or from what is built of it. */
import { Worker } from "node:worker_threads";

/**
 * Starts a thread. Beside what is built its module is the built one; beside sources (tests, `npm run`) tsx loads it,
 * which must be asked for in every thread anew.
 * @param source the thread's module by its source: `new URL("./campaign-worker.ts", import.meta.url)`
 * @param data what it finds in `workerData`
 */
export function startWorker(source: URL, data: unknown): Worker {
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(new URL(source.href.replace(/\.ts$/, ".js")), { workerData: data });
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(source.href)})))`;
  return new Worker(load, { eval: true, execArgv: [], workerData: data });
}
