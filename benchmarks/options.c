/* Reading of the command line. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define DEFAULT_BATCHES "1,32,128"
static const char *const default_nets[] = {"17,64,64,6", "32,128,128,1", "784,512,256,10",
					   "479,1024,1024,512,256,1"};

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

/* Numbers 1 .. INT32_MAX separated by commas. */
static bool read_list(const char *text, int64_t **list, size_t *count)
{
	const char *end = text;
	*count = 0;
	do {
		int64_t number = 0;
		if (!read_number(*count > 0 ? end + 1 : end, INT32_MAX, &number, &end))
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
	if (!read_list(text, &net->widths, &net->width_count) || net->width_count < 2)
		return complain("widths", text,
				"two or more numbers from 1 to 2147483647, separated by commas");
	net->name = name_of(net);
	return true;
}

static bool read_batches(struct options *options, const char *text)
{
	return read_list(text, &options->batches, &options->batch_count) ||
	       complain("batch list", text, "numbers from 1 to 2147483647, separated by commas");
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
	const char *end = NULL;
	if (!read_number(text, 1000000, &number, &end) || *end != '\0')
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

static bool read_defaults(struct options *options)
{
	if (options->batch_count == 0 && !read_batches(options, DEFAULT_BATCHES))
		return false;
	if (options->net_count > 0)
		return true;
	for (size_t i = 0; i < sizeof default_nets / sizeof *default_nets; i++)
		if (!add_net(options, default_nets[i]))
			return false;
	return true;
}

enum options_outcome options_read(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {{"batch", required_argument, NULL, 'b'},
					      {"dtype", required_argument, NULL, 'd'},
					      {"activation", required_argument, NULL, 'a'},
					      {"repetitions", required_argument, NULL, 'r'},
					      {"seconds", required_argument, NULL, 's'},
					      {"json", no_argument, NULL, 'j'},
					      {"plot", required_argument, NULL, 'p'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'v'},
					      {NULL, 0, NULL, 0}};
	*options = (struct options){.dtype = MLP_F32, .activation = MLP_RELU, .seconds = 1.5};
	bool good = true;
	int option = 0;
	while (good && (option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 'b':
			good = read_batches(options, optarg);
			break;
		case 'd':
			good = read_dtype(options, optarg);
			break;
		case 'a':
			good = read_activation(options, optarg);
			break;
		case 'r':
			good = read_repetitions(options, optarg);
			break;
		case 's':
			good = read_seconds(options, optarg);
			break;
		case 'j':
			options->json = true;
			break;
		case 'p':
			options->plot = optarg;
			break;
		case 'h':
			help_print();
			return OPTIONS_DONE;
		case 'v':
			printf("mlp-bench %d.%d.%d, libmlp %s\n", MLP_VERSION_MAJOR,
			       MLP_VERSION_MINOR, MLP_VERSION_PATCH, mlp_version_string());
			return OPTIONS_DONE;
		default: /* getopt_long has said what is wrong */
			good = false;
		}
	}
	for (int i = optind; good && i < argc; i++)
		good = add_net(options, argv[i]);
	return good && read_defaults(options) ? OPTIONS_RUN : OPTIONS_BAD;
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < options->net_count; i++) {
		free(options->nets[i].name);
		free(options->nets[i].widths);
	}
	free(options->nets);
	free(options->batches);
}
