/*
 * The allocator of impl/ in plain C, without reporting: the same lists, tags, merging, splitting, positions, zonelists,
 * watermarks and fallback, and the workloads of workloads.ts. What the implementation is measured against. As there, a
 * page is an index into all zones, and nothing is known at compile time but the meaning of a tag's bits.
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
enum { LEAST_OPS = 1 << 22, LEAST_WARM_UP = 1 << 21 };

typedef struct {
  int32_t nr_free[32];
  uint32_t available[8];
  int32_t free, reserved, first, end;
  double low, min;
} Zone;

static int32_t *next, *prev;
static uint16_t *tag;
static uint8_t *types;
static Zone *zones;
static int zone_count, node_count, max_order, pageblock_order, lists_per_zone;
static int32_t pages;
static int *nodes, **zonelists;
/* One bit for each order that is cached per CPU: none is, but that has to be asked. */
static uint32_t pcp_orders;

static int32_t head_of(int zone, int order, int type) {
  return pages + zone * lists_per_zone + ((order << ORDER_SHIFT) | type);
}
static int zone_of(int32_t index) {
  int zone = 0;
  while (index >= zones[zone].end) zone++;
  return zone;
}
static int *zonelist(int node) {
  for (int at = 0; at < node_count; at++) {
    if (nodes[at] == node) return zonelists[at];
  }
  return zonelists[node_count];
}
static int type_at(int32_t index) { return types[index >> pageblock_order]; }
static int stride(int32_t at) { return tag[at] == 0 ? 1 : 1 << ((tag[at] & ORDER_BITS) >> ORDER_SHIFT); }

static void link_before(int32_t block, int32_t below) {
  int32_t above = prev[below];
  next[above] = block;
  prev[block] = above;
  next[block] = below;
  prev[below] = block;
}

static void remove_block(int zone, int32_t block) {
  int label = tag[block], order = (label & ORDER_BITS) >> ORDER_SHIFT, type = label & TYPE_BITS;
  int32_t below = next[block], above = prev[block];
  next[above] = below;
  prev[below] = above;
  if (above == below) zones[zone].available[type] &= ~(1u << order);
  zones[zone].nr_free[order]--;
  if (type != ISOLATE) zones[zone].free -= 1 << order;
  tag[block] = 0;
}

static void insert_block(int zone, int32_t block, int order, int type, int to_tail) {
  int32_t head = head_of(zone, order, type);
  link_before(block, to_tail ? head : next[head]);
  tag[block] = FREE | (order << ORDER_SHIFT) | type;
  zones[zone].available[type] |= 1u << order;
  zones[zone].nr_free[order]++;
  if (type != ISOLATE) zones[zone].free += 1 << order;
}

static void move_block(int zone, int32_t block, int to) {
  int order = (tag[block] & ORDER_BITS) >> ORDER_SHIFT;
  remove_block(zone, block);
  insert_block(zone, block, order, to, 1);
}

static void expand(int zone, int32_t block, int low, int high, int type) {
  for (int order = high - 1; order >= low; order--) insert_block(zone, block + (1 << order), order, type, 0);
}

static int32_t smallest(int zone, int order, int type) {
  uint32_t orders = zones[zone].available[type] & (~0u << order);
  if (orders == 0) return NONE;
  int found = __builtin_ctz(orders);
  int32_t block = next[head_of(zone, found, type)];
  remove_block(zone, block);
  expand(zone, block, order, found, type);
  return block;
}

static int may_merge(int type, int other) { return type == other || (type < HIGHATOMIC && other < HIGHATOMIC); }

static void retag(int32_t block, int order, int type) {
  int32_t from = block >> pageblock_order, to = (block + (1 << order) - 1) >> pageblock_order;
  memset(types + from, type, to - from + 1);
}

static int merge_likely(int32_t block, int order) {
  if (order >= max_order - 1) return 0;
  int32_t buddy = (block & (int32_t)(~0u << (order + 1))) ^ (2 << order);
  return (tag[buddy] & OWNER_ORDER_BITS) == (FREE | ((order + 1) << ORDER_SHIFT));
}

static void free_one(int zone, int32_t block, int order, int type) {
  tag[block] = 0;
  while (order < max_order) {
    int32_t buddy = block ^ (1 << order);
    if ((tag[buddy] & OWNER_ORDER_BITS) != (FREE | (order << ORDER_SHIFT))) break;
    if (order >= pageblock_order && !may_merge(type, type_at(buddy))) break;
    remove_block(zone, buddy);
    if (order >= pageblock_order && type_at(buddy) != type) retag(buddy, order, type);
    block &= buddy;
    order++;
  }
  insert_block(zone, block, order, type, merge_likely(block, order));
}

