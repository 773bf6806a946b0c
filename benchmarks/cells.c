/* The usual report: everything measured for each net, batch size and number of workers. */
#include <stdio.h>
#include <stdlib.h>

#include "cell.h"
#include "cell_json.h"
#include "fail.h"
#include "header.h"
#include "plot.h"
#include "reports.h"
#include "table.h"

bool agrees(const struct net *net, int64_t batch, const struct agreement *agreement)
{
	if (agreement->deviation <= agreement->tolerance)
		return true;
	fprintf(stderr,
		"mlp-bench: %s, batch %lld: after 10 steps the weights of libmlp and of the plain "
		"loop are %.2g apart, more than the %.2g that rounding explains\n",
		net->name, (long long)batch, agreement->deviation, agreement->tolerance);
	return false;
}

static bool run_cell(const struct options *options, struct result *result)
{
	if (options->dtype == MLP_F32)
		cell_measure_f32(options, result);
	else
		cell_measure_f64(options, result);
	if (options->json)
		cell_json(options, result);
	else
		table_cell(result);
	return agrees(result->net, result->batch, &result->agreement);
}

bool report_cells(const struct options *options)
{
	size_t count = options_cell_count(options);
	struct result *results = allocate(count, 1, sizeof *results);
	bool good = true;

	if (!options->json)
		header_print(options);
	for (size_t i = 0; i < count; i++) {
		struct cell cell = options_cell(options, i);
		results[i] = (struct result){
			.net = cell.net, .batch = cell.batch, .conditions.workers = cell.workers};
		good = run_cell(options, &results[i]) && good;
	}
	if (!options->json)
		table_footer(options, results, count);
	if (options->plot != NULL)
		good = plot_draw(options, results, count) && good;
	free(results);
	return good;
}
