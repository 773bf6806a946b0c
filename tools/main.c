/* mlp: trains and runs multilayer perceptrons on files of numbers. */
#include <mlp/mlp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/options.h"
#include "command/commands.h"
#include "data/output.h"

const struct command commands[] = {
	{"train", TRAIN, "DATA", "learn from a file of numbers, write a model",
	 "Learns to predict a column of DATA from the others and writes the model. Without options "
	 "the kind of\n"
	 "task, the network and its scaling are chosen by the data, and a fifth of the rows "
	 "decides when to stop.\n"
	 "DATA is CSV or TSV, NumPy's .npy or .npz, IDX (MNIST) or FANN's .train, also compressed "
	 "with gzip;\n"
	 "- is standard input.\n\n"
	 "  mlp train iris.csv --target species\n"
	 "  mlp train houses.csv -t price --hidden 128,64 --optimizer adamw --report houses.html",
	 1, 1, NULL, run_train},
	{"predict", PREDICT, "MODEL DATA", "write what a model predicts for each row",
	 "Writes one line for each row of DATA: the class, or the numbers in their own units. "
	 "Columns are found by\n"
	 "their names where both files have them; a target among them is left aside.\n\n"
	 "  mlp predict iris.safetensors new.csv --probabilities > answers.csv",
	 2, 2, NULL, run_predict},
	{"eval", EVAL, "MODEL DATA", "measure a model on rows with known answers",
	 "Predicts each row of DATA and compares with the target there: loss and accuracy with the "
	 "confusion\n"
	 "matrix, or root mean square error, mean absolute error and R2 in the target's own "
	 "units.\n\n"
	 "  mlp eval iris.safetensors test.csv --report test.html",
	 2, 2, NULL, run_eval},
	{"info", INFO, "MODEL", "say what a model file holds",
	 "Writes the layers, activations, scaling and columns of a model, how it was trained, and "
	 "its "
	 "digest, which\n"
	 "is the same for models that compute with the same numbers.\n\n"
	 "  mlp info iris.safetensors",
	 1, 1, NULL, run_info},
	{"check", CHECK, "DATA", "compare gradients with finite differences",
	 "Computes the gradient of the loss on some rows of DATA by back-propagation and by "
	 "central differences,\n"
	 "in double precision, and tells the parameter where they differ most.\n\n"
	 "  mlp check iris.csv --target species --hidden 16 --activation tanh",
	 1, 1, NULL, run_check},
	{"export", EXPORT, "MODEL", "write a model as C, npz or CSV",
	 "Writes the model as a C file of its own (weights, forward pass and a self test, nothing "
	 "to link but the\n"
	 "mathematical functions), as an .npz file for NumPy, as CSV with a line per weight, or as "
	 "a safetensors\n"
	 "file that any other program can use because its scaling is part of the weights.\n\n"
	 "  mlp export iris.safetensors --out iris.c --name iris",
	 1, 1, NULL, run_export},
	{"bench", BENCH, "MODEL|WIDTHS", "time a network on this machine",
	 "Times the forward pass, the gradient and a training step of a model, or of a network of "
	 "given widths\n"
	 "(inputs first), for a batch and for one row. mlp-bench, for developers, measures "
	 "more.\n\n"
	 "  mlp bench 784,512,256,10 --batch 128",
	 1, 1, NULL, run_bench},
	{"completion", COMPLETION, "SHELL", "write the completion script of a shell",
	 "Writes the completion script for bash, zsh or fish; packages install them. mdoc writes "
	 "the lists of\n"
	 "options in the manual page.\n\n"
	 "  eval \"$(mlp completion bash)\"",
	 1, 1, "bash zsh fish mdoc", run_completion},
};
const size_t command_count = sizeof commands / sizeof commands[0];

static enum exit_code print_version(void)
{
	printf("mlp %s, %s kernels, %s (%s threads)\n", mlp_version_string(),
	       mlp_build_info(MLP_BUILD_INSTRUCTIONS), mlp_build_info(MLP_BUILD_BLAS),
	       mlp_build_info(MLP_BUILD_BLAS_THREADS));
	return DONE;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* {"event": "error", "message": ...}, so that a reader of the lines knows why there are no more, or that training
 * diverged, after which "end" may follow. */
static void write_error_line(const char *text)
{
	if (ferror(stdout) || fileno(stdout) < 0) /* then that is the error */
		return;
	json_t *line = json_object();
	set_text(line, "event", "error");
	set_text(line, "message", text);
	write_json_line(line);
	flush_output();
}

static enum exit_code run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return print_version();
	bool helps = strcmp(name, "help") == 0;
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (helps && argc == 2)) {
		print_help();
		return DONE;
	}
	if (helps)
		name = argv[2];
	const struct command *command = find_command(name);
	if (command == NULL) {
		if (argc > 1)
			complain("'%s' is no command; see mlp --help", name);
		else
			complain("a command is missing: train, predict, eval, info, check, export "
				 "or "
				 "bench; see mlp --help");
		return BAD_USAGE;
	}
	if (helps) {
		print_command_help(command);
		return DONE;
	}
	struct options options;
	int first = 0;
	remember_command_line(argc, argv); /* before its words are put in another order */
	enum exit_code code = read_options(command, argc - 1, argv + 1, &options, &first);
	if (code != DONE)
		return code;
	if (options.help) {
		print_command_help(command);
		return DONE;
	}
	if (options.quiet)
		messages_be_quiet();
	if (options.json)
		hand_complaints_to(write_error_line);
	return command->run(&options, argv + 1 + first, argc - 1 - first);
}

int main(int argc, char **argv)
{
#ifdef SIGXFSZ
	/* a file that grows over the limit of the process (ulimit -f) is an error to be told, not an end without a
	 * word that leaves half a file */
	(void)signal(SIGXFSZ, SIG_IGN);
#endif
	clean_up_at_signals(output_abandon);
	if (MLP_CHECK_HEADER() != MLP_OK) {
		complain("%s", mlp_last_error());
		return FAILED;
	}
	return (int)close_output(run(argc, argv));
}