static void free_block(int zone, int32_t block, int order) {
  int piece = order < pageblock_order ? order : pageblock_order;
  for (int32_t at = block; at < block + (1 << order); at += 1 << piece) free_one(zone, at, piece, type_at(at));
}

static void move_pageblock(int zone, int32_t start, int to) {
  int32_t end = start + (1 << pageblock_order);
  for (int32_t at = start; at < end; at += stride(at)) {
    if ((tag[at] & OWNER_BITS) == FREE) move_block(zone, at, to);
  }
  types[start >> pageblock_order] = to;
}

static const int FALLBACKS[3][2] = {{RECLAIMABLE, MOVABLE}, {RECLAIMABLE, UNMOVABLE}, {UNMOVABLE, MOVABLE}};

static int suitable(int zone, int order, int start) {
  for (int at = 0; at < 2; at++) {
    if (zones[zone].available[FALLBACKS[start][at]] & (1u << order)) return FALLBACKS[start][at];
  }
  return NONE;
}

static int can_steal(int order, int start) {
  return order >= pageblock_order >> 1 || start == UNMOVABLE || start == RECLAIMABLE;
}

static int takes_pageblock(int32_t pageblock, int from, int start) {
  int32_t size = 1 << pageblock_order, free = 0, movable = 0;
  for (int32_t at = pageblock; at < pageblock + size;) {
    int step = stride(at), label = tag[at];
    if ((label & OWNER_BITS) == FREE) free += step;
    else if ((label & (OWNER_BITS | TYPE_BITS)) == (ALLOCATED | MOVABLE)) movable += step;
    at += step;
  }
  int32_t alike = start == MOVABLE ? movable : from == MOVABLE ? size - (free + movable) : 0;
  return free + alike >= size >> 1;
}

static int32_t steal(int zone, int order, int found, int from, int start) {
  int32_t block = next[head_of(zone, found, from)];
  if (found >= pageblock_order) {
    remove_block(zone, block);
    retag(block, found, start);
    expand(zone, block, order, found, start);
    return block;
  }
  int32_t pageblock = block & (int32_t)(~0u << pageblock_order);
  if (can_steal(found, start) && takes_pageblock(pageblock, from, start)) {
    move_pageblock(zone, pageblock, start);
    return smallest(zone, order, start);
  }
  remove_block(zone, block);
  expand(zone, block, order, found, from);
  return block;
}

static int32_t fallback(int zone, int order, int start) {
  for (int o = max_order; o >= order; o--) {
    int from = suitable(zone, o, start);
    if (from == NONE) continue;
    if (can_steal(o, start) || start != MOVABLE || o == order) return steal(zone, order, o, from, start);
    for (int low = order; low <= max_order; low++) {
      from = suitable(zone, low, start);
      if (from != NONE) return steal(zone, order, low, from, start);
    }
  }
  return NONE;
}

static int may_take(int zone, int order, double mark) {
  if (zones[zone].free - ((1 << order) - 1) - zones[zone].reserved <= mark) return 0;
  return order == 0 || (zones[zone].available[0] | zones[zone].available[1] | zones[zone].available[2]) >> order != 0;
}

static int32_t rmqueue(int zone, int order, int type) {
  if ((pcp_orders >> order) & 1) abort();
  int32_t block = smallest(zone, order, type);
  return block == NONE ? fallback(zone, order, type) : block;
}

static int32_t allocate(int order, int type, int node) {
  int *list = zonelist(node);
  for (int round = 0; round < 2; round++) {
    for (int at = 0; at < zone_count; at++) {
      int zone = list[at];
      if (!may_take(zone, order, round == 0 ? zones[zone].low : zones[zone].min)) continue;
      int32_t block = rmqueue(zone, order, type);
      if (block == NONE) continue;
      tag[block] = ALLOCATED | (order << ORDER_SHIFT) | type;
      return block;
    }
  }
  return NONE;
}

static void release(int32_t block, int order) {
  int zone = zone_of(block);
  if ((pcp_orders >> order) & 1) abort();
  free_block(zone, block, order);
}

