/** One measurement in a process of its own: `judges-one.ts MEASURE DESIGN TURNS AMOUNT` prints a rate. */
import { MEASURES, rate } from "./judge-rates.ts";
import { median } from "./twin.ts";

const [name, design, turns, amount] = process.argv.slice(2);
const measure = MEASURES.find((one) => one === name);
if (measure === undefined || design === undefined || !(Number(turns) > 0) || !(Number(amount) > 0)) {
  console.error(`usage: judges-one.ts ${MEASURES.join("|")} DESIGN TURNS AMOUNT`);
  process.exit(2);
}
const turn = rate(measure, design, Number(amount));
// The first two turns compile; they do not count.
turn();
turn();
console.log(median(Array.from({ length: Number(turns) }, turn)));
