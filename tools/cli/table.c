/* The table of options. */
#include "cli/options.h"

#include <float.h>

#define FIELD(member) offsetof(struct options, member)
#define FLAG(name, letter, member, commands, help)                                                 \
	{                                                                                          \
		name, NULL, NULL, help, FIELD(member), 0, 0, OPTION_FLAG, commands, letter         \
	}
#define TEXT(name, letter, argument, choices, member, commands, help)                              \
	{                                                                                          \
		name, argument, choices, help, FIELD(member), 0, 0, OPTION_TEXT, commands, letter  \
	}
#define PATH(name, letter, argument, member, commands, help)                                       \
	{                                                                                          \
		name, argument, NULL, help, FIELD(member), 0, 0, OPTION_FILE, commands, letter     \
	}
#define CHOICE(name, argument, choices, member, commands, help)                                    \
	{                                                                                          \
		name, argument, choices, help, FIELD(member), 0, 0, OPTION_CHOICE, commands, 0     \
	}
#define COUNT(name, letter, argument, member, lowest, highest, commands, help)                     \
	{                                                                                          \
		name, argument, NULL, help, FIELD(member), lowest, highest, OPTION_COUNT,          \
			commands, letter                                                           \
	}
#define NUMBER(name, argument, member, lowest, highest, commands, help)                            \
	{                                                                                          \
		name, argument, NULL, help, FIELD(member), lowest, highest, OPTION_NUMBER,         \
			commands, 0                                                                \
	}

enum { MANY = 2000000000 };
#define TINY    DBL_MIN
#define BELOW_1 0.999999

static const struct option_row data_rows[] = {
	TEXT("target", 't', "COLUMNS", NULL, target, TRAIN | CHECK,
	     "what to learn, by name or number (-1: the last column); numbers may be\n"
	     "several: y1,y2. Default: as the file's format knows, else the last one"),
	TEXT("ignore", 0, "COLUMNS", NULL, ignore, TRAIN | CHECK,
	     "columns to leave out, by name or number, separated by commas"),
	TEXT("weight", 0, "COLUMN", NULL, weight, TRAIN | CHECK,
	     "how much each row counts, 0 or more"),
	CHOICE("task", "TASK", "classes numbers", task, TRAIN | CHECK,
	       "what the target is (default: guessed from its values)"),
	TEXT("categorical", 0, "COLUMNS", NULL, categorical, TRAIN | CHECK,
	     "columns of categories, an input for each (default: those of text)"),
	TEXT("numeric", 0, "COLUMNS", NULL, numeric, TRAIN | CHECK,
	     "columns of numbers (default: those that look like it)"),
	CHOICE("missing", "HOW", "refuse drop-row mean median", missing, TRAIN | CHECK,
	       "missing values: refuse them (default), drop their rows, or put in the\n"
	       "column's mean or median; missing text is then a category of its own"),
	CHOICE("unseen", "HOW", "refuse zero", unseen, TRAIN,
	       "what predict and eval do about a category that training had not:\n"
	       "refuse it (default), or set all inputs of the column to 0"),
	TEXT("delimiter", 'd', "CHAR", "comma semicolon tab bar space", delimiter,
	     TRAIN | PREDICT | EVAL | CHECK,
	     "character between the columns, or its name (default: guessed)"),
	CHOICE("decimal", "WHICH", "point comma", decimal, TRAIN | PREDICT | EVAL | CHECK,
	       "what stands in numbers before the fraction (default: guessed, comma only\n"
	       "where that is not the delimiter)"),
	CHOICE("header", "WHETHER", "guess yes no", header, TRAIN | PREDICT | EVAL | CHECK,
	       "whether the first line names the columns (default: guess)"),
	PATH("labels", 0, "FILE", labels, TRAIN | EVAL | CHECK,
	     "labels of an IDX file (default: by the usual names)"),
	COUNT("max-bytes", 0, "BYTES", max_bytes, 1, 9007199254740991.0,
	      TRAIN | PREDICT | EVAL | CHECK,
	      "what a compressed file may unfold to (default: a quarter of the memory)"),
	TEXT("x", 0, "NAME", NULL, x, TRAIN | PREDICT | EVAL | CHECK,
	     "array of inputs in an .npz file (default: x, X or data)"),
	TEXT("y", 0, "NAME", NULL, y, TRAIN | EVAL | CHECK,
	     "array of targets in an .npz file (default: y, target or labels)"),
};

