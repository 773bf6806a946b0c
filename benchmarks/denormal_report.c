/* The report of --denormal. */
#include <inttypes.h>
#include <stdio.h>

#include "denormal.h"
#include "header.h"
#include "json_line.h"
#include "reports.h"

static const struct {
	const char *label, *best, *median;
	enum denormal_case base; /* what its time is held against */
} cases[DENORMAL_CASES] = {
	[NORMAL_OURS] = {"libmlp, normal", "step_us", "step_us_median", NORMAL_OURS},
	[DENORMAL_OURS] = {"libmlp, denormal", "step_denormal_us", "step_denormal_us_median",
			   NORMAL_OURS},
	[FLUSHED_OURS] = {"libmlp, denormal, flushing", "step_flushed_us", "step_flushed_us_median",
			  NORMAL_OURS},
	[NORMAL_PLAIN] = {"plain loop, normal", "plain_step_us", "plain_step_us_median",
			  NORMAL_PLAIN},
	[DENORMAL_PLAIN] = {"plain loop, denormal", "plain_step_denormal_us",
			    "plain_step_denormal_us_median", NORMAL_PLAIN},
};

static void print(const struct denormal *denormal)
{
	int64_t workers = denormal->conditions.workers;
	printf("\n%s, batch %" PRId64 ", %" PRId64
	       " worker%s, %zu samples; outputs of the denormal network: at most %.2g\n",
	       denormal->net->name, denormal->batch, workers, workers > 1 ? "s" : "",
	       denormal->samples, denormal->largest);
	header_print_conditions(&denormal->conditions);
	printf("  %-28s %11s %11s %10s\n", "step", "best us", "median us", "/ normal");
	for (int i = 0; i < DENORMAL_CASES; i++)
		printf("  %-28s %11.2f %11.2f %10.2f\n", cases[i].label,
		       1e6 * denormal->times[i].best, 1e6 * denormal->times[i].median,
		       denormal->times[i].best / denormal->times[cases[i].base].best);
	fflush(stdout);
}

static void print_json(const struct options *options, const struct denormal *denormal)
{
	json_begin("denormal");
	json_string("net", denormal->net->name);
	json_integer("batch", denormal->batch);
	json_options(options);
	json_conditions(&denormal->conditions);
	json_integer("rounds", (int64_t)denormal->samples);
	for (int i = 0; i < DENORMAL_CASES; i++) {
		json_number(cases[i].best, 1e6 * denormal->times[i].best);
		json_number(cases[i].median, 1e6 * denormal->times[i].median);
	}
	json_number("largest_output", denormal->largest);
	json_end();
}

static bool run_one(const struct options *options, struct denormal *denormal)
{
	if (options->dtype == MLP_F32)
		denormal_measure_f32(options, denormal);
	else
		denormal_measure_f64(options, denormal);
	if (options->json)
		print_json(options, denormal);
	else
		print(denormal);
	if (!denormal->is_denormal)
		fprintf(stderr, "mlp-bench: %s with %s is not denormal: its outputs reach %.2g\n",
			denormal->net->name, mlp_activation_name(options->activation),
			denormal->largest);
	return denormal->is_denormal;
}

bool report_denormal(const struct options *options)
{
	bool good = true;
	if (!options->json)
		header_print(options);
	for (size_t i = 0; i < options_cell_count(options); i++) {
		struct cell cell = options_cell(options, i);
		struct denormal denormal = {
			.net = cell.net, .batch = cell.batch, .conditions.workers = cell.workers};
		good = run_one(options, &denormal) && good;
	}
	return good;
}
