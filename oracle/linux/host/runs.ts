/** A set of pages as runs, ascending and apart. */
import type { PageRange, Pages, Pfn } from "../../../model/alphabet/index.ts";

export class Runs {
  private readonly runs: PageRange[] = [];

  constructor(ranges: readonly PageRange[]) {
    for (const { start, pages } of ranges.toSorted((one, other) => one.start - other.start)) {
      const last = this.runs.at(-1);
      if (last === undefined || last.start + last.pages < start) this.runs.push({ start, pages });
      else
        this.runs[this.runs.length - 1] = {
          start: last.start,
          pages: Math.max(last.pages, start + pages - last.start),
        };
    }
  }

  /** Pages in all. */
  get length(): Pages {
    return this.runs.reduce((sum, { pages }) => sum + pages, 0);
  }

  all(): readonly PageRange[] {
    return this.runs;
  }

  /** The parts of a range that are in the set. */
  inside({ start, pages }: PageRange): PageRange[] {
    return this.runs
      .map((run) => ({ from: Math.max(run.start, start), to: Math.min(run.start + run.pages, start + pages) }))
      .filter(({ from, to }) => from < to)
      .map(({ from, to }) => ({ start: from, pages: to - from }));
  }

  /** The first page of a range that is in the set. */
  firstInside(range: PageRange): Pfn | undefined {
    return this.inside(range)[0]?.start;
  }

  /** The first page of a range that is not in the set. */
  firstOutside(range: PageRange): Pfn | undefined {
    return this.inside(range).reduce((rest: Runs, run) => rest.without(run), new Runs([range])).runs[0]?.start;
  }

  /** The set less a range. */
  without({ start, pages }: PageRange): Runs {
    const end = start + pages;
    return new Runs(
      this.runs.flatMap((run) => {
        const runEnd = run.start + run.pages;
        return [
          { start: run.start, pages: Math.min(runEnd, start) - run.start },
          { start: Math.max(run.start, end), pages: runEnd - Math.max(run.start, end) },
        ].filter((part) => part.pages > 0);
      }),
    );
  }
}
