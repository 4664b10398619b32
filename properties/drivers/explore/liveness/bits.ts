/** Sets of up to 32 pages or promises, as the bits of a number. */

/** The lowest bit of a set, 0 where it is empty. */
export function lowest(set: number): number {
  return set & -set;
}

/** The single bits of a set, lowest first. */
export function bits(set: number): number[] {
  const single: number[] = [];
  for (let left = set; left !== 0; left &= left - 1) single.push(lowest(left));
  return single;
}
