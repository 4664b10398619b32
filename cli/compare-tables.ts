/** What `fpr compare` shows: three tables with their legends, for a terminal or as Markdown. */
import { designOf } from "../model/designs/index.ts";
import { count } from "../properties/numbers.ts";
import { fileOf, type Failure } from "../properties/findings/failure.ts";
import { PROPERTIES } from "../properties/judges/properties.ts";
import { broke, type Compared, type CompareOptions, type Replayed } from "./compared.ts";
import { labelOf } from "./designs.ts";
import { asMarkdown, asText, wrap, type Table } from "./table.ts";

/** The two kinds of output. */
interface Style {
  readonly heading: (text: string) => string;
  readonly table: (table: Table) => string;
  readonly item: (text: string) => string;
  /** Words about a failure, and where its story is. */
  readonly story: (words: string, file: string, number: number) => string;
}

/** Columns of a terminal. */
const WIDTH = 120;

const TERMINAL: Style = {
  heading: (text) => `${text}\n${"-".repeat(text.length)}`,
  table: asText,
  item: (text) => wrap(text, WIDTH),
  story: (words, _file, number) => `${words} [${number}]`,
};
const MARKDOWN: Style = {
  heading: (text) => `### ${text}`,
  table: asMarkdown,
  item: (text) => `- ${text}`,
  story: (words, file) => `[${words}](${file})`,
};

export function asDocument(compared: readonly Compared[], options: CompareOptions): string {
  const style = options.markdown ? MARKDOWN : TERMINAL;
  const list = (items: readonly string[]): string => items.map(style.item).join("\n");
  const records = compared.flatMap((one) => one.records);
  const numberOf = (failure: Failure): number => records.findIndex((one) => one.failure === failure) + 1;
  return [
    style.heading("What must hold above all"),
    style.table(mission(compared, (words, { failure }) => style.story(words, fileOf(failure), numberOf(failure)))),
    list(MISSION_LEGEND),
    style.heading("Every property"),
    style.table(everything(compared)),
    list(everythingLegend(options)),
    style.heading("On record"),
    list(records.map((record) => onRecord(record, options.markdown ? undefined : numberOf(record.failure)))),
    style.heading("What it costs"),
    style.table(costs(compared)),
    list(COSTS_LEGEND),
    "",
  ].join("\n\n");
}

// ---- the mission's three sentences ----

/** Names a story so that the reader finds its file. */
type Refer = (words: string, record: Replayed) => string;

function mission(compared: readonly Compared[], refer: Refer): Table {
  const rows = compared.map((one) => {
    const cells = ["exclusion", overlooked(one), "fake-oom"].map((property) => inWords(one, property, refer));
    return [labelOf(one.form), ...cells];
  });
  return { head: ["design", "1 not allocated", "2 not overlooked", "3 no fake out-of-memory"], rows };
}

/** What says of a design that it overlooks nothing: its boundary, its books, or what a whole pass leaves. */
function overlooked({ form, judged }: Compared): string {
  if (designOf(form.design, form.variant).boundary !== undefined) return "slip";
  return judged("progress") ? "progress" : "missed";
}

/** What became of one property: in a form that needs no legend. */
function inWords(one: Compared, property: string, refer: Refer): string {
  const { always, sometimes } = recordsOf(one, property);
  if (broke(one, property)) return "fails: see below";
  if (always !== undefined) return refer(`fails in ${always.actions ?? "?"} steps`, always);
  if (!one.judged(property)) return "not claimed";
  return `holds (${count(one.sampled.runs)} runs)${sometimes === undefined ? "" : "*"}`;
}

const MISSION_LEGEND = [
  "1: no reported page is allocated, or taken away by hotplug, while the host processes it (exclusion).",
  "2: no page slips behind the boundary (slip), where the design keeps one; else no free page is missed: by its books " +
    "(missed), or by a whole pass that leaves nothing (progress).",
  "3: nobody is told that memory is out because of memory that is only held (fake-oom).",
  "The file that tells a failure again stands under On record. With *: it fails under another setting. What was " +
    "sampled holds in every run, not in every interleaving.",
];

// ---- all properties ----

function everything(compared: readonly Compared[]): Table {
  const letters = PROPERTIES.map((_, at) => letter(at));
  const rows = compared.map((one) => [
    labelOf(one.form),
    ...PROPERTIES.map(({ id }) => inShort(one, id)),
    count(one.sampled.steps),
    count(one.sampled.cutShort),
  ]);
  return { head: ["design", ...letters, "steps", "cut"], rows, gap: 1 };
}

