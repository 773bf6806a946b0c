/* The options of all subcommands: one struct, one table. --help, the completion files and the lists of the
 * man page are made from the table, so they cannot disagree with what is read. */
#ifndef MLP_TOOLS_OPTIONS_H
#define MLP_TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/message.h"

/* Subcommands, as bits. */
enum {
	TRAIN = 1,
	PREDICT = 2,
	EVAL = 4,
	INFO = 8,
	CHECK = 16,
	EXPORT = 32,
	BENCH = 64,
	COMPLETION = 128
};

/* Numbers that were not given are NaN, counts -1, texts NULL: what then holds is decided where they are used,
 * since it depends on the data or on the kind of optimizer. */
struct options {
	bool help;
	/* data */
	const char *target, *ignore, *weight, *task, *categorical, *numeric, *missing, *unseen;
	const char *delimiter, *decimal, *header, *labels, *x, *y;
	/* network */
	const char *hidden, *activation, *init, *scaling, *output_scaling;
	double dropout, input_dropout;
	bool f64;
	/* training */
	const char *loss, *optimizer, *schedule, *class_weights, *validation, *monitor;
	double loss_parameter, label_smoothing;
	double eta, momentum, rho, beta_1, beta_2, epsilon, l2, weight_decay, max_norm;
	double clip_norm, clip_value, warmup;
	int64_t epochs, batch, patience, seed, workers, history;
	bool nesterov;
	/* what is read and written */
	const char *out, *checkpoint, *report, *format, *name, *model;
	int64_t checkpoint_every;
	bool resume;
	/* results */
	bool probabilities, domain, no_header;
	double margin, step, seconds;
	int64_t rows, max_bytes;
	bool json, quiet;
};

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char *, anything */
	OPTION_FILE,   /* const char *, completed as a path */
	OPTION_CHOICE, /* const char *, one of `choices` */
	OPTION_COUNT,  /* int64_t, lowest .. highest */
	OPTION_NUMBER  /* double, lowest .. highest */
};

struct option_row {
	const char *name;
	const char *argument; /* its name in --help; NULL for a flag */
	const char *choices;  /* words separated by spaces; NULL: none */
	const char *help;     /* lines separated by \n */
	size_t offset;        /* of the field in struct options */
	double lowest, highest;
	enum option_kind kind;
	unsigned commands; /* that know it, as bits */
	char letter;       /* 0: none */
};

/* A heading of --help and the rows below it. */
struct option_group {
	const char *title;
	const struct option_row *rows;
	size_t count;
};

extern const struct option_group option_groups[];
extern const size_t option_group_count;

struct command {
	const char *name;
	unsigned bit;
	const char *arguments; /* such as "MODEL DATA" */
	const char *summary;   /* one line */
	const char *text;      /* some lines for --help */
	int fewest, most;      /* arguments */
	const char *words;     /* what completion offers for the argument; NULL: files */
	enum exit_code (*run)(const struct options *options, char **arguments, int count);
};

extern const struct command commands[];
extern const size_t command_count;

/* Reads the command line behind the subcommand's name. Complains and returns BAD_USAGE if it is wrong; *first
 * receives the index of the first argument that is no option. */
enum exit_code read_options(const struct command *command, int argc, char **argv,
			    struct options *options, int *first);

/* Writes what `mlp COMMAND --help` says, and `mlp --help`. */
void print_command_help(const struct command *command);
void print_help(void);

/* Completion scripts, from the tables; false for a shell that is none. */
bool print_completion(const char *shell);

/* Calls `write` for every option of a command, in the order of the table. */
typedef void (*option_writer)(const struct option_row *row, const struct command *command);
void for_each_option(const struct command *command, option_writer write);

/* The lists of options of mlp(1). */
void print_mdoc(void);

/* The i-th word of `words`, its length in *length; NULL behind the last. */
const char *word_of(const char *words, size_t i, size_t *length);

#endif
