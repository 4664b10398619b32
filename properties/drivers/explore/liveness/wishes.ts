/** What must come to an end for each page, asked of every state. `duyck-line.md` H.3. */
import {
  FREE_TAG,
  MIGRATETYPES,
  OWNERS,
  OWNER_BITS,
  OWNER_SHIFT,
  REPORTED_BIT,
  TYPE_BITS,
  orderOfTag,
  pagesOf,
  type Order,
  type View,
} from "../../../../model/alphabet/index.ts";
import type { Wish } from "./liveness.ts";

/** A wish about the pages of a guest. */
export interface PageWish extends Wish {
  /** One bit for each page of which it is undone now. Pages count from 0, zone after zone; there are at most 32. */
  pages(view: View): number;
}

const HELD_TAG = OWNERS.indexOf("held") << OWNER_SHIFT;
const CACHED_TAG = OWNERS.indexOf("cached") << OWNER_SHIFT;
const ISOLATE = MIGRATETYPES.indexOf("isolate");

/** What was taken comes back. */
export const NOTHING_HELD: PageWish = {
  name: "nothing held",
  undone: "is held",
  pages: (view) => pagesIn(view, (tag) => (tag & OWNER_BITS) === HELD_TAG),
};

/**
 * Every block that may be reported now is reported, or is such a block no more. A block that a CPU caches is nobody's,
 * though no pass can see it: it counts. One on an isolate list does not: it is about to go.
 */
export const EVERYTHING_REPORTED: PageWish = {
  name: "everything reported",
  undone: "may be reported and is not",
  pages: (view) => unreported(view, view.reportOrder()),
};

/** The same, asked of blocks of the largest order only. Such a block is never what is left of a larger one. */
export const LARGEST_REPORTED: PageWish = {
  name: "every largest block reported",
  undone: "is in a block of the largest order that is not reported",
  pages: (view) => unreported(view, view.geometry.maxOrder),
};

/** The same, asked of smaller blocks only. Where users ask for largest blocks alone, that is what is left of one. */
export const REMAINDERS_REPORTED: PageWish = {
  name: "every remainder reported",
  undone: "is in a smaller block that may be reported and is not",
  pages: (view) => unreported(view, view.reportOrder(), view.geometry.maxOrder - 1),
};

function unreported(view: View, least: Order, most: Order = view.geometry.maxOrder): number {
  return pagesIn(view, (tag) => {
    const order = orderOfTag(tag);
    if (order < least || order > most || (tag & REPORTED_BIT) !== 0) return false;
    const owner = tag & OWNER_BITS;
    return owner === CACHED_TAG || (owner === FREE_TAG && (tag & TYPE_BITS) !== ISOLATE);
  });
}

/** The pages of all blocks with such a tag. */
function pagesIn(view: View, is: (tag: number) => boolean): number {
  const { tags } = view.words();
  let pages = 0;
  for (let page = 0; page < tags.length; page++) {
    if (tags[page] === 0 || !is(tags[page])) continue;
    const size = pagesOf(orderOfTag(tags[page]));
    pages |= (size >= 32 ? -1 : (1 << size) - 1) << page;
  }
  return pages;
}
