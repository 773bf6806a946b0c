/* The report for people. */
#include "table.h"

#include <inttypes.h>
#include <stdio.h>

#include "header.h"
#include "tuning.h"

static void print_line(const char *label, const struct result *result, enum thing thing)
{
	const struct timing *timing = &result->times[thing];
	printf("  %-20s %11.2f %11.2f %9.2f %7.1f %% %7.1f %%%s%s\n", label, 1e6 * timing->best,
	       1e6 * timing->median, gflops(result, thing), 100 * share(result, thing, PEAK),
	       100 * share(result, thing, FMA), *timing->way != '\0' ? "  " : "", timing->way);
}

static void print_tuning(const struct result *result)
{
	printf("  libmlp chose");
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		printf("%s %s=%s", tuning > 1 ? "," : "", tuning_name((mlp_tuning)tuning),
		       tuning_value_name((mlp_tuning)tuning, result->tuning[tuning]));
	printf("\n");
}

void table_cell(const struct result *result)
{
	int64_t workers = result->conditions.workers;
	printf("\n%s, batch %" PRId64 ", %" PRId64 " worker%s, %zu samples\n", result->net->name,
	       result->batch, workers, workers > 1 ? "s" : "", result->rounds);
	printf("  a core gives %.1f GFLOP/s to 64x64x64 products, %.1f to multiply-adds (%s)\n",
	       gflops(result, PEAK), gflops(result, FMA), result->times[FMA].way);
	header_print_conditions(&result->conditions);
	print_tuning(result);
	printf("  %-20s %11s %11s %9s %9s %9s\n", "", "best us", "median us", "GFLOP/s", "of 64^3",
	       "of FMA");
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

static void print_ratios(int width, const struct result *result)
{
	const struct timing *times = result->times;
	printf("%-*s %6" PRId64 " %7" PRId64, width, result->net->name, result->batch,
	       result->conditions.workers);
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
	printf("%-*s %6s %7s | %-15s | %-15s | %-26s | %8s\n", width, "", "", "",
	       "backward/forward", "with dl/dx(0)", "libmlp / bare CBLAS", "/ plain");
	printf("%-*s %6s %7s | %8s %6s | %8s %6s | %8s %8s %8s | %8s\n", width, "net", "batch",
	       "workers", "time", "flop", "time", "flop", "forward", "backward", "step", "step");
	const struct result *worst = results;
	for (size_t i = 0; i < count; i++) {
		const struct result *result = &results[i];
		print_ratios(width, result);
		if (result->agreement.deviation * worst->agreement.tolerance >
		    worst->agreement.deviation * result->agreement.tolerance)
			worst = result;
	}
	printf("\nlibmlp and the plain loop, weights after 10 steps from the same start: at most\n"
	       "%.2g apart where %.2g is allowed and the largest change is %.2g (%s, batch %" PRId64
	       ")\n",
	       worst->agreement.deviation, worst->agreement.tolerance, worst->agreement.moved,
	       worst->net->name, worst->batch);
}
