/** A plan explored to its end, with its graph kept, and asked what happens at last. */
import { InputError, spannedPages } from "../../../../model/alphabet/index.ts";
import type { Explored } from "../expander.ts";
import { explore } from "../explore.ts";
import { accepting, answering } from "./fairness.ts";
import { sayStep } from "../../story/words.ts";
import { ACTORS, type Graph } from "./graph.ts";
import { tellLasso } from "./lasso.ts";
import { checkLiveness, livenessVerdict, type LivenessResult } from "./liveness.ts";
import type { Plan } from "../plans.ts";
import type { Report } from "../report.ts";
import { Recorder } from "./recorder.ts";
import type { PageWish } from "./wishes.ts";

export interface ExploredLiveness {
  readonly plan: Plan;
  readonly report: Report;
  /** Undefined where not all was explored: what was not explored looks as if it rested, so nothing was judged. */
  readonly graph: Graph | undefined;
  /** By wish, in their order. */
  readonly results: readonly LivenessResult[];
}

/**
 * Explores a plan and asks these wishes of it. First under the weakest promise, that the host answers; where that is
 * broken by a host that may refuse, once more under the promise that it does not refuse for ever.
 *
 * @param limit most states
 * @throws InputError where the scope has more than 32 pages, or the guest can't work with it
 */
export function exploreLiveness(
  plan: Plan,
  subject: Explored,
  wishes: readonly PageWish[],
  limit: number,
): ExploredLiveness {
  const pages = spannedPages(plan.scope.geometry);
  if (pages > 32)
    throw new InputError({}, `scope ${plan.name} has ${pages} pages, expected at most 32: one bit for each`);
  let recorder: Recorder | undefined;
  const report = explore({
    plan,
    subject,
    limit,
    observe: ({ world, moves }) => {
      const view = world.guest.view();
      recorder = new Recorder(
        moves.actors,
        wishes.map((wish) => () => wish.pages(view)),
      );
      return recorder.observer;
    },
  });
  if (recorder === undefined || report.ended !== "complete" || report.cut > 0)
    return { plan, report, graph: undefined, results: [] };
  const graph = recorder.graph();
  const { all } = report.moves;
  const mayRefuse = plan.menu.extras.includes("refuse");
  const results: LivenessResult[] = [];
  for (const [at, wish] of wishes.entries()) {
    const undone = recorder.answersTo(at);
    const result = checkLiveness(graph, wish, undone, answering(all));
    results.push(result);
    if (mayRefuse && result.unending.length > 0) results.push(checkLiveness(graph, wish, undone, accepting(all)));
  }
  return { plan, report, graph, results };
}

/** The verdicts, and for each that breaks the shortest of its stories. */
export function tellLiveness({ plan, report, graph, results }: ExploredLiveness): string[] {
  if (graph === undefined) return [`unjudged: ${report.ended} at ${report.states} states of scope ${plan.name}`];
  return results.flatMap((result) => {
    const told = livenessVerdict(result, plan.name);
    const shortest = result.unending.reduce<LivenessResult["unending"][number] | undefined>(
      (best, one) => (best === undefined || one.lasso.stem.length < best.lasso.stem.length ? one : best),
      undefined,
    );
    if (shortest === undefined) return [told];
    const tell = (move: number, actor: number): string =>
      `${ACTORS[actor].padEnd(13)}  ${sayStep(report.moves.all[move])}`;
    return [told, ...tellLasso(shortest.lasso, graph, `page ${shortest.page} ${result.wish.undone}`, tell)];
  });
}
