/*
 * The most trivial correct program that speaks the live protocol: a map of used pages, the lowest free block first, nothing
 * is ever reported. conform-rate.ts measures with it how fast the oracle can ask.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 4096 /* of all zones together, and holes count as used */
#define ZONES 8

static struct { unsigned long long start; unsigned pages, first; } zones[ZONES];
static unsigned zone_count;
static char used[PAGES];

static unsigned long long number(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The driver's own writing: {"name":…,"node":…,"holes":[{"start":…,"pages":…},…],"start":…,"pages":…,…} in any order of keys. */
static void start(char *line)
{
	unsigned first = 0;
	zone_count = 0;
	memset(used, 0, sizeof used);
	for (char *zone = strstr(line, "\"name\""); zone; zone = strstr(zone + 1, "\"name\"")) {
		char *holes = strstr(zone, "\"holes\":["), *end = strchr(holes, ']'), *next = strstr(zone + 1, "\"name\"");
		char own[4096] = "";
		strncat(own, zone, holes - zone);
		strncat(own, end, next ? (size_t)(next - end) : strlen(end));
		zones[zone_count].start = number(own, "\"start\":");
		zones[zone_count].pages = number(own, "\"pages\":");
		zones[zone_count].first = first;
		for (char *hole = strstr(holes, "{"); hole && hole < end; hole = strstr(hole + 1, "{"))
			memset(used + first + (number(hole, "\"start\":") - zones[zone_count].start), 1, number(hole, "\"pages\":"));
		first += zones[zone_count++].pages;
		if (zone_count == ZONES || first > PAGES) exit(2);
	}
	puts("{\"ready\":{\"name\":\"first-fit\",\"does\":[\"alloc\",\"free\",\"work\",\"ack\"]}}");
}

static void alloc(unsigned order)
{
	unsigned size = 1u << order;
	for (unsigned zone = 0; zone < zone_count; zone++)
		for (unsigned at = 0; at + size <= zones[zone].pages; at += size) {
			char *block = used + zones[zone].first + at;
			if (memchr(block, 1, size)) continue;
			memset(block, 1, size);
			printf("{\"events\":[{\"event\":\"alloc\",\"pfn\":%llu,\"order\":%u}]}\n", zones[zone].start + at, order);
			return;
		}
	printf("{\"events\":[{\"event\":\"alloc-failed\",\"order\":%u}]}\n", order);
}

static void release(unsigned long long pfn, unsigned order)
{
	for (unsigned zone = 0; zone < zone_count; zone++)
		if (pfn >= zones[zone].start && pfn - zones[zone].start < zones[zone].pages)
			memset(used + zones[zone].first + (pfn - zones[zone].start), 0, 1u << order);
	printf("{\"events\":[{\"event\":\"free\",\"pfn\":%llu,\"order\":%u}]}\n", pfn, order);
}

int main(void)
{
	static char line[1 << 16];
	while (fgets(line, sizeof line, stdin)) {
		if (strstr(line, "\"do\":\"start\"")) start(line);
		else if (strstr(line, "\"do\":\"alloc\"")) alloc(number(line, "\"order\":"));
		else if (strstr(line, "\"do\":\"free\"")) release(number(line, "\"pfn\":"), number(line, "\"order\":"));
		else puts("{\"events\":[]}");
		fflush(stdout);
		if (strstr(line, "\"do\":\"stop\"")) return 0;
	}
	return 1;
}
