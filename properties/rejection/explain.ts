/**
 * Explains a violation: one hearing of the events to see how it came, one more in which all repairs are tried together (several
 * where the memory of so many contracts is too much), and where none is legal, the same for pairs of them.
 */
import { spannedPages } from "../../model/alphabet/index.ts";
import { Contract } from "../judges/contract.ts";
import { PROPERTIES } from "../judges/properties.ts";
import { chain } from "./chain.ts";
import { locate, type Case } from "./locate.ts";
import { picture } from "./picture.ts";
import type { Change, Heard, Rejection } from "./rejection.ts";
import { candidates, type Candidate } from "./repairs/index.ts";
import { nearestFirst, Trials, type Legal } from "./trials.ts";
import { unknowns } from "./unknowns.ts";
import { Witness, type Break } from "./witness.ts";

/** Says the events once more, in order, until told to stop. @returns true where it came to the end of all events */
export type Reading = (hear: (heard: Heard) => boolean) => Promise<boolean>;

/**
 * Explains a violation in events that are in memory, a run's or a window's. Violations that the contract does not see
 * (`rest`, `slip`) have no repair by events.
 */
export function explainRejection(of: Case): Rejection {
  const begin = (): Contract => of.from?.fork() ?? new Contract(of.geometry, { ...of.options, unit: of.unit });
  const read = (hear: (heard: Heard) => boolean): boolean => of.heard.every(hear);
  const found = locate(of, begin());
  const ended = of.ended ?? (found.isUnheard !== true && found.index === of.heard.length);
  const explaining = new Explaining(begin, found, of.forgotten);
  for (let round = explaining.next(); round !== undefined; round = explaining.next())
    round.end(read(round.hear) && ended);
  return explaining.rejection();
}

/**
 * The same over a source that is read anew for each hearing, in memory that does not grow with its length.
 * @param found where it breaks, as the judge found it
 */
export async function explainReading(found: Break, read: Reading): Promise<Rejection> {
  const explaining = new Explaining(() => new Contract(found.geometry, found.options), found);
  for (let round = explaining.next(); round !== undefined; round = explaining.next()) round.end(await read(round.hear));
  return explaining.rejection();
}

/** One hearing of all events. */
interface Round {
  readonly hear: (heard: Heard) => boolean;
  /** @param whole true where all was heard, and nothing comes after it */
  readonly end: (whole: boolean) => void;
}

/** Of so many candidates all pairs are tried, where no single one is legal. */
const MOST_PAIRED = 12;
/** Bytes that the contracts of all trials may take, and those of one page. */
const MOST_BYTES = 2 ** 28;
const BYTES_A_PAGE = 8;
const MOST_TRIALS = 72;
/** Hearings in which trials are made, so many at the most; fewer where the pages of all together would be more than these. */
const MOST_HEARINGS = 8;
const MOST_PAGES = 2 ** 27;
/** Further repairs that are told. */
const MOST_OTHERS = 2;
/** What leaves out the broken event is always legal up to there, and so says little. */
const SAYS_LITTLE = 1.9;

class Explaining {
  readonly #begin: () => Contract;
  readonly #broke: Break;
  readonly #witness: Witness;
  readonly #forgotten: number;
  #heardAll = false;
  /** What is still to be tried, hearing by hearing; undefined before the first. */
  #toTry: readonly (readonly Candidate[])[] | undefined;
  #pairsAreTried = false;
  #tried = 0;
  #singles: readonly Candidate[] = [];
  #legal: Legal[] = [];

  constructor(begin: () => Contract, broke: Break, forgotten = 0) {
    this.#begin = begin;
    this.#broke = broke;
    this.#forgotten = forgotten;
    this.#witness = new Witness(begin(), broke);
  }

