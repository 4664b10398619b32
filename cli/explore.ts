/** `fpr explore`: every interleaving of small plans, each state and each move judged. */
import { InputError } from "../model/alphabet/index.ts";
import { count } from "../properties/numbers.ts";
import { explore as exploreAlone } from "../properties/drivers/explore/explore.ts";
import type { Broken } from "../properties/drivers/explore/expander.ts";
import { onRecord } from "../properties/drivers/explore/on-record.ts";
import { largePlansFor, planAround, plansFor, type Plan } from "../properties/drivers/explore/plans.ts";
import type { Exploration, Report } from "../properties/drivers/explore/report.ts";
import { symmetricPlansFor } from "../properties/drivers/explore/symmetry/symmetry-plans.ts";
import { refusal } from "../properties/drivers/explore/symmetry/symmetry-refusal.ts";
import { exploreTogether } from "../properties/drivers/explore/threads/together.ts";
import { fileOf, replayCommand, type Failure } from "../properties/findings/failure.ts";
import { isOf } from "../properties/findings/refind.ts";
import { labelOf, variantsOf, type Form } from "./designs.ts";
import { gaps, live, refine } from "./explore-deeper.ts";
import type { ExploreOptions, Place } from "./explore-options.ts";
import { save, storyOf, tellStory } from "./explored.ts";
import { readGeometry } from "./geometry-file.ts";
import { Progress, worst, type Verdict } from "./output.ts";

/** @throws InputError where there is no such design or plan, or the geometry can't be used */
export async function explore(options: ExploreOptions): Promise<Verdict> {
  const places = placesOf(options);
  const alone = places.length === 1;
  const verdicts: Verdict[] = [];
  for (const place of places) verdicts.push(await explorePlace(options, place, alone));
  if (asksForGaps(options, places)) verdicts.push(gaps(options));
  if (verdicts.length === 1) return verdicts[0];
  if (options.design === undefined) return sideBySide(verdicts);
  // What is not on record is what one wants to hear of.
  const [news, known] = [verdicts.filter(isNews), verdicts.filter((one) => !isNews(one))];
  return { ...worst([...news, ...known]), plans: verdicts };
}

/** True where today's Linux is asked what comes at last, and no place of one's own is named. */
function asksForGaps({ beside, plan, geometry }: ExploreOptions, places: readonly Place[]): boolean {
  const isAnywhere = plan === undefined && geometry === undefined;
  return beside === "live" && isAnywhere && places.some(({ form }) => form.design === "page-reporting");
}

function placesOf({ design, plan: name, geometry: file, symmetric }: ExploreOptions): readonly Place[] {
  if (file !== undefined && name !== undefined) {
    throw new InputError({ key: "--plan" }, "does not go with --geometry: a plan has a geometry of its own");
  }
  const geometry = file === undefined ? undefined : readGeometry(file);
  const plansOf = ({ design: id, variant }: Form): readonly Plan[] => {
    if (geometry !== undefined) return [planAround(geometry, id, variant)];
    if (name === undefined) return plansFor(id, variant);
    return [...plansFor(id, variant), ...largePlansFor(id, variant), ...symmetricPlansFor(id, variant)];
  };
  const places = variantsOf(design).flatMap((form) => plansOf(form).map((plan) => ({ form, plan })));
  if (name === undefined) return symmetric ? alikeIn(places) : places;
  const named = places.filter(({ plan }) => plan.name === name);
  if (named.length > 0) return named;
  const names = [...new Set(places.map(({ plan }) => plan.name))].join(", ");
  throw new InputError(
    { key: "--plan" },
    `there is no plan ${JSON.stringify(name)} for these designs; there are ${names}`,
  );
}

/**
 * Plans in which symmetry is sound; of the others it is said why it is not. (Who names such a plan is refused.)
 * @throws InputError where none is left
 */
function alikeIn(places: readonly Place[]): readonly Place[] {
  const alike = places.filter(({ form, plan }) => {
    const reason = refusal(plan, form);
    if (reason !== undefined) console.log(`${labelOf(form)}: not explored: ${plan.name}: symmetry is ${reason}`);
    return reason === undefined;
  });
  if (alike.length > 0) return alike;
  throw new InputError({ key: "--symmetry" }, "none of these plans can be explored up to symmetry; leave it out");
}

function isNews({ verdict, known }: Verdict): boolean {
  return verdict !== "holds" && known === undefined;
}

