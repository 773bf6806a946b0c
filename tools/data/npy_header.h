/* The header of an .npy file: a dictionary as Python writes it. */
#ifndef MLP_TOOLS_DATA_NPY_HEADER_H
#define MLP_TOOLS_DATA_NPY_HEADER_H

#include <stdint.h>

#include "data/error.h"

enum { NPY_MOST_DIMENSIONS = 32, NPY_TYPE_SIZE = 16 };

struct npy_header {
	char type[NPY_TYPE_SIZE]; /* such as "<f4" */
	bool fortran_order;
	int dimensions;
	int64_t shape[NPY_MOST_DIMENSIONS];
};

/* "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" and blanks after it. */
bool npy_header_parse(const char *text, size_t length, const char *name, struct npy_header *header,
		      struct data_error *error);

#endif
