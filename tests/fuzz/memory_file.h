/* A file in memory, with a path by which it can be opened. */
#ifndef MLP_TESTS_FUZZ_MEMORY_FILE_H
#define MLP_TESTS_FUZZ_MEMORY_FILE_H

#include <stddef.h>

struct memory_file {
	int descriptor;
	char path[40];
};

/* Empty; there until the process ends. */
struct memory_file memory_file_create(void);

/* Its content becomes these bytes. */
void memory_file_write(const struct memory_file *file, const void *bytes, size_t size);

#endif
