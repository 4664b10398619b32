/** Numbers of the machines that are recorded: x86-64, and Linux's reporter. */

/** Bytes in a page. */
export const PAGE_SIZE = 4096;
/** Scatterlist entries of one request. Source: `duyck-line.md` E, PAGE_REPORTING_CAPACITY. */
export const CAPACITY = 32;
/** Microseconds between two passes of the worker at least. Source: `duyck-line.md` E, PAGE_REPORTING_DELAY. */
export const DELAY = 2_000_000;
/** Microseconds of the longest timer tick (HZ=100): a delay counted in ticks may be one shorter. */
export const TICK = 10_000;

/** A run of pages, as people read it and as the trace's hexadecimal says it. */
export function pagesText(start: number, pages: number): string {
  const hex = `0x${start.toString(16)}`;
  return pages === 1
    ? `page ${start} (pfn ${hex})`
    : `pages ${start} to ${start + pages - 1} (pfn ${hex}, ${pages} pages)`;
}
