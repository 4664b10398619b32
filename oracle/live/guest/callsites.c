/*
 * callsites FUNCTION: prints the places "caller+0xOFFSET" in the running kernel that call FUNCTION, one a line.
 *
 * Why: __free_one_page is `static inline` in the source, so the compiler emits it without the entry that kernel probes
 * need ("Could not probe notrace function"). Its callers can be probed: at the call the zone lock is held and the
 * arguments are in their registers. The offsets differ from build to build, so they are looked up in the running kernel:
 * names from /proc/kallsyms, code from /proc/kcore. x86-64 only: e8 is call, e9 is jmp, both with a 32-bit distance.
 * Source: linux-guest.md 3.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All callers are in mm/page_alloc.c: the text this far around the function is searched. */
#define WINDOW (256ull << 10)
#define CALL_BYTES 5

struct symbol {
	uint64_t address;
	char name[128];
};

static struct symbol *symbols;
static size_t count;

static void die(const char *what)
{
	fprintf(stderr, "callsites: %s\n", what);
	exit(1);
}

static int by_address(const void *a, const void *b)
{
	uint64_t one = ((const struct symbol *)a)->address, other = ((const struct symbol *)b)->address;
	return (one > other) - (one < other);
}

/* Reads the next function of the kernel itself (not of a module); 0 at the end. */
static int next_function(FILE *file, struct symbol *into)
{
	char line[512], type, module[128];
	unsigned long long address;

	while (fgets(line, sizeof line, file)) {
		int fields = sscanf(line, "%llx %c %127s %127s", &address, &type, into->name, module);
		into->address = address;
		/* __pfx_ symbols name the padding before a function, not the function. */
		if (fields == 3 && (type == 't' || type == 'T') && strncmp(into->name, "__pfx_", 6) != 0)
			return 1;
	}
	return 0;
}

static uint64_t address_of(FILE *file, const char *function)
{
	struct symbol symbol;

	while (next_function(file, &symbol))
		if (strcmp(symbol.name, function) == 0)
			return symbol.address;
	die("no such function");
	return 0;
}

static void read_symbols_around(FILE *file, uint64_t target)
{
	struct symbol symbol;
	size_t room = 0;

	rewind(file);
	while (next_function(file, &symbol)) {
		if (symbol.address + WINDOW < target || symbol.address > target + WINDOW)
			continue;
		if (count == room) {
			room = room ? 2 * room : 1024;
			symbols = realloc(symbols, room * sizeof *symbols);
			if (!symbols)
				die("no memory");
		}
		symbols[count++] = symbol;
	}
	qsort(symbols, count, sizeof *symbols, by_address);
}

/* The kernel's text from `low` to `high`, out of the core file that the kernel shows of itself. */
static unsigned char *read_text(uint64_t low, uint64_t high)
{
	size_t size = high - low, got = 0;
	unsigned char *text = malloc(size);
	int core = open("/proc/kcore", O_RDONLY);
	Elf64_Ehdr header;

	if (!text || core < 0 || pread(core, &header, sizeof header, 0) != sizeof header)
		die("/proc/kcore can't be read");
	for (int i = 0; i < header.e_phnum; i++) {
		Elf64_Phdr part;
		if (pread(core, &part, sizeof part, header.e_phoff + i * sizeof part) != sizeof part)
			die("/proc/kcore can't be read");
		if (part.p_type != PT_LOAD || low < part.p_vaddr || high > part.p_vaddr + part.p_memsz)
			continue;
		while (got < size) {
			ssize_t n = pread(core, text + got, size - got, part.p_offset + (low - part.p_vaddr) + got);
			if (n <= 0)
				die("/proc/kcore ends early");
			got += n;
		}
		close(core);
		return text;
	}
	die("/proc/kcore does not have the kernel's text");
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		die("usage: callsites FUNCTION");
	FILE *file = fopen("/proc/kallsyms", "r");
	if (!file)
		die("/proc/kallsyms can't be read");
	uint64_t target = address_of(file, argv[1]);
	read_symbols_around(file, target);
	uint64_t low = symbols[0].address, high = symbols[count - 1].address;
	unsigned char *text = read_text(low, high);
	size_t caller = 0;

	for (uint64_t at = low; at + CALL_BYTES <= high; at++) {
		int32_t distance;
		while (caller + 1 < count && symbols[caller + 1].address <= at)
			caller++;
		if (text[at - low] != 0xe8 && text[at - low] != 0xe9)
			continue;
		memcpy(&distance, text + (at - low) + 1, sizeof distance);
		if (at + CALL_BYTES + (int64_t)distance == target)
			printf("%s+0x%llx\n", symbols[caller].name, (unsigned long long)(at - symbols[caller].address));
	}
	return 0;
}