  /** The next hearing that is needed, or undefined where all is known. */
  next(): Round | undefined {
    if (this.#toTry === undefined) return this.#listening();
    const sayMuch = this.#legal.filter(({ candidate }) => candidate.weight < SAYS_LITTLE);
    if (sayMuch.some(({ repair }) => repair.reach.breaks === undefined)) return undefined;
    if (this.#toTry.length === 0 && sayMuch.length === 0 && !this.#pairsAreTried && this.#room > 1) {
      this.#pairsAreTried = true;
      this.#toTry = this.#inHearings(pairs(this.#singles));
    }
    const [now, ...later] = this.#toTry;
    this.#toTry = later;
    return now === undefined ? undefined : this.#trying(now);
  }

  rejection(): Rejection {
    const { violation, unit, event, at } = this.#broke;
    const { property, explanation } = violation;
    const rule = PROPERTIES.find(({ id }) => id === property);
    const [best, ...rest] = this.#legal;
    const others = oneOfEach(
      [best?.candidate.idea],
      rest.filter(
        ({ repair, candidate }) => candidate.weight < SAYS_LITTLE && repair.reach.holds === best.repair.reach.holds,
      ),
    );
    const unknown = unknowns(this.#witness, this.#forgotten);
    return {
      property,
      explanation,
      rule: { sentence: rule?.sentence ?? "", source: rule?.source ?? "" },
      unit,
      ...(event === undefined ? {} : { at, event }),
      pages: picture(this.#witness),
      ...chain(this.#witness, this.#heardAll, this.#forgotten),
      tried: this.#tried,
      ...(best === undefined ? {} : { repair: best.repair }),
      others: others.slice(0, MOST_OTHERS).map(({ repair }) => repair),
      ...(unknown === undefined ? {} : { unknown }),
    };
  }

  #listening(): Round {
    return {
      hear: (heard) => this.#witness.hear(heard),
      end: (whole) => {
        this.#heardAll = whole;
        this.#singles = candidates(this.#witness);
        this.#toTry = this.#inHearings(this.#singles);
      },
    };
  }

  #trying(tried: readonly Candidate[]): Round {
    this.#tried += tried.length;
    const trials = new Trials(this.#begin(), tried, this.#broke.index);
    return {
      hear: (heard) => trials.hear(heard),
      end: (whole) => {
        trials.end(whole);
        this.#legal = [...this.#legal, ...trials.legal()].toSorted(nearestFirst);
      },
    };
  }

  /** As many contracts as fit in memory. */
  get #room(): number {
    return Math.max(1, Math.floor(MOST_BYTES / (BYTES_A_PAGE * spannedPages(this.#broke.geometry))));
  }

  /** As many at once as there is room for, the lightest first; that which leaves the broken event out is always among them. */
  #inHearings(all: readonly Candidate[]): readonly (readonly Candidate[])[] {
    const room = this.#room;
    const hearings = Math.max(2, Math.min(MOST_HEARINGS, Math.floor(MOST_PAGES / spannedPages(this.#broke.geometry))));
    const most = Math.min(MOST_TRIALS, room * hearings);
    const without = all.slice(most).filter(({ changes }) => changes.length === 1 && this.#isLeftOut(changes[0]));
    const few = [...all.slice(0, most - without.length), ...without];
    return Array.from({ length: Math.ceil(few.length / room) }, (_, at) => few.slice(at * room, (at + 1) * room));
  }

  #isLeftOut(change: Change): boolean {
    return change.do === "drop" && change.index === this.#broke.index;
  }
}

/** Of variants of one idea the first. @param told ideas that are told already */
function oneOfEach(told: readonly (string | undefined)[], all: readonly Legal[]): Legal[] {
  const ideas = all.map(({ candidate }) => candidate.idea);
  return all.filter((_, at) => {
    const idea = ideas[at];
    return idea === undefined || (!told.includes(idea) && ideas.indexOf(idea) === at);
  });
}

/** Two candidates at once, where they change different events. */
function pairs(singles: readonly Candidate[]): Candidate[] {
  const few = singles.filter(({ weight }) => weight < SAYS_LITTLE).slice(0, MOST_PAIRED);
  return few
    .flatMap((one, at) => few.slice(at + 1).map((other): [Candidate, Candidate] => [one, other]))
    .filter(([one, other]) => !one.changes.some((change) => other.changes.some((its) => isSameEvent(change, its))))
    .map(([one, other]) => ({
      text: `${one.text}, and ${other.text}`,
      changes: [...one.changes, ...other.changes],
      weight: one.weight + other.weight,
    }))
    .toSorted((a, b) => a.weight - b.weight);
}

function isSameEvent(one: Candidate["changes"][number], other: Candidate["changes"][number]): boolean {
  return one.do !== "insert" && other.do !== "insert" && one.index === other.index;
}
