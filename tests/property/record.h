/* What the tasks of one run of a pool leave. CMocka's assertions may not be used in them. */
#ifndef MLP_TESTS_PROPERTY_RECORD_H
#define MLP_TESTS_PROPERTY_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { MOST_TASKS = 1000, MOST_WORKERS = 100 };

struct record {
	size_t workers, count;
	void (*body)(void *data); /* what each task does besides; NULL: nothing */
	void *data;
	int times[MOST_TASKS]; /* plain numbers: a race would be ThreadSanitizer's to find */
	atomic_int wrong;      /* index or worker out of range, or a worker at two tasks at once */
	atomic_int busy[MOST_WORKERS];
};

/* The task; its context is the record. */
static inline void note(void *context, size_t index, size_t worker)
{
	struct record *record = context;
	if (index >= record->count || worker >= record->workers ||
	    atomic_exchange(&record->busy[worker], 1) != 0) {
		atomic_fetch_add(&record->wrong, 1);
		return;
	}
	record->times[index]++;
	if (record->body != NULL)
		record->body(record->data);
	atomic_store(&record->busy[worker], 0);
}

/* Every task was done so many times, and nothing was wrong. */
static inline bool is_complete(struct record *record, int times)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->times[i] != times)
			return false;
	return atomic_load(&record->wrong) == 0;
}

/* A body that is long enough for other workers to come. */
static inline void compute_50_us(void *data)
{
	(void)data;
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < 50000);
}

#endif
