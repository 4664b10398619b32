/** How much of what is known was visited, and what never was. */

export class Coverage {
  readonly #times: Map<string, number>;
  readonly #others = new Set<string>();

  /** @param known what there is to visit */
  constructor(known: readonly string[]) {
    this.#times = new Map(known.map((label) => [label, 0]));
  }

  /** Takes note of a visit, or of several. */
  visit(label: string, times = 1): void {
    const before = this.#times.get(label);
    if (before === undefined) this.#others.add(label);
    else this.#times.set(label, before + times);
  }

  get known(): number {
    return this.#times.size;
  }

  get visited(): number {
    return this.known - this.missing().length;
  }

  /** Never visited, in the order in which they are known. */
  missing(): string[] {
    return [...this.#times].filter(([, times]) => times === 0).map(([label]) => label);
  }

  /** Visited, although nobody knew of them: what is known is not all there is. */
  unknown(): readonly string[] {
    return [...this.#others];
  }
}
