/** What a campaign covered, as data: how strong its verdict is. */
import { WIRE_ACTIONS, type WireActionName } from "../../model/alphabet/index.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import { KNOWN } from "../../properties/known-transitions.ts";
import { tellRules, type RuleCoverage } from "../put-to-the-test.ts";
import type { Coverage, Outcomes } from "./conformance.ts";
import { reachable } from "./labels.ts";
import { RULES, testedBy, unchecked } from "./rules.ts";
import { count } from "../../properties/numbers.ts";
import type { Ready } from "./system.ts";

/** What was seen. */
export interface Seen {
  readonly sent: ReadonlyMap<WireActionName, number>;
  /** Labels that were met. */
  readonly labels: ReadonlySet<string>;
  /** Moments that were reached. */
  readonly moments: readonly string[];
  /** How often each rule was put to the test. */
  readonly tested: { readonly [Id in PropertyId]?: number };
  readonly outcomes: Outcomes;
}

/** What was seen, against what a system that does and claims this could have shown. */
export function covered(seen: Seen, does: readonly WireActionName[], claims: readonly string[]): Coverage {
  const wanted = reachable(does);
  const known = knownMoments(does);
  const reached = new Set(seen.moments);
  return {
    actions: WIRE_ACTIONS.filter((name) => does.includes(name)).map((name) => ({
      name,
      sent: seen.sent.get(name) ?? 0,
    })),
    notDone: WIRE_ACTIONS.filter((name) => !does.includes(name)),
    labels: {
      met: wanted.filter((name) => seen.labels.has(name)),
      missing: wanted.filter((name) => !seen.labels.has(name)),
    },
    moments: {
      reached: known.filter((moment) => reached.has(moment)),
      missing: known.filter((moment) => !reached.has(moment)),
      beyond: seen.moments.filter((moment) => !known.includes(moment)).toSorted(),
    },
    rules: RULES.map((property) => ruleCoverage(property, seen.tested[property] ?? 0, { does, claims })),
    outcomes: { ...seen.outcomes },
  };
}

function ruleCoverage(property: PropertyId, tested: number, of: Pick<Ready, "does" | "claims">): RuleCoverage {
  const why = unchecked(property, of);
  if (why !== undefined) return { property, checked: false, tested: 0, by: why };
  return { property, checked: true, tested, by: testedBy(property) };
}

/** What two shares of one campaign covered together. */
export function coveredByBoth(one: Coverage, other: Coverage, claims: readonly string[]): Coverage {
  const sum = <Key>(pairs: readonly (readonly [Key, number])[]): Map<Key, number> => {
    const sums = new Map<Key, number>();
    for (const [key, count] of pairs) sums.set(key, (sums.get(key) ?? 0) + count);
    return sums;
  };
  const both = [one, other];
  const seen: Seen = {
    sent: sum(both.flatMap(({ actions }) => actions.map(({ name, sent }) => [name, sent] as const))),
    labels: new Set(both.flatMap(({ labels }) => labels.met)),
    moments: [...new Set(both.flatMap(({ moments }) => [...moments.reached, ...moments.beyond]))],
    tested: Object.fromEntries(
      sum(both.flatMap(({ rules }) => rules.map(({ property, tested }) => [property, tested] as const))),
    ),
    outcomes: addedUp(one.outcomes, other.outcomes),
  };
  return covered(
    seen,
    one.actions.map(({ name }) => name),
    claims,
  );
}

function addedUp(one: Outcomes, other: Outcomes): Outcomes {
  return {
    submitted: one.submitted + other.submitted,
    offlined: one.offlined + other.offlined,
    served: one.served + other.served,
    failed: one.failed + other.failed,
    whileFree: one.whileFree + other.whileFree,
    whileAllFree: one.whileAllFree + other.whileAllFree,
    forNothing: one.forNothing + other.forNothing,
  };
}

/** Moments that come only of an action that not every system does. */
const NEEDS: readonly (readonly [begins: string, needs: WireActionName])[] = [
  ["offline", "offline"],
  ["online", "online"],
  ["unregistered", "unregister"],
  ["registered", "register"],
];

/** Moments that the complete explorations of our own designs met, as far as these actions lead to them; sorted. */
function knownMoments(does: readonly WireActionName[]): string[] {
  const all = new Set([...KNOWN.values()].flatMap(({ moments }) => moments));
  // Nobody here is told of writes.
  const told = [...all].filter((moment) => !moment.startsWith("write"));
  const isReached = (moment: string): boolean =>
    NEEDS.every(([begins, needs]) => !moment.startsWith(begins) || does.includes(needs));
  return told.filter(isReached).toSorted();
}

/** What was covered, for people, line by line. */
export function tellCoverage({ actions, notDone, labels, moments, rules }: Coverage): string[] {
  const known = moments.reached.length + moments.missing.length;
  const situations = labels.met.length + labels.missing.length;
  const [tested, ...never] = tellRules(rules);
  return [
    "What was covered",
    `  actions     ${actions.map(({ name, sent }) => `${name} ${count(sent)}`).join(", ")}`,
    ...(notDone.length === 0 ? [] : [`  never sent  ${notDone.join(", ")}: the system does not list them`]),
    `  situations  ${labels.met.length} of ${situations} met`,
    ...labels.missing.map((name) => `              not met: ${name}`),
    `  moments     ${moments.reached.length} of the ${known} that our own designs are known to reach, and ${moments.beyond.length} others`,
    `  rules       ${tested}`,
    ...never.map((line) => `              ${line}`),
    ...rules.filter(({ checked }) => !checked).map(({ property, by }) => `              ${property}: ${by}`),
  ];
}
