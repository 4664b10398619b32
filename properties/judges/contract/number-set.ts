/**
 * A set of numbers that stays small where they are handed out one after another: it keeps intervals.
 *
 * A trace that starts in the middle must remember every request and ticket that it has seen, for ever.
 */
export class NumberSet {
  /** First and last number of each interval, ascending and apart. */
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];

  has(value: number): boolean {
    const index = this.before(value);
    return index >= 0 && value <= this.lasts[index];
  }

  add(value: number): void {
    const index = this.before(value);
    if (index >= 0 && value <= this.lasts[index]) return;
    const extendsLeft = index >= 0 && this.lasts[index] === value - 1;
    const extendsRight = this.firsts[index + 1] === value + 1;
    if (extendsLeft && extendsRight) {
      this.lasts[index] = this.lasts[index + 1];
      this.firsts.splice(index + 1, 1);
      this.lasts.splice(index + 1, 1);
    } else if (extendsLeft) this.lasts[index] = value;
    else if (extendsRight) this.firsts[index + 1] = value;
    else {
      this.firsts.splice(index + 1, 0, value);
      this.lasts.splice(index + 1, 0, value);
    }
  }

  /** Has the numbers that the other one has. */
  copy(other: NumberSet): void {
    this.clear();
    for (const first of other.firsts) this.firsts.push(first);
    for (const last of other.lasts) this.lasts.push(last);
  }

  clear(): void {
    this.firsts.length = 0;
    this.lasts.length = 0;
  }

  /** The last interval that begins at or before this number, or -1. */
  private before(value: number): number {
    let low = 0;
    let high = this.firsts.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (this.firsts[middle] <= value) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }
}
