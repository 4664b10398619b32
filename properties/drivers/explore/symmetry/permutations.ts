/** Permutations of a few things. */

export function factorial(count: number): number {
  return count < 2 ? 1 : count * factorial(count - 1);
}

/** All orders of 0 … count-1, the ascending one first. */
export function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((shorter) =>
    Array.from({ length: count }, (_, back) => shorter.toSpliced(shorter.length - back, 0, count - 1)),
  );
}

/** The order that undoes this one. */
export function inverse(order: Int32Array): Int32Array {
  const undone = new Int32Array(order.length);
  order.forEach((to, from) => (undone[to] = from));
  return undone;
}

/** Below 0 where the first row comes first, 0 where both are the same. They are equally long. */
export function compare(one: ArrayLike<number>, other: ArrayLike<number>): number {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return 0;
}

/** The same of two stretches of one row. */
export function compareStretch(row: ArrayLike<number>, one: number, other: number, length: number): number {
  for (let at = 0; at < length; at++) if (row[one + at] !== row[other + at]) return row[one + at] - row[other + at];
  return 0;
}
