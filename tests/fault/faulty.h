/* Allocations and calls of the system that fail when told to. The linker puts these functions in place of the C
 * library's, within the library and the test; jansson is given them as its allocator. */
#ifndef MLP_TESTS_FAULT_FAULTY_H
#define MLP_TESTS_FAULT_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

enum fault_kind { FAULT_MEMORY = 1, FAULT_SYSTEM = 2 };

struct fault_plan {
	enum fault_kind kind; /* what is counted and fails; 0: nothing */
	int64_t fails_at;     /* number of the call that fails, from 1; 0: none */
	bool and_after;       /* so do all after it */
	int error;            /* errno of calls of the system; 0: reads and writes take a byte */
	int64_t calls;        /* so far */
	const char *failed;   /* the first that did */
	bool renamed;         /* a file has got its new name */
	bool parsing;         /* jansson is */
	int64_t blocks;       /* of memory in use, however it was got */
	int64_t opened;       /* descriptors that are open */
};

extern struct fault_plan plan;

/* Give jansson the allocator that counts and fails. Before anything else. */
void faulty_begin(void);

#endif
