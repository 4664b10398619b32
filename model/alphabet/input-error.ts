/**
 * Input that can't be used: a broken file, a geometry that makes no sense, a wrong option.
 *
 * Whoever finds it throws this; the command line prints it as it is and ends with status 2. It is never a verdict.
 */
export interface Place {
  /** The file, directory or `standard input` that it was found in. */
  readonly file?: string;
  /** Lines count from 1. */
  readonly line?: number;
  /** The key in the object, as a path: `geometry.zones[0].start`. */
  readonly key?: string;
}

/** Thrown where input can't be used; the message names the place, what was found and what was expected. */
export class InputError extends Error {
  readonly place: Place;
  readonly problem: string;

  /**
   * @param place where it stands, as far as known
   * @param problem what was found and what was expected, one sentence without a full stop
   */
  constructor(place: Place, problem: string) {
    const where = [
      place.file,
      place.line === undefined ? undefined : `line ${place.line}`,
      place.key === undefined || place.key === "" ? undefined : place.key,
    ].filter((part) => part !== undefined);
    super(where.length === 0 ? problem : `${where.join(", ")}: ${problem}`);
    this.name = "InputError";
    this.place = place;
    this.problem = problem;
  }

  /** The same problem, seen from further outside: what is known already stays. */
  at(place: Place): InputError {
    return new InputError({ ...place, ...this.place }, this.problem);
  }
}
