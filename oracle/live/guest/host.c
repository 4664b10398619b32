/*
 * Loaded into QEMU (LD_PRELOAD), between it and madvise: records what the host really drops, and can play a slow host or
 * a wrong one. What QEMU's own trace says is only what QEMU believes to have done.
 *
 *   FPR_LOG=FILE      a line for each MADV_DONTNEED: start, end (seconds), address, length (hexadecimal), result
 *   FPR_DELAY_US=N    sleep so long before each: requests stay open for longer
 *   FPR_LATE_US=N     answer at once, and drop that much later: a host that drops pages after its ack (negative control)
 *
 * QEMU dies with whoever started it: the recording can't leave one behind, however it ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

struct range {
	void *start;
	size_t bytes;
};

static int (*real_madvise)(void *, size_t, int);
static FILE *log_file;
static useconds_t delay_us, late_us;

static useconds_t microseconds(const char *name)
{
	const char *value = getenv(name);
	return value ? strtoul(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FPR_LOG");

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	real_madvise = (int (*)(void *, size_t, int))dlsym(RTLD_NEXT, "madvise");
	delay_us = microseconds("FPR_DELAY_US");
	late_us = microseconds("FPR_LATE_US");
	log_file = path ? fopen(path, "w") : NULL;
	if (log_file)
		setvbuf(log_file, NULL, _IOLBF, 0);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int drop(void *start, size_t bytes)
{
	double began = now();
	int result = real_madvise(start, bytes, MADV_DONTNEED);
	if (log_file)
		fprintf(log_file, "%.6f %.6f %p %zx %d\n", began, now(), start, bytes, result);
	return result;
}

static void *drop_late(void *argument)
{
	struct range *range = argument;
	usleep(late_us);
	drop(range->start, range->bytes);
	free(range);
	return NULL;
}

static int promise(void *start, size_t bytes)
{
	struct range *range = malloc(sizeof *range);
	pthread_t thread;

	*range = (struct range){ start, bytes };
	if (pthread_create(&thread, NULL, drop_late, range) != 0)
		abort();
	pthread_detach(thread);
	return 0;
}

int madvise(void *start, size_t bytes, int advice)
{
	if (advice != MADV_DONTNEED)
		return real_madvise(start, bytes, advice);
	if (delay_us)
		usleep(delay_us);
	return late_us ? promise(start, bytes) : drop(start, bytes);
}
