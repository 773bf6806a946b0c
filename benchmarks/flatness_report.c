/* The report of --flatness. */
#include <inttypes.h>
#include <stdio.h>

#include "flatness.h"
#include "header.h"
#include "json_line.h"
#include "reports.h"

static const char *const square_nets[] = {"512,512,512,512", "256,256,256,256",
					  "1024,1024,1024,1024", "2048,2048,2048,2048"};
enum { SQUARE_NETS = sizeof square_nets / sizeof *square_nets, SQUARE_BATCH = 512 };
#define SQUARE_BATCHES "128,512,2048,8192"

static void add_cell(struct flatness *flatness, const struct net *net, int64_t batch)
{
	flatness->cells[flatness->count++] = (struct flatness_cell){.net = net, .batch = batch};
}

bool flatness_choose(struct options *options, struct flatness *flatness)
{
	size_t more = 0;
	if (options->net_count == 0) {
		more = options->batch_count == 0 ? SQUARE_NETS - 1 : 0;
		for (size_t i = 0; i <= more; i++)
			options_add_net(options, square_nets[i]);
	}
	if (options->batch_count == 0)
		options_set_batches(options, SQUARE_BATCHES);

	size_t nets = options->net_count - more;
	if (nets * options->batch_count + more > FLATNESS_CELLS) {
		fprintf(stderr,
			"mlp-bench: too many nets and batch sizes: together at most %d cells\n",
			FLATNESS_CELLS);
		return false;
	}
	for (size_t n = 0; n < nets; n++)
		for (size_t b = 0; b < options->batch_count; b++)
			add_cell(flatness, &options->nets[n], options->batches[b]);
	for (size_t n = nets; n < options->net_count; n++)
		add_cell(flatness, &options->nets[n], SQUARE_BATCH);
	return true;
}

static double rate(const struct flatness_cell *cell)
{
	return 1e-9 * cell->flop / cell->step.best;
}

static double best_rate(const struct flatness *flatness)
{
	double best = 0;
	for (size_t i = 0; i < flatness->count; i++)
		best = rate(&flatness->cells[i]) > best ? rate(&flatness->cells[i]) : best;
	return best;
}

double flatness_ratio(const struct flatness *flatness)
{
	double worst = rate(&flatness->cells[0]);
	for (size_t i = 1; i < flatness->count; i++)
		worst = rate(&flatness->cells[i]) < worst ? rate(&flatness->cells[i]) : worst;
	return best_rate(flatness) / worst;
}

void flatness_print(const struct flatness *flatness)
{
	int64_t workers = flatness->conditions.workers;
	double best = best_rate(flatness);
	printf("\nTime per flop of a step, %" PRId64
	       " worker%s, %zu samples; a core gives %.1f GFLOP/s to 64x64x64 products\n",
	       workers, workers > 1 ? "s" : "", flatness->samples, flatness->peak);
	header_print_conditions(&flatness->conditions);
	printf("  %-24s %7s %12s %9s %10s %10s\n", "net", "batch", "step us", "GFLOP/s", "ps/flop",
	       "/ smallest");
	for (size_t i = 0; i < flatness->count; i++) {
		const struct flatness_cell *cell = &flatness->cells[i];
		printf("  %-24s %7" PRId64 " %12.2f %9.2f %10.3f %10.3f\n", cell->net->name,
		       cell->batch, 1e6 * cell->step.best, rate(cell), 1e3 / rate(cell),
		       best / rate(cell));
	}
	printf("  largest / smallest time per flop: %.3f\n", flatness_ratio(flatness));
	fflush(stdout);
}

void flatness_json(const struct options *options, const struct flatness *flatness)
{
	json_options(options);
	json_conditions(&flatness->conditions);
	json_integer("rounds", (int64_t)flatness->samples);
	json_number("peak_gflops", flatness->peak);
	json_begin_list("cells");
	for (size_t i = 0; i < flatness->count; i++) {
		const struct flatness_cell *cell = &flatness->cells[i];
		json_begin_item();
		json_string("net", cell->net->name);
		json_integer("batch", cell->batch);
		json_number("step_us", 1e6 * cell->step.best);
		json_number("step_gflops", rate(cell));
		json_end_item();
	}
	json_end_list();
	json_number("ratio", flatness_ratio(flatness));
}

bool report_flatness(struct options *options)
{
	struct flatness flatness = {.count = 0};
	if (!flatness_choose(options, &flatness))
		return false;
	if (!options->json)
		header_print(options);
	for (size_t w = 0; w < options->worker_count; w++) {
		flatness.conditions = (struct conditions){.workers = options->workers[w]};
		if (options->dtype == MLP_F32)
			flatness_measure_f32(options, &flatness);
		else
			flatness_measure_f64(options, &flatness);
		if (options->json) {
			json_begin("flatness");
			flatness_json(options, &flatness);
			json_end();
		} else {
			flatness_print(&flatness);
		}
	}
	return true;
}
