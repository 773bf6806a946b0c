/* What the process holds: memory, descriptors, threads. Must stay the same however often something is done. */
#ifndef MLP_TESTS_ENDURANCE_HELD_H
#define MLP_TESTS_ENDURANCE_HELD_H

#include <dirent.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

struct held {
	size_t heap;   /* bytes that malloc has given out and not taken back; 0: unknown */
	long resident; /* bytes */
	int descriptors, threads; /* -1: unknown */
};

/* Entries of a folder of /proc; -1: there is none. */
static inline int count_entries(const char *folder)
{
	DIR *open_folder = opendir(folder);
	if (open_folder == NULL)
		return -1;
	int count = 0;
	while (readdir(open_folder) != NULL)
		count++;
	closedir(open_folder);
	return count;
}

/* A line of /proc's file in bytes; 0: unknown. */
static inline long read_kilobytes(const char *path, const char *key)
{
	char line[256];
	long kilobytes = 0;
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			kilobytes = strtol(line + strlen(key), NULL, 10);
	fclose(file);
	return kilobytes * 1024;
}

static inline struct held look(void)
{
	struct held held = {0};
	held.descriptors = count_entries("/proc/self/fd");
	held.threads = count_entries("/proc/self/task");
	held.resident = read_kilobytes("/proc/self/status", "VmRSS:");
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
	struct mallinfo2 info = mallinfo2();
	held.heap = info.uordblks + info.hblkhd;
#endif
	return held;
}

/* The second look, as the first one may leave something with the C library. */
static inline struct held what_is_held(void)
{
	look();
	return look();
}

/* Nothing has come since `before`, but for what the C library keeps of memory and threads that were given back,
 * which does not grow with how often something was done. */
static inline void check_same(const char *what, const struct held *before)
{
	const size_t heap_slack = 16 << 10;
	const long slack = 4L << 20;
	struct held now = what_is_held();
	printf("%s: heap %zu -> %zu bytes, resident %.1f -> %.1f MB, descriptors %d -> %d, threads "
	       "%d -> %d\n",
	       what, before->heap, now.heap, (double)before->resident / 1e6,
	       (double)now.resident / 1e6, before->descriptors, now.descriptors, before->threads,
	       now.threads);
	assert_true(now.heap <= before->heap + heap_slack);
	assert_true(now.resident <= before->resident + slack);
	assert_int_equal(now.descriptors, before->descriptors);
	assert_int_equal(now.threads, before->threads);
}

/* How often: the program's first argument, or what the ordinary suite does. */
static inline long how_often(int count, char **words, long otherwise)
{
	return count > 1 ? strtol(words[1], NULL, 10) : otherwise;
}

#endif
