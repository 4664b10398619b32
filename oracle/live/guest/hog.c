/*
 * hog MODE SECONDS MIB SEED: load on the guest's memory, the same for the same seed, that checks its own data.
 *
 *   churn   maps, fills and unmaps regions of random size, 4 KiB to 8 MiB
 *   thp     the same with regions of 2 to 8 MiB, in huge pages where the kernel has them
 *   frag    the same in small pages, of which every other run is given back and filled again
 *   holes   fills MIB with small pages, gives every other 16 KiB back, and keeps the rest; HOLDING exists from then on
 * hog fill MIB: fills that much, and ends
 *
 * Every page is stamped when it is filled, and looked at before it goes: a page that the host dropped while it was in
 * use shows here as corrupt. The last line says how many pages were looked at, and how many were corrupt.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define HUGE_PAGE (2ul << 20)
#define WORDS (PAGE / sizeof(uint64_t))
#define REGIONS 256
#define HOLDING "/tmp/holding"

struct region {
	char *start;
	size_t bytes;
	uint64_t id;
};

static struct region regions[REGIONS];
static uint64_t seed;
static size_t used;
static unsigned long mapped, checked, corrupt;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static char *map(size_t bytes, int advice)
{
	char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED) {
		perror("hog: mmap");
		exit(1);
	}
	madvise(start, bytes, advice);
	return start;
}

/* The stamp stands at both ends and in the middle of a page: a page dropped in part would show as well. */
static void stamp(char *page, uint64_t id, size_t offset)
{
	uint64_t *words = (uint64_t *)page;
	words[0] = id;
	words[WORDS / 2] = offset;
	words[WORDS - 1] = id ^ offset;
}

static void check(const char *page, uint64_t id, size_t offset)
{
	const uint64_t *words = (const uint64_t *)page;
	checked++;
	if (words[0] == id && words[WORDS / 2] == offset && words[WORDS - 1] == (id ^ offset))
		return;
	corrupt++;
}

static void fill(struct region *region)
{
	for (size_t at = 0; at < region->bytes; at += PAGE)
		stamp(region->start + at, region->id, at);
}

static void drop(struct region *region)
{
	for (size_t at = 0; at < region->bytes; at += PAGE)
		check(region->start + at, region->id, at);
	munmap(region->start, region->bytes);
	used -= region->bytes;
	region->start = NULL;
}

static void punch(struct region *region)
{
	size_t step = PAGE << (random_number() % 7);
	for (size_t at = 0; at + step <= region->bytes; at += 2 * step)
		madvise(region->start + at, step, MADV_DONTNEED);
}

static void take(struct region *region, const char *mode, size_t limit)
{
	int small = strcmp(mode, "churn") == 0, huge = strcmp(mode, "thp") == 0;
	size_t bytes = small ? PAGE << (random_number() % 12) : HUGE_PAGE * (1 + random_number() % 4);

	while (used + bytes > limit) {
		struct region *other = &regions[random_number() % REGIONS];
		if (other->start)
			drop(other);
	}
	region->start = map(bytes, small ? MADV_NORMAL : huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	region->bytes = bytes;
	region->id = ++mapped;
	used += bytes;
	fill(region);
	if (small || huge)
		return;
	punch(region);
	fill(region);
}

static void run(const char *mode, double seconds, size_t limit)
{
	double end = now() + seconds;
	do {
		struct region *region = &regions[random_number() % REGIONS];
		if (region->start)
			drop(region);
		else
			take(region, mode, limit);
	} while (now() < end);
	for (int i = 0; i < REGIONS; i++)
		if (regions[i].start)
			drop(&regions[i]);
}

static int is_hole(size_t at)
{
	return (at >> 14) & 1;
}

static void holes(double seconds, size_t bytes)
{
	char *start = map(bytes, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < bytes; at += PAGE)
		stamp(start + at, seed, at);
	for (size_t at = 0; at < bytes; at += PAGE)
		if (is_hole(at))
			madvise(start + at, PAGE, MADV_DONTNEED);
	close(creat(HOLDING, 0600));
	usleep(seconds * 1e6);
	for (size_t at = 0; at < bytes; at += PAGE)
		if (!is_hole(at))
			check(start + at, seed, at);
}

static int fill_and_end(size_t bytes)
{
	double begin = now();
	/* Huge pages: the same memory in far fewer events. Where none is left, the kernel gives small ones. */
	struct region region = { map(bytes, MADV_HUGEPAGE), bytes, 1 };
	fill(&region);
	printf("hog fill: %zu MiB in %.2f s\n", bytes >> 20, now() - begin);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "fill") == 0)
		return fill_and_end((size_t)atol(argv[2]) << 20);
	if (argc != 5) {
		fprintf(stderr, "usage: hog churn|thp|frag|holes SECONDS MIB SEED, or hog fill MIB\n");
		return 2;
	}
	double seconds = atof(argv[2]);
	size_t limit = (size_t)atol(argv[3]) << 20;

	seed = strtoull(argv[4], NULL, 10) * 2654435761u + 1;
	if (strcmp(argv[1], "holes") == 0)
		holes(seconds, limit);
	else
		run(argv[1], seconds, limit);
	printf("hog %s: mapped=%lu checked=%lu corrupt=%lu\n", argv[1], mapped, checked, corrupt);
	return corrupt != 0;
}
