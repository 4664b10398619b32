/*
 * An adapter for `fpr conform` in C11: a buddy allocator with free page reporting behind the live protocol.
 * Copy it, and put calls into your own code in place of part 1 (docs/write-an-adapter.md).
 *
 *   build   cc -std=c11 -O2 -Wall -Wextra -o adapter adapter.c
 *   judge   npx fpr conform -- ./adapter
 */
#define _POSIX_C_SOURCE 200809L /* getline */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define MAX_ORDER 20
#define MAX_ZONES 64
#define MAX_RANGES 256   /* in one request, where the geometry's capacity would allow more */
#define MAX_WAITERS 1024 /* callers asleep; one more is told to try again */
typedef unsigned long long u64;

/* One more event in the answer. Its closing brace is written by whatever follows, so that keys can be added. */
static unsigned events;
#define event(name, ...) (printf("%s{\"event\":\"%s\"", events++ ? "}," : "", name), printf(__VA_ARGS__))

/* Mistakes on purpose, to see what the oracle says of them. In your copy, delete every line that asks for one. */
static const char *const bugs[] = { "no-isolate", "self-ack" }, *chosen_bug = "";
static bool bug(const char *name) { return !strcmp(chosen_bug, name); }

/* ---- 1. The allocator and its reporter ---- */
/* The tag stands on the first page of a block. INSIDE: any other page, and every page of an allocation. */
enum tag { INSIDE, FREE, HELD, ABSENT };

struct page {
	struct page *next, *prev; /* while FREE */
	struct zone *zone;
	u64 pfn;
	unsigned tag, order;
	bool reported; /* the host knows that the whole block is unused */
};

struct zone {
	u64 node, start, pages, min, low, free, held; /* min, low: watermarks */
	struct page *map;                             /* of every page */
	struct page lists[MAX_ORDER + 1];             /* list heads, by order; reported blocks stand last */
};

struct caller { u64 node, ticket; unsigned order; }; /* ticket 0: he has just come */
static struct zone zones[MAX_ZONES];
static struct page *held[MAX_RANGES];      /* what the open request has */
static struct caller waiters[MAX_WAITERS]; /* who sleeps until held pages come back, the oldest first */
static unsigned zone_count, held_count, waiter_count, max_order, report_order, capacity;
static u64 requests, tickets; /* how many there were, which is the number of the last */
static bool registered;

static void list_insert(struct page *page, unsigned order, bool reported)
{
	struct page *head = &page->zone->lists[order], *prev = reported ? head->prev : head;
	*page = (struct page){ prev->next, prev, page->zone, page->pfn, FREE, order, reported };
	page->next->prev = prev->next = page;
	page->zone->free += 1ull << order;
}

static void list_remove(struct page *page, enum tag tag)
{
	page->prev->next = page->next;
	page->next->prev = page->prev;
	page->tag = tag;
	page->zone->free -= 1ull << page->order;
}

/* Frees a block and merges it with its buddies: reported is only what has two reported halves. Returns that mark.
 * Zones begin on a multiple of the largest block, so a buddy is never in another zone. */
static bool put_block(struct page *page, unsigned order, bool reported)
{
	for (; order < max_order; order++) {
		struct page *buddy = page->pfn >> order & 1 ? page - (1ull << order) : page + (1ull << order);
		if (buddy->tag != FREE || buddy->order != order) break;
		list_remove(buddy, INSIDE);
		reported = reported && buddy->reported;
		if (buddy < page) page = buddy;
	}
	list_insert(page, order, reported);
	return reported;
}

/* Takes a block, above the minimum that the zone keeps. The halves split off keep the mark of the whole. */
static struct page *take_block(struct zone *zone, unsigned order)
{
	if (zone->free < zone->min + (1ull << order)) return NULL;
	for (unsigned have = order; have <= max_order; have++) {
		struct page *head = &zone->lists[have], *page = head->next;
		if (page == head) continue;
		list_remove(page, INSIDE);
		while (have-- > order) list_insert(page + (1ull << have), have, page->reported);
		return page;
	}
	return NULL;
}

/* A caller tries for his block, on his own node first. False: it may be among the held pages, so he has no answer
 * yet. Counting those is enough: if they make no block in the end, he is told so when they are back. */
