/* The report for people. */
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_thread_settings(void)
{
	static const char *const names[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS",
					    "GOTO_NUM_THREADS", "BLIS_NUM_THREADS",
					    "MKL_NUM_THREADS"};
	int set = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL)
			printf("%s%s=%s", set++ > 0 ? ", " : "", names[i], value);
	}
	puts(set > 0 ? ""
		     : "as the BLAS has them by default (no variable such as "
		       "OPENBLAS_NUM_THREADS is set)");
}

void table_header(const struct options *options)
{
	const char *config = mlp_build_info(MLP_BUILD_BLAS_CONFIG);
	printf("libmlp %s, %s\n", mlp_version_string(), mlp_build_info(MLP_BUILD_COMPILER));
	printf("BLAS     %s, threads: %s, %s-bit integers%s%s\n", mlp_build_info(MLP_BUILD_BLAS),
	       mlp_build_info(MLP_BUILD_BLAS_THREADS), mlp_build_info(MLP_BUILD_BLAS_INTEGER),
	       *config != '\0' ? "\n         " : "", config);
	printf("threads  ");
	print_thread_settings();
	printf("run      %s, %s, 1 worker, ", dtype_name(options->dtype),
	       mlp_activation_name(options->activation));
	if (options->repetitions > 0)
		printf("%zu rounds each\n", options->repetitions);
	else
		printf("%g s each\n", options->seconds);
}

static void print_line(const char *label, const struct result *result, enum thing thing)
{
	const struct timing *timing = &result->times[thing];
	printf("  %-20s %11.2f %11.2f %9.2f %7.1f %%%s%s\n", label, 1e6 * timing->best,
	       1e6 * timing->median, gflops(result, thing),
	       100 * gflops(result, thing) / gflops(result, PEAK), *timing->way != '\0' ? "  " : "",
	       timing->way);
}

void table_cell(const struct options *options, const struct result *result)
{
	printf("\n%s, batch %" PRId64 ", %zu rounds, peak %.1f GFLOP/s\n",
	       options->nets[result->net].name, result->batch, result->rounds,
	       gflops(result, PEAK));
	printf("  %-20s %11s %11s %9s %9s\n", "", "best us", "median us", "GFLOP/s", "of peak");
	print_line("forward", result, FORWARD);
	print_line("  bare CBLAS", result, BLAS_FORWARD);
	print_line("backward", result, BACKWARD);
	print_line("  bare CBLAS", result, BLAS_BACKWARD);
	print_line("backward, dl/dx(0)", result, BACKWARD_INPUT);
	print_line("update", result, UPDATE);
	print_line("step", result, STEP);
	print_line("  plain loop", result, PLAIN_STEP);
	fflush(stdout);
}

static double time_ratio(const struct result *result, enum thing over, enum thing under)
{
	return result->times[over].best / result->times[under].best;
}

static double flop_ratio(const struct result *result, enum thing over, enum thing under)
{
	return (double)result->flop[over] / (double)result->flop[under];
}

static void print_ratios(const char *name, int width, const struct result *result)
{
	const struct timing *times = result->times;
	printf("%-*s %6" PRId64, width, name, result->batch);
	printf(" | %8.2f %6.2f", time_ratio(result, BACKWARD, FORWARD),
	       flop_ratio(result, BACKWARD, FORWARD));
	printf(" | %8.2f %6.2f", time_ratio(result, BACKWARD_INPUT, FORWARD),
	       flop_ratio(result, BACKWARD_INPUT, FORWARD));
	printf(" | %8.2f %8.2f %8.2f", time_ratio(result, FORWARD, BLAS_FORWARD),
	       time_ratio(result, BACKWARD, BLAS_BACKWARD),
	       times[STEP].best / (times[BLAS_FORWARD].best + times[BLAS_BACKWARD].best));
	printf(" | %8.2f\n", time_ratio(result, STEP, PLAIN_STEP));
}

static int longest_name(const struct options *options)
{
	int longest = 0;
	for (size_t i = 0; i < options->net_count; i++) {
		int length = snprintf(NULL, 0, "%s", options->nets[i].name);
		longest = length > longest ? length : longest;
	}
	return longest;
}

void table_footer(const struct options *options, const struct result *results, size_t count)
{
	int width = longest_name(options);
	printf("\nRatios of the best times\n");
	printf("%-*s %6s | %-15s | %-15s | %-26s | %8s\n", width, "", "", "backward/forward",
	       "with dl/dx(0)", "libmlp / bare CBLAS", "/ plain");
	printf("%-*s %6s | %8s %6s | %8s %6s | %8s %8s %8s | %8s\n", width, "net", "batch", "time",
	       "flop", "time", "flop", "forward", "backward", "step", "step");
	const struct result *worst = results;
	for (size_t i = 0; i < count; i++) {
		const struct result *result = &results[i];
		print_ratios(options->nets[result->net].name, width, result);
		if (result->deviation * worst->tolerance > worst->deviation * result->tolerance)
			worst = result;
	}
	printf("\nlibmlp and the plain loop, weights after 10 steps from the same start: at most\n"
	       "%.2g apart where %.2g is allowed and the largest change is %.2g (%s, batch %" PRId64
	       ")\n",
	       worst->deviation, worst->tolerance, worst->moved, options->nets[worst->net].name,
	       worst->batch);
}