static const struct option_row network_rows[] = {
	TEXT("hidden", 'H', "WIDTHS", NULL, hidden, TRAIN | CHECK,
	     "widths of the hidden layers, such as 128,64; none: no hidden layer\n"
	     "default: by the number of rows"),
	CHOICE("activation", "NAME",
	       "relu leaky_relu elu selu gelu silu softplus softsign tanh sigmoid sin identity",
	       activation, TRAIN | CHECK, "of the hidden layers (default: relu; in check, tanh)"),
	CHOICE("init", "NAME", "glorot_uniform glorot_normal he_uniform he_normal lecun_normal",
	       init, TRAIN | CHECK, "start weights of all layers (default: lecun_normal)"),
	CHOICE("scaling", "HOW", "standard min_max common none", scaling, TRAIN | CHECK,
	       "of the inputs: standard (each to mean 0, deviation 1), min_max (each to\n"
	       "-1 .. 1), common (all by one mean and deviation), none\n"
	       "default: standard; common where many inputs range alike, as in images"),
	CHOICE("output-scaling", "HOW", "standard min_max none", output_scaling, TRAIN | CHECK,
	       "of targets that are numbers (default: standard)"),
	NUMBER("dropout", "RATE", dropout, 0, BELOW_1, TRAIN,
	       "share of each hidden layer's units dropped in training (default: 0)"),
	NUMBER("input-dropout", "RATE", input_dropout, 0, BELOW_1, TRAIN,
	       "share of the inputs dropped in training (default: 0)"),
	FLAG("f64", 0, f64, TRAIN | BENCH, "compute in double precision (default: single)"),
};

static const struct option_row training_rows[] = {
	CHOICE("optimizer", "NAME", "adam adamw sgd rmsprop irprop- lbfgs", optimizer, TRAIN,
	       "default: adam; irprop- and lbfgs take all rows at once"),
	NUMBER("eta", "RATE", eta, 0, 1e6, TRAIN,
	       "learning rate (default: the optimizer's; adam 0.001, sgd 0.01)"),
	NUMBER("momentum", "MU", momentum, 0, BELOW_1, TRAIN,
	       "of sgd (default: 0.9) and rmsprop (0)"),
	FLAG("nesterov", 0, nesterov, TRAIN, "Nesterov's momentum, for sgd"),
	NUMBER("rho", "RHO", rho, 0, BELOW_1, TRAIN, "memory of rmsprop (default: 0.9)"),
	NUMBER("beta1", "BETA", beta_1, 0, BELOW_1, TRAIN, "memory of adam's mean (default: 0.9)"),
	NUMBER("beta2", "BETA", beta_2, 0, 0.99999999, TRAIN,
	       "memory of adam's square (default: 0.999)"),
	NUMBER("epsilon", "EPS", epsilon, TINY, 1, TRAIN,
	       "of adam and rmsprop, against division by 0 (default: 1e-8)"),
	COUNT("history", 0, "PAIRS", history, 1, 1000, TRAIN, "of lbfgs (default: 10)"),
	CHOICE("schedule", "NAME", "constant step exponential cosine plateau", schedule, TRAIN,
	       "of the learning rate, over --epochs: constant (default), step (a tenth after\n"
	       "each third), exponential (to a hundredth), cosine (to 0), or plateau\n"
	       "(a tenth when the validation no longer improves)"),
	NUMBER("warmup", "EPOCHS", warmup, 0, 1e6, TRAIN,
	       "epochs in which the learning rate rises from 0 (default: 0)"),
	COUNT("epochs", 'e', "N", epochs, 1, MANY, TRAIN,
	      "at most (default: 200; where rows are few, up to 1000)"),
	COUNT("batch", 'b', "ROWS", batch, 1, MANY, TRAIN | BENCH,
	      "rows of a step (default: 16 to 256, by the number of rows; bench: 128)"),
	CHOICE("loss", "NAME",
	       "cross_entropy binary_cross_entropy squared_error absolute_error huber log_cosh",
	       loss, TRAIN | CHECK,
	       "default: cross_entropy for classes, squared_error for numbers"),
	NUMBER("loss-parameter", "A", loss_parameter, FLT_MIN, 1e12, TRAIN | CHECK,
	       "where huber's loss becomes linear, in scaled units (default: 1)"),
	NUMBER("label-smoothing", "EPS", label_smoothing, 0, BELOW_1, TRAIN,
	       "of the two cross entropies (default: 0)"),
	CHOICE("class-weights", "HOW", "none balanced", class_weights, TRAIN,
	       "balanced: rare classes weigh more, so that all weigh the same"),
	NUMBER("l2", "LAMBDA", l2, 0, 1e6, TRAIN,
	       "adds lambda w to the gradient (default: 10 / rows, at most 0.01;\n"
	       "from 50000 rows on, and with --weight-decay or adamw, 0)"),
	NUMBER("weight-decay", "LAMBDA", weight_decay, 0, 1e6, TRAIN,
	       "takes eta lambda w from w, decoupled (default: 0; adamw 0.01)"),
	NUMBER("max-norm", "NORM", max_norm, 0, 1e12, TRAIN,
	       "bound of the norm of each unit's weights (default: 0, none)"),
	NUMBER("clip-norm", "NORM", clip_norm, 0, 1e12, TRAIN,
	       "bound of the norm of the gradient (default: 0, none)"),
	NUMBER("clip-value", "VALUE", clip_value, 0, 1e12, TRAIN,
	       "bound of each value of the gradient (default: 0, none)"),
	PATH("validation", 'v', "FRACTION|FILE", validation, TRAIN,
	     "rows held back to choose the best epoch: a share of DATA, or a file\n"
	     "default: 0.2; 0: none, and all epochs are run"),
	COUNT("patience", 0, "EPOCHS", patience, 0, MANY, TRAIN,
	      "stop when the validation has not improved for so long; 0: never\ndefault: 20"),
	CHOICE("monitor", "METRIC", "loss accuracy rmse mae r2", monitor, TRAIN,
	       "which metric of the validation tells the best epoch (default: loss)"),
	COUNT("seed", 's', "N", seed, 0, 9007199254740991.0, TRAIN | CHECK | BENCH,
	      "of start weights, split, order and dropout (default: 1)"),
	COUNT("workers", 'j', "N", workers, 0, 1024, TRAIN | PREDICT | EVAL | BENCH,
	      "threads, 0: one per processor (default); the result is the same"),
};

