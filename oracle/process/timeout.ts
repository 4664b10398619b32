/** How long a program may take. */

/** Seconds that one answer may take, where nobody says. Source: `wire.md`, "The command line". */
export const DEFAULT_TIMEOUT = 10;

/** Seconds in a day: who names more made a slip of the finger. */
export const LONGEST_TIMEOUT = 86_400;
