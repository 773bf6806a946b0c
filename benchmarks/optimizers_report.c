/* The report of --optimizers. */
#include <inttypes.h>
#include <stdio.h>

#include "header.h"
#include "json_line.h"
#include "optimizers.h"
#include "reports.h"

const struct optimizer_case optimizer_cases[OPTIMIZER_CASES] = {
	{"SGD", "sgd", MLP_SGD, 0},
	{"SGD, momentum", "momentum", MLP_SGD, 0.9},
	{"RMSprop", "rmsprop", MLP_RMSPROP, 0},
	{"Adam", "adam", MLP_ADAM, 0},
	{"AdamW", "adamw", MLP_ADAMW, 0},
	{"iRPROP-", "irprop", MLP_IRPROP_MINUS, 0},
};

static void print(const struct optimizers *optimizers)
{
	int64_t workers = optimizers->conditions.workers;
	printf("\n%s, batch %" PRId64 ", %" PRId64
	       " worker%s, %zu samples; mlp_train_step: best %.2f us, median %.2f us\n",
	       optimizers->net->name, optimizers->batch, workers, workers > 1 ? "s" : "",
	       optimizers->samples, 1e6 * optimizers->step.best, 1e6 * optimizers->step.median);
	header_print_conditions(&optimizers->conditions);
	printf("  %-16s %11s %11s %12s %13s %11s\n", "in one call", "best us", "median us",
	       "/ train_step", "in two, best", "one / two");
	for (int i = 0; i < OPTIMIZER_CASES; i++) {
		const struct timing *one = &optimizers->fused[i], *two = &optimizers->unfused[i];
		printf("  %-16s %11.2f %11.2f %12.2f %13.2f %11.2f\n", optimizer_cases[i].label,
		       1e6 * one->best, 1e6 * one->median, one->best / optimizers->step.best,
		       1e6 * two->best, one->best / two->best);
	}
	fflush(stdout);
}

static void print_timing(const char *name, const char *way, const struct timing *timing)
{
	char key[64];
	snprintf(key, sizeof key, "%s%s_us", name, way);
	json_number(key, 1e6 * timing->best);
	snprintf(key, sizeof key, "%s%s_us_median", name, way);
	json_number(key, 1e6 * timing->median);
}

static void print_json(const struct options *options, const struct optimizers *optimizers)
{
	json_begin("optimizers");
	json_string("net", optimizers->net->name);
	json_integer("batch", optimizers->batch);
	json_options(options);
	json_conditions(&optimizers->conditions);
	json_integer("rounds", (int64_t)optimizers->samples);
	print_timing("step", "", &optimizers->step);
	for (int i = 0; i < OPTIMIZER_CASES; i++) {
		print_timing(optimizer_cases[i].key, "", &optimizers->fused[i]);
		print_timing(optimizer_cases[i].key, "_unfused", &optimizers->unfused[i]);
	}
	json_end();
}

bool report_optimizers(const struct options *options)
{
	if (!options->json)
		header_print(options);
	for (size_t i = 0; i < options_cell_count(options); i++) {
		struct cell cell = options_cell(options, i);
		struct optimizers optimizers = {
			.net = cell.net, .batch = cell.batch, .conditions.workers = cell.workers};
		if (options->dtype == MLP_F32)
			optimizers_measure_f32(options, &optimizers);
		else
			optimizers_measure_f64(options, &optimizers);
		if (options->json)
			print_json(options, &optimizers);
		else
			print(&optimizers);
	}
	return true;
}
