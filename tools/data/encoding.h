/* How the columns of a table become numbers that a network takes, and what a network gives becomes values
 * again. Made from the training data, kept with the model as JSON, applied to all data after. */
#ifndef MLP_TOOLS_DATA_ENCODING_H
#define MLP_TOOLS_DATA_ENCODING_H

#include "data/read.h"

enum data_task { TASK_GUESS = 0, TASK_CLASSES = 1, TASK_NUMBERS = 2 };

/* What is done about missing inputs. A missing target is dropped with its row under MISSING_DROP_ROW and
 * an error else. */
enum data_missing {
	MISSING_REFUSE = 0,
	MISSING_DROP_ROW = 1,
	MISSING_MEAN = 2,  /* numbers: the column's mean in training */
	MISSING_MEDIAN = 3 /* numbers: its median */
};

/* What MISSING_MEAN and MISSING_MEDIAN do in columns of text. */
enum data_missing_text {
	MISSING_TEXT_OWN = 0,     /* a category of its own, if training data has missing ones */
	MISSING_TEXT_FREQUENT = 1 /* the most frequent category of training */
};

/* What is done about a category that training data did not have. */
enum data_unseen {
	UNSEEN_REFUSE = 0,
	UNSEEN_ZERO = 1 /* none of the column's inputs is 1 */
};

/* Choices; all zero: the usual ones. Lists of columns are as columns_find() takes them; NULL: none. */
struct encoding_options {
	const char *target;      /* NULL: as the format knows, else the last column */
	const char *ignore;      /* neither input nor target */
	const char *weight;      /* one column: weights of the samples, finite and >= 0 */
	const char *categorical; /* one-hot, whatever is in them */
	const char *numeric;
	enum data_task task;
	enum data_missing missing;
	enum data_missing_text missing_text;
	enum data_unseen unseen;
	int64_t max_categories; /* of a column that `categorical` does not name; 0: 100 */
};

/* An input column: one input of the network, or one for each category. */
struct encoded_input {
	char *name;
	int64_t place;              /* in the training table, from 0 */
	struct strings *categories; /* NULL: numbers */
	int64_t fill_category;      /* for missing text; -1: none */
	double fill;                /* for missing numbers; NaN: none */
	double lowest, highest; /* in training, of numbers; NaN: categories, or read from a model */
	int64_t first, width;   /* its inputs in the network */
};

struct encoded_target {
	char *name;
	int64_t place;
	double lowest, highest; /* as those of inputs; NaN: classes */
};

struct encoding_index; /* of the columns, by name and by place */

/* Read its fields; only encoding_* functions write them. */
struct encoding {
	bool has_names;       /* columns go by names, else by places */
	int64_t column_count; /* of the training table */
	struct encoded_input *inputs;
	int64_t input_count;    /* columns */
	int64_t feature_count;  /* inputs of the network: n_0 */
	char **feature_names;   /* [feature_count]: "age", "colour=red" */
	enum data_task task;    /* TASK_CLASSES or TASK_NUMBERS */
	bool is_guessed;        /* the task was */
	bool target_is_default; /* nobody named it */
	struct encoded_target *targets;
	int64_t target_count; /* columns; of classes 1, or one of 0 and 1 for each */
	struct strings
		*classes;     /* names, ordered as numbers if they are such; NULL: TASK_NUMBERS */
	double *class_values; /* if they are numbers of a column of numbers, else NULL */
	char *weight;         /* name; NULL: none */
	int64_t weight_place;
	enum data_missing missing;
	enum data_unseen unseen;
	struct encoding_index *index;
};

/* For read_options.kind before there is an encoding: context is the struct encoding_options,
 * or NULL. */
enum column_kind encoding_options_column_kind(const void *choices, const struct column_names *names,
					      int64_t place);

/* Decide all of it from the training data: inputs, targets, task, categories, fills. Reasons to fail: no
 * such column, missing values that nobody allowed, too many categories, one class only, no rows, no
 * inputs. */
bool encoding_create(const struct table *table, const struct encoding_options *options,
		     struct encoding **encoding, struct data_error *error);
void encoding_free(struct encoding *encoding);

/* For read_options.kind when an encoding is there: context is the struct encoding. New data is read as the
 * training data was; columns that the encoding does not know are skipped. The second one skips targets
 * and weights too, for predictions. */
enum column_kind encoding_column_kind(const void *encoding, const struct column_names *names,
				      int64_t place);
enum column_kind encoding_input_kind(const void *encoding, const struct column_names *names,
				     int64_t place);

/* Outputs of the network: n_L. Classes (2 or more), or values of a row. */
int64_t encoding_output_count(const struct encoding *encoding);
/* The class's or the target column's name. */
const char *encoding_output_name(const struct encoding *encoding, int64_t output);

/* Whether all rows of training have the same value there, so that nothing can be learnt from it. */
bool encoding_input_is_constant(const struct encoded_input *input);

/* JSON text from malloc, ended by 0; and back. The text is checked as one from anywhere is; `name`, such
 * as the model file's, is for errors. */
bool encoding_to_json(const struct encoding *encoding, char **json, struct data_error *error);
bool encoding_from_json(const char *json, const char *name, struct encoding **encoding,
			struct data_error *error);

/* A few lines in words, each ended by a newline, from malloc: targets, task and whether they were guessed,
 * inputs, one-hot columns, what is done about missing values. */
bool encoding_describe(const struct encoding *encoding, char **text, struct data_error *error);

#endif
