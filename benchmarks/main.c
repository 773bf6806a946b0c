/* mlp-bench: times libmlp beside the CBLAS calls that it is made of. See --help. */
#include <stdio.h>
#include <stdlib.h>

#include "cell.h"
#include "fail.h"
#include "json.h"
#include "options.h"
#include "plot.h"
#include "table.h"

static void run_cell(const struct options *options, struct result *result)
{
	if (options->dtype == MLP_F32)
		cell_measure_f32(options, result);
	else
		cell_measure_f64(options, result);
	if (options->json)
		json_cell(options, result);
	else
		table_cell(options, result);
}

/* Whether libmlp and the plain loop came to the same weights. */
static bool agrees(const struct options *options, const struct result *result)
{
	if (result->deviation <= result->tolerance)
		return true;
	fprintf(stderr,
		"mlp-bench: %s, batch %lld: after 10 steps the weights of libmlp and of the plain "
		"loop are %.2g apart, more than the %.2g that rounding explains\n",
		options->nets[result->net].name, (long long)result->batch, result->deviation,
		result->tolerance);
	return false;
}

static bool run(const struct options *options)
{
	size_t count = options->net_count * options->batch_count;
	struct result *results = allocate(count, 1, sizeof *results);
	bool good = true;

	if (!options->json)
		table_header(options);
	for (size_t i = 0; i < count; i++) {
		results[i].net = i / options->batch_count;
		results[i].batch = options->batches[i % options->batch_count];
		run_cell(options, &results[i]);
		good = agrees(options, &results[i]) && good;
	}
	if (!options->json)
		table_footer(options, results, count);
	if (options->plot != NULL)
		good = plot_draw(options, results, count) && good;
	free(results);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "mlp-bench: cannot write to standard output\n");
		good = false;
	}
	return good;
}

int main(int argc, char **argv)
{
	check(MLP_CHECK_HEADER(), "mlp_check_header");
	struct options options;
	int status = 0;
	switch (options_read(&options, argc, argv)) {
	case OPTIONS_RUN:
		status = run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case OPTIONS_DONE:
		break;
	case OPTIONS_BAD:
		status = 2;
		break;
	}
	options_free(&options);
	return status;
}
