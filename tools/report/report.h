/* A page about a training or an evaluation: one file of HTML with everything in it, nothing fetched. */
#ifndef MLP_TOOLS_REPORT_H
#define MLP_TOOLS_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/message.h"

/* A name and what belongs to it, both plain text. */
struct fact {
	char *name, *value;
};

struct facts {
	struct fact *list;
	int64_t count;
};

/* Adds a fact; the texts are copied. */
void add_fact(struct facts *facts, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void free_facts(struct facts *facts);

/* A number per epoch; NaN where there is none. */
struct series {
	const char *name;
	const double *values; /* [epochs] */
};

/* A picture of one or two series over the epochs. */
struct curves {
	const char *title;
	struct series training, validation; /* values NULL: not there */
	int64_t epochs, best;               /* the epoch whose weights were kept, from 1; 0: none */
};

/* Row r, column c: rows of true class r that were taken for class c. */
struct confusion {
	int64_t classes;
	char *const *names;    /* [classes] */
	const int64_t *counts; /* [classes][classes] */
};

/* Predicted over true values of one output, in raw units. */
struct scatter {
	const char *name;
	const double *truth, *predicted; /* [rows] */
	int64_t rows;
};

struct report {
	const char *title, *subtitle;
	const char *measured; /* what the confusion matrix or the scatter was made from */
	struct facts cards, settings;
	struct facts
		layers; /* name: "input", "layer 1"...; value: the rest of the row, parts by \t */
	struct curves *curves;
	int64_t curve_count;
	struct confusion confusion; /* classes 0: none */
	struct scatter *scatters;
	int64_t scatter_count;
};

/* Writes the page: DONE, or FAILED after complaining. */
enum exit_code write_report(const struct report *report, const char *path);

#endif
