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

#define DEFAULT_SECONDS 1.5
static const char *const default_nets[] = {"17,64,64,6", "32,128,128,1", "784,512,256,10",
					   "479,1024,1024,512,256,1"};

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

static void set_defaults(struct options *options)
{
	if (options->seconds <= 0)
		options->seconds = DEFAULT_SECONDS;
	if (options->batch_count == 0)
		options_set_batches(options, "1,32,128");
	if (options->worker_count == 0)
		options_set_workers(options, "1");
	if (options->net_count > 0)
		return;
	for (size_t i = 0; i < sizeof default_nets / sizeof *default_nets; i++)
		options_add_net(options, default_nets[i]);
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

bool report_cells(struct options *options)
{
	set_defaults(options);
	size_t workers = options->worker_count, batches = options->batch_count;
	size_t count = options->net_count * batches * workers;
	struct result *results = allocate(count, 1, sizeof *results);
	bool good = true;

	if (!options->json)
		header_print(options);
	for (size_t i = 0; i < count; i++) {
		results[i].net = &options->nets[i / workers / batches];
		results[i].batch = options->batches[i / workers % batches];
		results[i].conditions.workers = options->workers[i % workers];
		good = run_cell(options, &results[i]) && good;
	}
	if (!options->json)
		table_footer(options, results, count);
	if (options->plot != NULL)
		good = plot_draw(options, results, count) && good;
	free(results);
	return good;
}