static bool try_alloc(const struct caller *caller)
{
	struct page *page = NULL;
	bool may_come_back = false;
	for (int elsewhere = 0; elsewhere < 2; elsewhere++)
		for (struct zone *zone = zones; !page && zone < zones + zone_count; zone++) {
			if ((zone->node != caller->node) == elsewhere) page = take_block(zone, caller->order);
			may_come_back |= zone->held && zone->free + zone->held >= zone->min + (1ull << caller->order);
		}
	if (page) event("alloc", ",\"pfn\":%llu,\"order\":%u", page->pfn, caller->order);
	else if (may_come_back) return false;
	else event("alloc-failed", ",\"order\":%u,\"reason\":\"no-memory\"", caller->order);
	if (caller->ticket) printf(",\"ticket\":%llu", caller->ticket);
	return true;
}

static void alloc(unsigned order, u64 node, bool may_sleep)
{
	if (try_alloc(&(struct caller){ node, 0, order })) return;
	bool sleeps = may_sleep && waiter_count < MAX_WAITERS;
	if (sleeps) waiters[waiter_count++] = (struct caller){ node, ++tickets, order };
	if (sleeps) event("alloc-waits", ",\"order\":%u,\"ticket\":%llu", order, tickets);
	else event("alloc-failed", ",\"order\":%u,\"reason\":\"would-block\"", order);
}

/* After every action, as most change what is free or held: whoever sleeps tries again. */
static void wake_waiters(void)
{
	unsigned still = 0;
	for (unsigned i = 0; i < waiter_count; i++)
		if (!try_alloc(&waiters[i])) waiters[still++] = waiters[i];
	waiter_count = still;
}

static void free_block(u64 pfn, unsigned order)
{
	event("free", ",\"pfn\":%llu,\"order\":%u", pfn, order);
	for (struct zone *zone = zones; zone < zones + zone_count; zone++)
		if (pfn - zone->start < zone->pages) put_block(&zone->map[pfn - zone->start], order, false);
}

static void ack(u64 request, bool ok)
{
	event("ack", ",\"request\":%llu,\"ok\":%s", request, ok ? "true" : "false");
	while (held_count > 0) {
		struct page *page = held[--held_count];
		unsigned order = page->order; /* before it merges */
		page->zone->held -= 1ull << order;
		if (bug("no-isolate") && page->tag == FREE) list_remove(page, INSIDE);
		const char *mark = put_block(page, order, ok) ? "true" : "false";
		event("release", ",\"pfn\":%llu,\"order\":%u,\"reported\":%s", page->pfn, order, mark);
	}
}

/* One request at a time. While a caller waits for held pages no more are taken; zones stay above their low mark. */
static void work(void)
{
	if (!registered || waiter_count > 0 || held_count > 0) return;
	for (struct zone *zone = zones; zone < zones + zone_count; zone++)
		for (unsigned order = max_order + 1; order-- > report_order;) {
			struct page *head = &zone->lists[order], *page;
			while ((page = head->next) != head && !page->reported && held_count < capacity) {
				if (zone->free < zone->low + (1ull << order)) break;
				list_remove(page, HELD);
				if (bug("no-isolate")) list_insert(page, order, true);
				zone->held += 1ull << order;
				held[held_count++] = page;
				event("isolate", ",\"pfn\":%llu,\"order\":%u", page->pfn, order);
			}
		}
	if (held_count == 0) return;
	event("submit", ",\"request\":%llu,\"ranges\":[", ++requests);
	for (unsigned i = 0; i < held_count; i++)
		printf("%s{\"pfn\":%llu,\"order\":%u}", i ? "," : "", held[i]->pfn, held[i]->order);
	putchar(']');
	if (bug("self-ack")) ack(requests, true);
}

static void set_registered(bool value)
{
	if (registered != value) event(value ? "registered" : "unregistered", "%s", "");
	registered = value;
}

/* ---- 2. Reading JSON: a value is a pointer to where it begins in the line. No tree, nothing to free. ---- */
static const char *blank(const char *s) { return s + strspn(s, " \t\r\n"); }
static void fail(const char *why) { exit((fprintf(stderr, "adapter: %s\n", why), 1)); }

static bool is(const char *string, const char *text)
{
	return !strncmp(string + 1, text, strlen(text)) && string[1 + strlen(text)] == '"';
}

/* Past a value and the blanks behind it. */
static const char *skip(const char *s)
{
	int depth = 0;
	do {
		if (*s == '"')
			for (s++; *s && *s != '"';) s += *s == '\\' && s[1] ? 2 : 1;
		if (!*s) fail("the line ends within a value");
		depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
		size_t word = strcspn(s, ",:{}[]\" \t\r\n");
		s = blank(s + (word ? word : 1));
	} while (depth > 0);
	return s;
}

