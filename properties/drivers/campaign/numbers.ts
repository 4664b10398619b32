/** Pseudo-random numbers for a campaign: each of its runs begins at a place of its own, known by the run's number. */
import type { Choose } from "../schedule.ts";

/**
 * The numbers of one run: xoroshiro64* (D. Blackman, S. Vigna). A billion steps draw about as many numbers as a generator
 * with 32 bits has; this one has 64, so that no two runs meet.
 * @param seed of the campaign, a whole number under 2^32
 * @param run its number, under 2^32
 */
export function numbersOf(seed: number, run: number): Choose {
  // The second word tells the run, the first one then the seed: no two places are the same.
  let second = scatter(run);
  let first = scatter(scatter(seed) ^ second);
  if ((first | second) === 0) first = 1;
  return (bound) => {
    if (bound === 1) return 0;
    const drawn = Math.imul(first, 0x9e3779bb) >>> 0;
    second ^= first;
    first = ((first << 26) | (first >>> 6)) ^ second ^ (second << 9);
    second = (second << 13) | (second >>> 19);
    // By multiplication, not by division: the upper bits are the better ones, and it is faster.
    return (drawn * bound * 2 ** -32) | 0;
  };
}

/** A bijection of 32 bits in which neighbours end up far apart (the last step of A. Appleby's MurmurHash3). */
function scatter(word: number): number {
  let bits = word | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