static const struct option_row file_rows[] = {
	PATH("out", 'o', "FILE", out, TRAIN | PREDICT | EXPORT,
	     "what to write (train: default DATA's name with .safetensors;\n"
	     "predict: default standard output; .npy is NumPy's format)"),
	PATH("checkpoint", 0, "FILE", checkpoint, TRAIN,
	     "where an interrupted training is kept (default: the model's name\n"
	     "with .checkpoint); given, it is also saved as training goes on"),
	COUNT("checkpoint-every", 0, "STEPS", checkpoint_every, 1, MANY, TRAIN,
	      "steps between two savings (default: after each epoch)"),
	FLAG("resume", 0, resume, TRAIN, "go on from the checkpoint"),
	PATH("report", 'r', "FILE", report, TRAIN | EVAL,
	     "a page for the browser: curves, confusion matrix or scatter, settings"),
	CHOICE("format", "FORMAT", "c npz csv safetensors", format, EXPORT,
	       "c: a C file with no dependencies; npz: NumPy; csv: a line per weight;\n"
	       "safetensors: with the scaling folded into the weights\n"
	       "default: by the name of --out"),
	TEXT("name", 0, "NAME", NULL, name, EXPORT,
	     "prefix of the names in the C file (default: net)"),
};

static const struct option_row result_rows[] = {
	FLAG("probabilities", 'p', probabilities, PREDICT,
	     "a column per class with its probability"),
	FLAG("domain", 0, domain, PREDICT,
	     "a column with the number of inputs outside what was seen in training"),
	NUMBER("margin", "SHARE", margin, 0, 1e6, PREDICT,
	       "how far outside is still inside, in shares of the range (default: 0)"),
	FLAG("no-header", 0, no_header, PREDICT, "write no line of column names"),
	PATH("model", 'm', "FILE", model, CHECK, "check this model (default: a new network)"),
	COUNT("rows", 'n', "N", rows, 1, MANY, CHECK, "rows to check with (default: 32)"),
	NUMBER("step", "H", step, 0, 0.1, CHECK,
	       "of the finite differences (default: the library's)"),
	NUMBER("seconds", "S", seconds, 0.001, 3600, BENCH, "time for each number (default: 0.5)"),
	FLAG("json", 0, json, TRAIN | PREDICT | EVAL | INFO | CHECK | BENCH,
	     "write JSON, one object a line"),
	FLAG("quiet", 'q', quiet, TRAIN | PREDICT | EVAL | CHECK | EXPORT,
	     "write errors only (predict, eval: and the result)"),
	FLAG("help", 'h', help, ~0U, "write this"),
};

#define GROUP(title, rows)                                                                         \
	{                                                                                          \
		title, rows, sizeof(rows) / sizeof((rows)[0])                                      \
	}
const struct option_group option_groups[] = {
	GROUP("Data", data_rows),  GROUP("Network", network_rows), GROUP("Training", training_rows),
	GROUP("Files", file_rows), GROUP("Results", result_rows),
};
const size_t option_group_count = sizeof option_groups / sizeof option_groups[0];
