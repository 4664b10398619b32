/*
 * The allocator of impl/ in plain C, without reporting: the same lists, tags, merging, splitting, positions, watermark
 * test and fallback, and the workloads of workloads.ts. What the implementation is measured against.
 *
 *     twin WORKLOAD PAGES        prints: nanoseconds per operation, digest
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { UNMOVABLE, MOVABLE, RECLAIMABLE, HIGHATOMIC, CMA, ISOLATE };
enum { TYPE_BITS = 0x07, ORDER_SHIFT = 3, ORDER_BITS = 0xf8, FREE = 0x100, ALLOCATED = 0x200, OWNER_BITS = 0x700 };
enum { OWNER_ORDER_BITS = OWNER_BITS | ORDER_BITS, NONE = -1 };
enum { LEAST_OPS = 1 << 21, LEAST_WARM_UP = 1 << 18 };

typedef struct {
  int32_t *next, *prev;
  uint16_t *tag;
  uint8_t *types;
  int32_t nr_free[32];
  uint32_t available[8];
  int32_t free, reserved, pages;
  int max_order, pageblock_order;
  double low, min;
} Zone;

static int32_t head_of(Zone *z, int order, int type) { return z->pages + ((order << ORDER_SHIFT) | type); }
static int type_at(Zone *z, int32_t index) { return z->types[index >> z->pageblock_order]; }
static int stride(Zone *z, int32_t at) {
  return z->tag[at] == 0 ? 1 : 1 << ((z->tag[at] & ORDER_BITS) >> ORDER_SHIFT);
}

static void link_before(Zone *z, int32_t block, int32_t below) {
  int32_t above = z->prev[below];
  z->next[above] = block;
  z->prev[block] = above;
  z->next[block] = below;
  z->prev[below] = block;
}

static void remove_block(Zone *z, int32_t block) {
  int tag = z->tag[block], order = (tag & ORDER_BITS) >> ORDER_SHIFT, type = tag & TYPE_BITS;
  int32_t below = z->next[block], above = z->prev[block];
  z->next[above] = below;
  z->prev[below] = above;
  if (above == below) z->available[type] &= ~(1u << order);
  z->nr_free[order]--;
  if (type != ISOLATE) z->free -= 1 << order;
  z->tag[block] = 0;
}

static void insert_block(Zone *z, int32_t block, int order, int type, int to_tail) {
  int32_t head = head_of(z, order, type);
  link_before(z, block, to_tail ? head : z->next[head]);
  z->tag[block] = FREE | (order << ORDER_SHIFT) | type;
  z->available[type] |= 1u << order;
  z->nr_free[order]++;
  if (type != ISOLATE) z->free += 1 << order;
}

static void move_block(Zone *z, int32_t block, int to) {
  int order = (z->tag[block] & ORDER_BITS) >> ORDER_SHIFT;
  remove_block(z, block);
  insert_block(z, block, order, to, 1);
}

static void expand(Zone *z, int32_t block, int low, int high, int type) {
  for (int order = high - 1; order >= low; order--) insert_block(z, block + (1 << order), order, type, 0);
}

static int32_t smallest(Zone *z, int order, int type) {
  uint32_t orders = z->available[type] & (~0u << order);
  if (orders == 0) return NONE;
  int found = __builtin_ctz(orders);
  int32_t block = z->next[head_of(z, found, type)];
  remove_block(z, block);
  expand(z, block, order, found, type);
  return block;
}

static int may_merge(int type, int other) { return type == other || (type < HIGHATOMIC && other < HIGHATOMIC); }

static void retag(Zone *z, int32_t block, int order, int type) {
  int32_t from = block >> z->pageblock_order, to = (block + (1 << order) - 1) >> z->pageblock_order;
  memset(z->types + from, type, to - from + 1);
}

static int merge_likely(Zone *z, int32_t block, int order) {
  if (order >= z->max_order - 1) return 0;
  int32_t buddy = (block & (int32_t)(~0u << (order + 1))) ^ (2 << order);
  return (z->tag[buddy] & OWNER_ORDER_BITS) == (FREE | ((order + 1) << ORDER_SHIFT));
}

static void free_one(Zone *z, int32_t block, int order, int type) {
  z->tag[block] = 0;
  while (order < z->max_order) {
    int32_t buddy = block ^ (1 << order);
    if ((z->tag[buddy] & OWNER_ORDER_BITS) != (FREE | (order << ORDER_SHIFT))) break;
    if (order >= z->pageblock_order && !may_merge(type, type_at(z, buddy))) break;
    remove_block(z, buddy);
    if (order >= z->pageblock_order && type_at(z, buddy) != type) retag(z, buddy, order, type);
    block &= buddy;
    order++;
  }
  insert_block(z, block, order, type, merge_likely(z, block, order));
}

static void free_block(Zone *z, int32_t block, int order) {
  int piece = order < z->pageblock_order ? order : z->pageblock_order;
  for (int32_t at = block; at < block + (1 << order); at += 1 << piece) free_one(z, at, piece, type_at(z, at));
}

static void move_pageblock(Zone *z, int32_t start, int to) {
  int32_t end = start + (1 << z->pageblock_order);
  for (int32_t at = start; at < end; at += stride(z, at)) {
    if ((z->tag[at] & OWNER_BITS) == FREE) move_block(z, at, to);
  }
  z->types[start >> z->pageblock_order] = to;
}

static const int FALLBACKS[3][2] = {{RECLAIMABLE, MOVABLE}, {RECLAIMABLE, UNMOVABLE}, {UNMOVABLE, MOVABLE}};

static int suitable(Zone *z, int order, int start) {
  for (int at = 0; at < 2; at++) {
    if (z->available[FALLBACKS[start][at]] & (1u << order)) return FALLBACKS[start][at];
  }
  return NONE;
}

static int can_steal(Zone *z, int order, int start) {
  return order >= z->pageblock_order >> 1 || start == UNMOVABLE || start == RECLAIMABLE;
}

static int takes_pageblock(Zone *z, int32_t pageblock, int from, int start) {
  int32_t pages = 1 << z->pageblock_order, free = 0, movable = 0;
  for (int32_t at = pageblock; at < pageblock + pages;) {
    int step = stride(z, at), tag = z->tag[at];
    if ((tag & OWNER_BITS) == FREE) free += step;
    else if ((tag & (OWNER_BITS | TYPE_BITS)) == (ALLOCATED | MOVABLE)) movable += step;
    at += step;
  }
  int32_t alike = start == MOVABLE ? movable : from == MOVABLE ? pages - (free + movable) : 0;
  return free + alike >= pages >> 1;
}

static int32_t steal(Zone *z, int order, int found, int from, int start) {
  int32_t block = z->next[head_of(z, found, from)];
  if (found >= z->pageblock_order) {
    remove_block(z, block);
    retag(z, block, found, start);
    expand(z, block, order, found, start);
    return block;
  }
  int32_t pageblock = block & (int32_t)(~0u << z->pageblock_order);
  if (can_steal(z, found, start) && takes_pageblock(z, pageblock, from, start)) {
    move_pageblock(z, pageblock, start);
    return smallest(z, order, start);
  }
  remove_block(z, block);
  expand(z, block, order, found, from);
  return block;
}

static int32_t fallback(Zone *z, int order, int start) {
  for (int o = z->max_order; o >= order; o--) {
    int from = suitable(z, o, start);
    if (from == NONE) continue;
    if (can_steal(z, o, start) || start != MOVABLE || o == order) return steal(z, order, o, from, start);
    for (int low = order; low <= z->max_order; low++) {
      from = suitable(z, low, start);
      if (from != NONE) return steal(z, order, low, from, start);
    }
  }
  return NONE;
}

static int may_take(Zone *z, int order, double mark) {
  if (z->free - ((1 << order) - 1) - z->reserved <= mark) return 0;
  return order == 0 || (z->available[0] | z->available[1] | z->available[2]) >> order != 0;
}

static int32_t allocate(Zone *z, int order, int type) {
  for (int round = 0; round < 2; round++) {
    if (!may_take(z, order, round == 0 ? z->low : z->min)) continue;
    int32_t block = smallest(z, order, type);
    if (block == NONE) block = fallback(z, order, type);
    if (block == NONE) continue;
    z->tag[block] = ALLOCATED | (order << ORDER_SHIFT) | type;
    return block;
  }
  return NONE;
}

static Zone *make_zone(int32_t pages) {
  Zone *z = calloc(1, sizeof *z);
  z->pages = pages;
  z->max_order = 10;
  z->pageblock_order = 9;
  int32_t links = pages + ((z->max_order + 1) << ORDER_SHIFT);
  z->next = calloc(links, sizeof(int32_t));
  z->prev = calloc(links, sizeof(int32_t));
  z->tag = calloc(pages, sizeof(uint16_t));
  z->types = malloc(pages >> z->pageblock_order);
  memset(z->types, MOVABLE, pages >> z->pageblock_order);
  for (int32_t head = pages; head < links; head++) z->next[head] = z->prev[head] = head;
  for (int32_t at = 0; at < pages; at += 1 << z->max_order) insert_block(z, at, z->max_order, MOVABLE, 1);
  return z;
}

/* The generator and the digest, as in workloads.ts. */
static uint32_t seed = 12345, digest = 0;
static uint32_t draw(void) { return seed = seed * 1664525u + 1013904223u; }
static void take(int32_t block) { digest = (digest ^ (uint32_t)block) * 0x01000193u + 1; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int shift_of(int32_t length) { return __builtin_clz((uint32_t)length) + 1; }

static void toggle(Zone *z, int32_t *held, int32_t slots, int order, int32_t ops) {
  int shift = shift_of(slots);
  for (int32_t op = 0; op < ops; op++) {
    uint32_t slot = shift == 32 ? 0 : draw() >> shift;
    if (held[slot] == NONE) {
      held[slot] = allocate(z, order, MOVABLE);
      take(held[slot]);
    } else {
      free_block(z, held[slot], order);
      held[slot] = NONE;
    }
  }
}

static void toggle_mixed(Zone *z, int32_t *held, uint8_t *orders, int32_t slots, int32_t ops) {
  int shift = shift_of(slots);
  for (int32_t op = 0; op < ops; op++) {
    uint32_t slot = draw() >> shift;
    if (held[slot] == NONE) {
      uint32_t drawn = draw();
      int order = drawn == 0 ? 32 : __builtin_clz(drawn);
      if (order > z->max_order) order = z->max_order;
      held[slot] = allocate(z, order, ((drawn >> 8) & 0xff) % 3);
      orders[slot] = order;
      take(held[slot]);
    } else {
      free_block(z, held[slot], orders[slot]);
      held[slot] = NONE;
    }
  }
}

static double churn(Zone *z, int32_t slots, int order, int is_mixed) {
  int32_t *held = malloc(slots * sizeof *held), ops = slots > LEAST_OPS ? slots : LEAST_OPS;
  uint8_t *orders = calloc(slots, 1);
  for (int32_t slot = 0; slot < slots; slot++) held[slot] = NONE;
  int32_t warm_up = 2 * slots > LEAST_WARM_UP ? 2 * slots : LEAST_WARM_UP;
  if (is_mixed) toggle_mixed(z, held, orders, slots, warm_up);
  else toggle(z, held, slots, order, warm_up);
  double before = now();
  if (is_mixed) toggle_mixed(z, held, orders, slots, ops);
  else toggle(z, held, slots, order, ops);
  return (now() - before) / ops;
}

static void take_and_give(Zone *z, int pairs) {
  for (int pair = 0; pair < pairs; pair++) {
    int32_t block = allocate(z, 0, MOVABLE);
    take(block);
    free_block(z, block, 0);
  }
}

static double hot(Zone *z) {
  int pairs = LEAST_OPS / 4;
  take_and_give(z, LEAST_WARM_UP / 2);
  double before = now();
  take_and_give(z, pairs);
  return (now() - before) / (2.0 * pairs);
}

static double fill_and_drain(Zone *z, const char *workload) {
  int32_t pages = z->pages, *held = malloc(pages * sizeof *held);
  int32_t rounds = pages < LEAST_OPS ? LEAST_OPS / pages : 1, warm_up = pages < LEAST_WARM_UP ? LEAST_WARM_UP / pages : 1;
  int shift = shift_of(pages), is_fill = strcmp(workload, "fill") == 0, is_random = strcmp(workload, "drain_rand") == 0;
  double time = 0;
  memset(held, 0, pages * sizeof *held);
  for (int32_t round = -warm_up; round < rounds; round++) {
    double before = now();
    for (int32_t at = 0; at < pages; at++) {
      held[at] = allocate(z, 0, MOVABLE);
      take(held[at]);
    }
    if (is_fill && round >= 0) time += now() - before;
    for (int32_t at = 0; is_random && at < pages; at++) {
      uint32_t other = draw() >> shift;
      int32_t block = held[at];
      held[at] = held[other];
      held[other] = block;
    }
    before = now();
    for (int32_t at = 0; at < pages; at++) free_block(z, held[at], 0);
    if (!is_fill && round >= 0) time += now() - before;
  }
  return time / ((double)rounds * pages);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const char *workload = argv[1];
  Zone *z = make_zone(atoi(argv[2]));
  double time;
  if (strcmp(workload, "order0_churn") == 0) time = churn(z, z->pages, 0, 0);
  else if (strcmp(workload, "thp_churn") == 0) time = churn(z, z->pages >> z->pageblock_order, z->pageblock_order, 0);
  else if (strcmp(workload, "mixed") == 0) time = churn(z, z->pages >> 2, 0, 1);
  else if (strcmp(workload, "order0_hot") == 0) time = hot(z);
  else time = fill_and_drain(z, workload);
  printf("%.3f %d\n", time, (int32_t)digest);
  return 0;
}