static void boot(int32_t size) {
  pages = size;
  max_order = 10;
  pageblock_order = 9;
  lists_per_zone = (max_order + 1) << ORDER_SHIFT;
  zone_count = node_count = 1;
  zones = calloc(zone_count, sizeof *zones);
  zones[0].end = pages;
  nodes = calloc(node_count, sizeof *nodes);
  zonelists = calloc(node_count + 1, sizeof *zonelists);
  for (int at = 0; at <= node_count; at++) zonelists[at] = calloc(zone_count, sizeof(int));
  int32_t links = pages + zone_count * lists_per_zone;
  next = calloc(links, sizeof *next);
  prev = calloc(links, sizeof *prev);
  tag = calloc(pages, sizeof *tag);
  types = malloc(pages >> pageblock_order);
  memset(types, MOVABLE, pages >> pageblock_order);
  for (int32_t head = pages; head < links; head++) next[head] = prev[head] = head;
  for (int32_t at = 0; at < pages; at += 1 << max_order) insert_block(0, at, max_order, MOVABLE, 1);
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

static void toggle(int32_t *held, int32_t slots, int order, int32_t ops) {
  int shift = shift_of(slots);
  for (int32_t op = 0; op < ops; op++) {
    uint32_t slot = shift == 32 ? 0 : draw() >> shift;
    if (held[slot] == NONE) {
      held[slot] = allocate(order, MOVABLE, 0);
      take(held[slot]);
    } else {
      release(held[slot], order);
      held[slot] = NONE;
    }
  }
}

static void toggle_mixed(int32_t *held, uint8_t *orders, int32_t slots, int32_t ops) {
  int shift = shift_of(slots);
  for (int32_t op = 0; op < ops; op++) {
    uint32_t slot = draw() >> shift;
    if (held[slot] == NONE) {
      uint32_t drawn = draw();
      int order = drawn == 0 ? 32 : __builtin_clz(drawn);
      if (order > max_order) order = max_order;
      held[slot] = allocate(order, ((drawn >> 8) & 0xff) % 3, 0);
      orders[slot] = order;
      take(held[slot]);
    } else {
      release(held[slot], orders[slot]);
      held[slot] = NONE;
    }
  }
}

static double churn(int32_t slots, int order, int is_mixed) {
  int32_t *held = malloc(slots * sizeof *held), ops = slots > LEAST_OPS ? slots : LEAST_OPS;
  uint8_t *orders = calloc(slots, 1);
  for (int32_t slot = 0; slot < slots; slot++) held[slot] = NONE;
  int32_t warm_up = 2 * slots > LEAST_WARM_UP ? 2 * slots : LEAST_WARM_UP;
  if (is_mixed) toggle_mixed(held, orders, slots, warm_up);
  else toggle(held, slots, order, warm_up);
  double before = now();
  if (is_mixed) toggle_mixed(held, orders, slots, ops);
  else toggle(held, slots, order, ops);
  return (now() - before) / ops;
}

static void take_and_give(int pairs) {
  for (int pair = 0; pair < pairs; pair++) {
    int32_t block = allocate(0, MOVABLE, 0);
    take(block);
    release(block, 0);
  }
}

static double hot(void) {
  int pairs = LEAST_OPS / 4;
  take_and_give(LEAST_WARM_UP / 2);
  double before = now();
  take_and_give(pairs);
  return (now() - before) / (2.0 * pairs);
}

static double fill_and_drain(const char *workload) {
  int32_t *held = malloc(pages * sizeof *held);
  int32_t rounds = pages < LEAST_OPS ? LEAST_OPS / pages : 1, warm_up = pages < LEAST_WARM_UP ? LEAST_WARM_UP / pages : 1;
  int shift = shift_of(pages), is_fill = strcmp(workload, "fill") == 0, is_random = strcmp(workload, "drain_rand") == 0;
  double time = 0;
  memset(held, 0, pages * sizeof *held);
  for (int32_t round = -warm_up; round < rounds; round++) {
    double before = now();
    for (int32_t at = 0; at < pages; at++) {
      held[at] = allocate(0, MOVABLE, 0);
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
    for (int32_t at = 0; at < pages; at++) release(held[at], 0);
    if (!is_fill && round >= 0) time += now() - before;
  }
  return time / ((double)rounds * pages);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const char *workload = argv[1];
  boot(atoi(argv[2]));
  double time;
  if (strcmp(workload, "order0_churn") == 0) time = churn(pages, 0, 0);
  else if (strcmp(workload, "thp_churn") == 0) time = churn(pages >> pageblock_order, pageblock_order, 0);
  else if (strcmp(workload, "mixed") == 0) time = churn(pages >> 2, 0, 1);
  else if (strcmp(workload, "order0_hot") == 0) time = hot();
  else time = fill_and_drain(workload);
  printf("%.3f %d\n", time, (int32_t)digest);
  return 0;
}
