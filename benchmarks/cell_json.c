/* A cell for programs. */
#include "cell_json.h"

#include "json_line.h"
#include "tuning.h"

struct names {
	enum thing thing;
	const char *best, *median;
};

static void print_times(const struct result *result, const struct names *times, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_number(times[i].best, 1e6 * result->times[times[i].thing].best);
		json_number(times[i].median, 1e6 * result->times[times[i].thing].median);
	}
}

static void print_agreement(const struct agreement *agreement)
{
	json_number("weight_eta", agreement->eta);
	json_number("weight_moved", agreement->moved);
	json_number("weight_deviation", agreement->deviation);
	json_number("weight_tolerance", agreement->tolerance);
}

void cell_json_step(const struct options *options, const struct result *result)
{
	static const struct names times[] = {
		{STEP, "step_us", "step_us_median"},
		{PLAIN_STEP, "plain_step_us", "plain_step_us_median"},
	};
	json_string("net", result->net->name);
	json_integer("batch", result->batch);
	json_options(options);
	json_conditions(&result->conditions);
	json_integer("rounds", (int64_t)result->rounds);
	print_times(result, times, sizeof times / sizeof *times);
	json_integer("step_flop", result->flop[STEP]);
	json_number("peak_gflops", gflops(result, PEAK));
	json_number("fma_gflops", gflops(result, FMA));
	json_string("fma_way", result->times[FMA].way);
	json_number("step_share", share(result, STEP, PEAK));
	json_number("step_share_fma", share(result, STEP, FMA));
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		json_string(tuning_name((mlp_tuning)tuning),
			    tuning_value_name((mlp_tuning)tuning, result->tuning[tuning]));
	print_agreement(&result->agreement);
}

void cell_json(const struct options *options, const struct result *result)
{
	static const struct names times[] = {
		{FORWARD, "forward_us", "forward_us_median"},
		{BACKWARD, "backward_us", "backward_us_median"},
		{BACKWARD_INPUT, "backward_input_us", "backward_input_us_median"},
		{UPDATE, "update_us", "update_us_median"},
		{BLAS_FORWARD, "blas_forward_us", "blas_forward_us_median"},
		{BLAS_BACKWARD, "blas_backward_us", "blas_backward_us_median"},
	};
	json_begin("cell");
	cell_json_step(options, result);
	print_times(result, times, sizeof times / sizeof *times);
	json_integer("forward_flop", result->flop[FORWARD]);
	json_integer("backward_flop", result->flop[BACKWARD]);
	json_integer("backward_input_flop", result->flop[BACKWARD_INPUT]);
	json_integer("update_flop", result->flop[UPDATE]);
	json_string("blas_forward_way", result->times[BLAS_FORWARD].way);
	json_string("blas_backward_way", result->times[BLAS_BACKWARD].way);
	json_end();
}