function inShort(one: Compared, property: string): string {
  const { always, sometimes } = recordsOf(one, property);
  if (broke(one, property)) return "!";
  if (always !== undefined) return String(always.actions ?? "?");
  if (sometimes !== undefined) return `${sometimes.actions ?? "?"}*`;
  return one.judged(property) ? "+" : "-";
}

function everythingLegend({ runs, seed }: CompareOptions): readonly string[] {
  return [
    PROPERTIES.map(({ id }, at) => `${letter(at)} ${id}`).join(", ") + ".",
    "Signs: + holds; - not claimed; a number: fails, in a story of so many steps; with * only under another setting " +
      "or claim; ! breaks, and is not on record; ? on record, but its file does not tell it.",
    `steps: what ${count(runs)} runs took, seed ${seed}, implementation and model side by side; ` +
      "cut: runs that ended where a failure on record came up.",
  ];
}

/** a to z, then A to Z. */
function letter(at: number): string {
  return at < 26 ? String.fromCharCode("a".charCodeAt(0) + at) : String.fromCharCode("A".charCodeAt(0) + at - 26);
}

/** The shortest record that an ordinary campaign meets, and the shortest that it does not. */
function recordsOf({ records }: Compared, property: string): { always?: Replayed; sometimes?: Replayed } {
  const shortest = (ordinary: boolean): Replayed | undefined =>
    records.find(({ failure }) => failure.property === property && (failure.only === undefined) === ordinary);
  const [always, sometimes] = [shortest(true), shortest(false)];
  return { ...(always && { always }), ...(sometimes && { sometimes }) };
}

// ---- the files ----

/** @param number by which a table names it; undefined: it is linked to */
function onRecord({ failure, actions }: Replayed, number: number | undefined): string {
  const { id, property, what, source, ignored, only } = failure;
  const file = fileOf(failure);
  const conditions = [
    ...(only === undefined ? [] : [`only ${only.words}`]),
    ...(ignored === undefined ? [] : [`with ${ignored.join(", ")} passed over`]),
  ];
  const facts = [`${actions ?? "?"} steps`, ...conditions].join(", ");
  const said = `${property} (${facts}): ${what} Source: ${source}.`;
  return number === undefined ? `[${id}](${file}): ${said}` : `[${number}] ${file} ${said}`;
}

// ---- costs ----

function costs(compared: readonly Compared[]): Table {
  const head = ["design", ...COSTS.map(({ title }) => title)];
  return { head, rows: compared.map((one) => [labelOf(one.form), ...COSTS.map(({ cell }) => cell(one.price))]) };
}

function ratio(share: number, of: number): string {
  return of === 0 ? "0" : (share / of).toFixed(1);
}

const COSTS: readonly {
  readonly title: string;
  readonly what: string;
  readonly cell: (price: Compared["price"]) => string;
}[] = [
  { title: "requests", what: "messages to the host", cell: ({ requests }) => count(requests) },
  { title: "reported", what: "pages that the host acknowledged", cell: ({ pagesReported }) => count(pagesReported) },
  {
    title: "again",
    what: "pages that it was told of though it had dropped them and nobody was given them since",
    cell: ({ pagesReportedAgain }) => count(pagesReportedAgain),
  },
  {
    title: "missed",
    what:
      "share of the pages in large enough free blocks that the host still backs at the end, when everyone is at rest " +
      "(who hints only when asked has been asked once more)",
    cell: ({ pagesFree, pagesMissed }) => `${ratio(100 * pagesMissed, pagesFree)}%`,
  },
  { title: "held", what: "most pages held at once", cell: ({ mostPagesHeld }) => count(mostPagesHeld) },
  { title: "longest", what: "longest hold of a block, in steps", cell: ({ longestHold }) => count(longestHold) },
  {
    title: "visited",
    what: "list entries, array entries or bits that the worker looked at for each reported block",
    cell: ({ visited, blocksReported }) => ratio(visited, blocksReported),
  },
  {
    title: "in path",
    what: "units of work inside free and alloc for each free",
    cell: ({ inFreePath, frees }) => ratio(inFreePath, frees),
  },
  { title: "stalled", what: "steps that CPUs were kept waiting", cell: ({ stalledSteps }) => count(stalledSteps) },
  {
    title: "bytes",
    what: "metadata for each page of a 1 GiB guest",
    cell: ({ allocatorBytesPerPage, designBytesPerPage }) => (allocatorBytesPerPage + designBytesPerPage).toFixed(3),
  },
];

const COSTS_LEGEND = [
  "One workload for all, on three machines of 64 pages, with a host that answers within a few steps; counted, not timed.",
  ...COSTS.map(({ title, what }) => `${title}: ${what}.`),
];
