/* Reading of the command line. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "busy.h"
#include "fail.h"
#include "tuning.h"

enum { MOST_WORKERS = 1024 };

static bool complain(const char *what, const char *text, const char *wanted)
{
	fprintf(stderr, "mlp-bench: bad %s '%s': must be %s\n", what, text, wanted);
	return false;
}

/* Decimal digits only, 1 .. limit; `end` receives the place behind them. */
static bool read_number(const char *text, int64_t limit, int64_t *number, const char **end)
{
	if (*text < '0' || *text > '9')
		return false;
	char *stop = NULL;
	errno = 0;
	*number = strtoll(text, &stop, 10);
	*end = stop;
	return errno == 0 && *number >= 1 && *number <= limit;
}

/* A number and nothing behind it. */
static bool read_only_number(const char *text, int64_t limit, int64_t *number)
{
	const char *end = NULL;
	return read_number(text, limit, number, &end) && *end == '\0';
}

/* Numbers 1 .. limit separated by commas. */
static bool read_list(const char *text, int64_t limit, int64_t **list, size_t *count)
{
	const char *end = text;
	*count = 0;
	do {
		int64_t number = 0;
		if (!read_number(*count > 0 ? end + 1 : end, limit, &number, &end))
			return false;
		*list = grow(*list, *count + 1, sizeof **list);
		(*list)[(*count)++] = number;
	} while (*end == ',');
	return *end == '\0';
}

/* Widths separated by dashes. */
static char *name_of(const struct net *net)
{
	size_t room = 12 * net->width_count, length = 0;
	char *name = grow(NULL, room, 1);
	for (size_t l = 0; l < net->width_count; l++)
		length += (size_t)snprintf(name + length, room - length, "%s%" PRId64,
					   l > 0 ? "-" : "", net->widths[l]);
	return name;
}

static bool add_net(struct options *options, const char *text)
{
	options->nets = grow(options->nets, options->net_count + 1, sizeof *options->nets);
	struct net *net = &options->nets[options->net_count++];
	*net = (struct net){NULL, NULL, 0};
	if (!read_list(text, INT32_MAX, &net->widths, &net->width_count) || net->width_count < 2)
		return complain("widths", text,
				"two or more numbers from 1 to 2147483647, separated by commas");
	net->name = name_of(net);
	return true;
}

static bool read_batches(struct options *options, const char *text)
{
	return read_list(text, INT32_MAX, &options->batches, &options->batch_count) ||
	       complain("batch list", text, "numbers from 1 to 2147483647, separated by commas");
}

static bool read_workers(struct options *options, const char *text)
{
	return read_list(text, MOST_WORKERS, &options->workers, &options->worker_count) ||
	       complain("list of workers", text, "numbers from 1 to 1024, separated by commas");
}

static bool read_dtype(struct options *options, const char *text)
{
	options->dtype = strcmp(text, "f32") == 0 ? MLP_F32 : MLP_F64;
	return strcmp(text, dtype_name(options->dtype)) == 0 ||
	       complain("dtype", text, "f32 or f64");
}

static bool read_activation(struct options *options, const char *text)
{
	options->activation = mlp_activation_from_name(text);
	return (options->activation != 0 && options->activation != MLP_SOFTMAX) ||
	       complain("activation", text, "one of those that --help lists");
}

static bool read_repetitions(struct options *options, const char *text)
{
	int64_t number = 0;
	if (!read_only_number(text, 1000000, &number))
		return complain("repetitions", text, "a number from 1 to 1000000");
	options->repetitions = (size_t)number;
	return true;
}

static bool read_seconds(struct options *options, const char *text)
{
	char *end = NULL;
	options->seconds = strtod(text, &end);
	return (end != text && *end == '\0' && options->seconds > 0 && options->seconds <= 3600) ||
	       complain("seconds", text, "a number above 0, at most 3600");
}

static bool read_busy(struct options *options, const char *text)
{
	return read_only_number(text, BUSY_LIMIT, &options->busy) ||
	       complain("number of busy processes", text, "from 1 to 256");
}

static bool read_tuning(struct options *options, const char *text)
{
	return tuning_read(text, options->tuning) ||
	       complain("tuning", text,
			"products=own|tiles|whole, schedule=samples|outputs, "
			"instructions=baseline|avx2|avx512, separated by commas");
}

static bool set_mode(struct options *options, enum mode mode)
{
	bool is_first = options->mode == MODE_CELLS || options->mode == mode;
	options->mode = mode;
	if (!is_first)
		fprintf(stderr, "mlp-bench: --contention, --denormal, --flatness, --matrix, "
				"--optimizers and --peak are reports of their own: give one\n");
	return is_first;
}

