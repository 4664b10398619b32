/** `fpr explore`: its options, and which of them go together. */
import type { CAC } from "cac";
import { refuse, text, whole, type Flags } from "../flags.ts";
import { judged } from "../output.ts";

/** States of one plan: in one or two GiB. */
const MOST_STATES = 20_000_000;

interface ExploreFlags extends Flags {
  readonly design?: unknown;
  readonly plan?: unknown;
  readonly geometry?: unknown;
  readonly depth?: unknown;
  readonly limit?: unknown;
  readonly workers?: unknown;
  readonly refine?: boolean;
  readonly live?: boolean;
  readonly symmetry?: boolean;
  readonly save?: unknown;
}

/** Tells `fpr` of the command. */
export function exploreCommand(cli: CAC): void {
  cli
    .command(
      "explore",
      "Every interleaving of small plans: each state and each move judged, a failure told by a shortest story",
    )
    .option("--design <ids>", "Only these designs, by comma: bitmap (all its variants), bitmap:v10 (default: all)")
    .option("--plan <name>", "Only this plan (default: all small ones)")
    .option("--geometry <file>", "In place of plans: this geometry, and all on the menu that the design can meet")
    .option("--depth <n>", "Go no further than so many moves from the start")
    .option("--limit <n>", `Stop where one plan has more states (default: ${MOST_STATES})`)
    .option("--workers <n>", "So many threads (default: 1)")
    .option(
      "--symmetry",
      "Explore blocks and CPUs that are alike once; refused where a plan or design tells them apart",
    )
    .option("--refine", "The model beside the implementation on every move, then the model alone")
    .option("--live", "What is taken must come back on every fair run; the host answers at last")
    .option("--save <dir>", "Save counterexamples there")
    .example("  fpr explore")
    .example("  fpr explore --design page-reporting")
    .example("  fpr explore --design bubble --plan compaction --save found")
    .action((flags: ExploreFlags) =>
      judged(flags.json ?? false, async () => {
        const { explore } = await import("../explore.ts");
        const { depth } = flags;
        return explore({
          design: text("design", flags.design),
          plan: text("plan", flags.plan),
          geometry: text("geometry", flags.geometry),
          depth: depth === undefined ? undefined : whole("depth", depth, 0, 1),
          limit: whole("limit", flags.limit, MOST_STATES, 1),
          workers: whole("workers", flags.workers, 1, 1),
          symmetric: flags.symmetry ?? false,
          beside: besides(flags),
          save: text("save", flags.save),
        });
      }),
    );
}

/** What `fpr explore` asks beside. Neither goes with what only the plain exploration can do. */
function besides(flags: ExploreFlags): "nothing" | "refine" | "live" {
  const beside = flags.refine === true ? "refine" : flags.live === true ? "live" : "nothing";
  if (beside === "nothing") return beside;
  const others = ["workers", "symmetry", "save"] as const;
  for (const name of others) refuse(name, flags[name], `does not go with --${beside}`);
  if (beside === "refine") refuse("live", flags.live, "does not go with --refine: ask one after the other");
  else refuse("depth", flags.depth, "does not go with --live: what happens at last needs all states");
  return beside;
}