/** As `fpr compare` does: failures on record are no news, whatever is not on record is. */
function sideBySide(verdicts: readonly Verdict[]): Verdict {
  const news = verdicts.filter(isNews);
  const { verdict, ...first } = worst(news);
  if (verdict !== "holds") return { verdict, ...first, plans: verdicts };
  const records = new Set(verdicts.flatMap(({ known }) => known ?? []));
  console.log(
    `All as recorded: ${count(records.size)} failures on record were met, and nothing else was broken in ${count(verdicts.length)} plans.`,
  );
  return { verdict: "holds", plans: verdicts };
}

/** Explores up to the first broken property; where that is on record, once more, past all that is. */
async function explorePlace(options: ExploreOptions, place: Place, alone: boolean): Promise<Verdict> {
  if (options.beside === "refine") return refine(options, place);
  if (options.beside === "live") return live(options, place);
  const { form, plan } = place;
  const first = await run(options, place, []);
  if (first.broken === undefined) return sayEnd(place, first);
  const known = onRecord(form.design, plan);
  const { violation } = first.broken;
  const record = known.find((failure) => isOf(failure, violation));
  const broken = sayBroken(options, place, first, first.broken, record, record === undefined || alone);
  if (record === undefined || broken.verdict === "unjudged") return broken;
  const past = await run(options, place, known);
  if (past.broken !== undefined) return sayBroken(options, place, past, past.broken, undefined, true);
  const beside = sayEnd(place, past);
  return beside.verdict === "holds" ? { ...broken, beside } : beside;
}

async function run(options: ExploreOptions, { form, plan }: Place, known: readonly Failure[]): Promise<Report> {
  const line = new Progress();
  const exploration: Exploration = {
    plan,
    subject: { design: form.design },
    limit: options.limit,
    depth: options.depth,
    known,
    symmetric: options.symmetric,
    progress: ({ states, depth, frontier, bytes }) => {
      const where = `depth ${depth}, ${count(frontier)} to expand, ${count(Math.ceil(bytes / 2 ** 20))} MiB`;
      line.show(`${labelOf(form)}, ${plan.name}: ${where}`, states, "states");
    },
  };
  const { workers } = options;
  const report = workers > 1 ? await exploreTogether(exploration, workers) : exploreAlone(exploration);
  line.clear();
  return report;
}

/** What is said where nothing is broken, or nothing beside what is on record. */
function sayEnd({ form, plan }: Place, report: Report): Verdict {
  const { ended, states, represented, transitions, depth, cut, digest, stateBytes } = report;
  const alike = represented > states ? `, ${count(represented)} with all renamings` : "";
  const figures = `${count(states)} states${alike}, ${count(transitions)} transitions, depth ${depth}`;
  const beside = cut > 0 ? `beside what is on record (paths end there: ${count(cut)} times) ` : "";
  const amounts = { plan: plan.name, states, represented, transitions, depth, cut, digest, stateBytes };
  const said = { design: labelOf(form), ...amounts };
  const words = {
    complete: `holds (every interleaving of ${plan.name}: ${figures})`,
    depth: `holds to depth ${depth} (every interleaving of ${plan.name} up to ${depth} moves: ${figures})`,
    full: `unjudged: stopped at ${count(states)} states of ${plan.name} (${count(transitions)} transitions, depth ${depth}); --limit allows more`,
  };
  if (ended === "broken") throw new RangeError("what is broken is told, not counted");
  console.log(`${labelOf(form)}: ${beside}${words[ended]}`);
  if (ended !== "full") return { verdict: "holds", ...said };
  return { verdict: "unjudged", explanation: words.full, ...said };
}

/** @param told the whole story, or just its length */
function sayBroken(
  { save: folder }: ExploreOptions,
  { form, plan }: Place,
  report: Report,
  broken: Broken,
  record: Failure | undefined,
  told: boolean,
): Verdict {
  const story = storyOf(plan, { design: form.design }, report, broken);
  const name = labelOf(form);
  const said = { design: name, plan: plan.name };
  if (story.trouble !== undefined) {
    console.log(`${name}: unjudged: ${story.trouble}`);
    return { verdict: "unjudged", explanation: story.trouble, ...said };
  }
  const { steps, violation, at } = story.finding;
  const known = record === undefined ? "" : `; known: ${replayCommand(record)}`;
  console.log(
    `${name}: violates ${violation.property} in ${plan.name}, in ${steps.length} actions, and never in fewer${known}`,
  );
  if (told) console.log(`\n${tellStory(story)}\n`);
  const file = folder === undefined ? undefined : save(story, folder);
  if (file !== undefined) console.log(`Saved. Replay it with: fpr replay ${file}`);
  return {
    verdict: "violates",
    ...violation,
    step: at,
    ...said,
    actions: steps.length,
    ...(file === undefined ? {} : { file }),
    ...(record === undefined ? {} : { known: [fileOf(record)] }),
  };
}
