/* The report for programs: one JSON object a line. The program never calls setlocale(), so that
 * numbers have a point wherever it runs. */
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* A string; `text` may come from the BLAS library and hold anything. */
static void print_string(const char *key, const char *text)
{
	printf(", \"%s\": \"", key);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* A number; JSON has none that are not finite. */
static void print_number(const char *key, double value)
{
	if (isfinite(value))
		printf(", \"%s\": %.9g", key, value);
	else
		printf(", \"%s\": null", key);
}

static void print_integer(const char *key, int64_t value)
{
	printf(", \"%s\": %" PRId64, key, value);
}

static void print_times(const struct result *result)
{
	static const struct {
		enum thing thing;
		const char *best, *median;
	} times[] = {
		{FORWARD, "forward_us", "forward_us_median"},
		{BACKWARD, "backward_us", "backward_us_median"},
		{BACKWARD_INPUT, "backward_input_us", "backward_input_us_median"},
		{UPDATE, "update_us", "update_us_median"},
		{STEP, "step_us", "step_us_median"},
		{BLAS_FORWARD, "blas_forward_us", "blas_forward_us_median"},
		{BLAS_BACKWARD, "blas_backward_us", "blas_backward_us_median"},
		{PLAIN_STEP, "plain_step_us", "plain_step_us_median"},
	};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		print_number(times[i].best, 1e6 * result->times[times[i].thing].best);
		print_number(times[i].median, 1e6 * result->times[times[i].thing].median);
	}
}

void json_cell(const struct options *options, const struct result *result)
{
	printf("{\"net\": \"%s\"", options->nets[result->net].name);
	print_integer("batch", result->batch);
	print_string("dtype", dtype_name(options->dtype));
	print_string("activation", mlp_activation_name(options->activation));
	print_integer("workers", 1);
	print_integer("rounds", (int64_t)result->rounds);
	print_times(result);
	print_integer("forward_flop", result->flop[FORWARD]);
	print_integer("backward_flop", result->flop[BACKWARD]);
	print_integer("backward_input_flop", result->flop[BACKWARD_INPUT]);
	print_integer("update_flop", result->flop[UPDATE]);
	print_number("peak_gflops", gflops(result, PEAK));
	print_string("blas_forward_way", result->times[BLAS_FORWARD].way);
	print_string("blas_backward_way", result->times[BLAS_BACKWARD].way);
	print_number("weight_eta", result->eta);
	print_number("weight_moved", result->moved);
	print_number("weight_deviation", result->deviation);
	print_number("weight_tolerance", result->tolerance);
	print_string("version", mlp_version_string());
	print_string("blas", mlp_build_info(MLP_BUILD_BLAS));
	print_string("blas_config", mlp_build_info(MLP_BUILD_BLAS_CONFIG));
	print_string("blas_threads", mlp_build_info(MLP_BUILD_BLAS_THREADS));
	printf("}\n");
	fflush(stdout);
}
