/** One measurement in a process of its own, as the twin does it: `one.ts WORKLOAD PAGES DESIGN` prints ns/op and digest. */
import { WORKLOADS, measure } from "./workloads.ts";

const [name, pages, design] = process.argv.slice(2);
const workload = WORKLOADS.find((one) => one === name);
if (workload === undefined || pages === undefined || design === undefined) {
  console.error(`usage: one.ts ${WORKLOADS.join("|")} PAGES DESIGN`);
  process.exit(2);
}
const { nanosecondsPerOp, digest } = measure(workload, Number(pages), design);
console.log(nanosecondsPerOp.toFixed(3), digest);