/* The value of a key in an object, or NULL. Of a key given twice the last counts. */
static const char *member(const char *object, const char *key)
{
	const char *value = NULL, *s = object;
	while (s && (*s == '{' || *s == ',')) {
		const char *name = blank(s + 1);
		if (*(s = skip(name)) != ':') break;
		s = blank(s + 1);
		if (is(name, key)) value = s;
		s = skip(s);
	}
	return value;
}

/* A number; true is 1. */
static u64 number(const char *object, const char *key, u64 otherwise)
{
	const char *value = member(object, key);
	return !value ? otherwise : *value == 't' ? 1 : (u64)strtod(value, NULL);
}

/* The items of a list: for (i = item(list); i; i = item(skip(i))). */
static const char *item(const char *s)
{
	s = s && (*s == '[' || *s == ',') ? blank(s + 1) : NULL;
	return s && *s != ']' ? s : NULL;
}

/* ---- 3. The protocol: a line in, a line out ---- */
static void add_zone(struct zone *zone, const char *text)
{
	const char *marks = member(text, "watermarks"), *hole;
	free(zone->map);
	*zone = (struct zone){ .start = number(text, "start", 0), .pages = number(text, "pages", 0) };
	zone->node = number(text, "node", 0), zone->min = number(marks, "min", 0), zone->low = number(marks, "low", 0);
	for (struct page *head = zone->lists; head <= zone->lists + max_order; head++) head->next = head->prev = head;
	if (!(zone->map = calloc(zone->pages, sizeof *zone->map))) fail("no memory for the pages of a zone");
	for (hole = item(member(text, "holes")); hole; hole = item(skip(hole)))
		for (u64 i = number(hole, "start", 0) - zone->start, n = number(hole, "pages", 0); n > 0; i++, n--)
			zone->map[i].tag = ABSENT;
	for (u64 i = 0; i < zone->pages; i++) {
		zone->map[i].zone = zone;
		zone->map[i].pfn = zone->start + i;
		if (zone->map[i].tag != ABSENT) put_block(&zone->map[i], 0, false);
	}
}

static void start(const char *geometry)
{
	max_order = number(geometry, "maxOrder", 10);
	report_order = number(geometry, "reportOrder", max_order < 9 ? max_order : 9);
	u64 most = number(geometry, "capacity", 32);
	capacity = most < MAX_RANGES ? most : MAX_RANGES;
	zone_count = held_count = waiter_count = requests = tickets = 0;
	registered = true;
	for (const char *zone = item(member(geometry, "zones")); zone; zone = item(skip(zone)))
		zone_count < MAX_ZONES ? add_zone(&zones[zone_count++], zone) : fail("too many zones");
	printf("{\"ready\":{\"name\":\"buddy in C\",\"claims\":[\"completeness\"],"
	       "\"does\":[\"alloc\",\"free\",\"work\",\"ack\",\"unregister\",\"register\"]}}\n");
}

static void perform(const char *name, const char *action)
{
	events = 0;
	printf("{\"events\":[");
	if (is(name, "alloc")) alloc(number(action, "order", 0), number(action, "node", 0), number(action, "wait", 0));
	else if (is(name, "free")) free_block(number(action, "pfn", 0), number(action, "order", 0));
	else if (is(name, "work")) work();
	else if (is(name, "ack")) ack(number(action, "request", 0), number(action, "ok", 0));
	else if (is(name, "unregister")) set_registered(false);
	else if (is(name, "register")) set_registered(true);
	wake_waiters();
	printf("%s]}\n", events ? "}" : "");
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++)
		if (argc == 3 && !strcmp(argv[1], "--bug") && !strcmp(argv[2], bugs[i])) chosen_bug = bugs[i];
	if (argc > 1 && !*chosen_bug) return fputs("usage: adapter [--bug no-isolate|self-ack]\n", stderr), 2;
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0) {
		const char *action = blank(line), *name = member(action, "do");
		if (!name) break;
		if (is(name, "start")) start(member(action, "geometry"));
		else perform(name, action);
		fflush(stdout); /* the other side waits for this line before it sends the next */
		if (is(name, "stop")) return 0;
	}
	return 1; /* the other side went away, or sent what is no action */
}