static bool refuse(const char *what)
{
	fprintf(stderr, "mlp-bench: %s\n", what);
	return false;
}

/* Whether anything was given that is about networks. */
static bool runs_networks(const struct options *options)
{
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		if (options->tuning[tuning] != 0)
			return true;
	return options->net_count + options->batch_count + options->worker_count > 0 ||
	       options->flush_denormals || options->activation != MLP_RELU;
}

static bool fits_together(const struct options *options)
{
	if (options->plot != NULL && (options->mode != MODE_CELLS || options->worker_count > 1))
		return complain("plot", options->plot,
				"of the usual report, for one number of workers");
	if (options->mode == MODE_DENORMAL && options->flush_denormals)
		return refuse(
			"--denormal measures with and without flushing: no --flush-denormals");
	if (options->mode == MODE_PEAK && runs_networks(options))
		return refuse("--peak runs no network: only --dtype, --seconds, --repetitions and "
			      "--json go with it");
	return true;
}

/* What each option does; false if its argument is bad. */
static bool read_option(struct options *options, int option, const char *argument)
{
	switch (option) {
	case 'b':
		return read_batches(options, argument);
	case 'w':
		return read_workers(options, argument);
	case 'd':
		return read_dtype(options, argument);
	case 'a':
		return read_activation(options, argument);
	case 'r':
		return read_repetitions(options, argument);
	case 's':
		return read_seconds(options, argument);
	case 't':
		return read_tuning(options, argument);
	case 'f':
		options->flush_denormals = true;
		return true;
	case 'j':
		options->json = true;
		return true;
	case 'p':
		options->plot = argument;
		return true;
	case 'c':
		return read_busy(options, argument) && set_mode(options, MODE_CONTENTION);
	case 'D':
		return set_mode(options, MODE_DENORMAL);
	case 'F':
		return set_mode(options, MODE_FLATNESS);
	case 'M':
		return set_mode(options, MODE_MATRIX);
	case 'O':
		return set_mode(options, MODE_OPTIMIZERS);
	case 'P':
		return set_mode(options, MODE_PEAK);
	default: /* getopt_long has said what is wrong */
		return false;
	}
}

enum options_outcome options_read(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {{"batch", required_argument, NULL, 'b'},
					      {"workers", required_argument, NULL, 'w'},
					      {"dtype", required_argument, NULL, 'd'},
					      {"activation", required_argument, NULL, 'a'},
					      {"repetitions", required_argument, NULL, 'r'},
					      {"seconds", required_argument, NULL, 's'},
					      {"tuning", required_argument, NULL, 't'},
					      {"flush-denormals", no_argument, NULL, 'f'},
					      {"json", no_argument, NULL, 'j'},
					      {"plot", required_argument, NULL, 'p'},
					      {"contention", required_argument, NULL, 'c'},
					      {"denormal", no_argument, NULL, 'D'},
					      {"flatness", no_argument, NULL, 'F'},
					      {"matrix", no_argument, NULL, 'M'},
					      {"optimizers", no_argument, NULL, 'O'},
					      {"peak", no_argument, NULL, 'P'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'v'},
					      {NULL, 0, NULL, 0}};
	*options = (struct options){.dtype = MLP_F32, .activation = MLP_RELU};
	bool good = true;
	int option = 0;
	while (good && (option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h') {
			help_print();
			return OPTIONS_DONE;
		}
		if (option == 'v') {
			printf("mlp-bench %d.%d.%d, libmlp %s\n", MLP_VERSION_MAJOR,
			       MLP_VERSION_MINOR, MLP_VERSION_PATCH, mlp_version_string());
			return OPTIONS_DONE;
		}
		good = read_option(options, option, optarg);
	}
	for (int i = optind; good && i < argc; i++)
		good = add_net(options, argv[i]);
	return good && fits_together(options) ? OPTIONS_RUN : OPTIONS_BAD;
}

void options_set_batches(struct options *options, const char *list)
{
	if (!read_batches(options, list))
		exit(1);
}

void options_set_workers(struct options *options, const char *list)
{
	if (!read_workers(options, list))
		exit(1);
}

void options_add_net(struct options *options, const char *widths)
{
	if (!add_net(options, widths))
		exit(1);
}

size_t options_cell_count(const struct options *options)
{
	return options->net_count * options->batch_count * options->worker_count;
}

struct cell options_cell(const struct options *options, size_t index)
{
	size_t workers = options->worker_count, batches = options->batch_count;
	return (struct cell){.net = &options->nets[index / workers / batches],
			     .batch = options->batches[index / workers % batches],
			     .workers = options->workers[index % workers]};
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < options->net_count; i++) {
		free(options->nets[i].name);
		free(options->nets[i].widths);
	}
	free(options->nets);
	free(options->batches);
	free(options->workers);
}
