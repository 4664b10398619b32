/**
 * `/proc/kpageflags`: 64 bits for each page frame from 0, little endian. Two of them matter here: BUDDY, which this
 * kernel sets for every page of a free block, and NOPAGE. Source: `linux-guest.md` 5 (a).
 */
import { InputError } from "../../../model/alphabet/index.ts";
import { readBytes } from "./text.ts";

const BYTES_A_PAGE = 8;
const BUDDY = 1 << 10;
const NOPAGE = 1 << 20;
/** The kernel prints whole sections of its sparse memory map: 128 MiB on x86-64. */
const SECTION_PAGES = 32768;

export class Snapshot {
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** True where the page was on a free list. */
  isFree(pfn: number): boolean {
    return (this.bytes.readUInt32LE(pfn * BYTES_A_PAGE) & (BUDDY | NOPAGE)) === BUDDY;
  }

  /** True where the kernel knew no such page. */
  isAbsent(pfn: number): boolean {
    return (this.bytes.readUInt32LE(pfn * BYTES_A_PAGE) & NOPAGE) !== 0;
  }
}

/**
 * @param end one past the last page of the last zone
 * @throws InputError where the file can't be read or has not exactly one entry for each page of the sections up to `end`
 */
export async function readSnapshot(path: string, end: number): Promise<Snapshot> {
  const expected = Math.ceil(end / SECTION_PAGES) * SECTION_PAGES * BYTES_A_PAGE;
  const bytes = await readBytes(path, 2 * expected);
  if (bytes.length === expected) return new Snapshot(bytes);
  throw new InputError(
    { file: path },
    `found ${bytes.length} bytes, expected ${expected}: 8 for each page up to ${end}, in whole sections of ${SECTION_PAGES} pages`,
  );
}
