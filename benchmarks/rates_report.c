/* The report of --peak. */
#include <stdio.h>

#include "header.h"
#include "json_line.h"
#include "rates.h"
#include "reports.h"

static double best_product(const struct rates *rates)
{
	double best = 0;
	for (int i = 0; i < RATE_SIZES; i++)
		best = rates->products[i] > best ? rates->products[i] : best;
	return best;
}

static void print(const struct rates *rates)
{
	printf("\nRates of one core, best of %zu samples\n", rates->samples);
	printf("  %-34s %9s %9s\n", "", "GFLOP/s", "of FMA");
	for (int i = 0; i < RATE_SIZES; i++)
		printf("  BLAS, product of %4d x %4d x %4d   %9.1f %7.1f %%\n", rates->sizes[i],
		       rates->sizes[i], rates->sizes[i], rates->products[i],
		       100 * rates->products[i] / rates->fma);
	printf("  %-34s %9.1f %7.1f %%\n", "best of these", best_product(rates),
	       100 * best_product(rates) / rates->fma);
	printf("  multiply-adds in registers, %-6s %9.1f\n", rates->fma_way, rates->fma);
}

static void print_json(const struct options *options, const struct rates *rates)
{
	json_begin("peak");
	json_string("dtype", dtype_name(options->dtype));
	json_integer("rounds", (int64_t)rates->samples);
	for (int i = 0; i < RATE_SIZES; i++) {
		char key[32];
		snprintf(key, sizeof key, "product_%d_gflops", rates->sizes[i]);
		json_number(key, rates->products[i]);
	}
	json_number("best_product_gflops", best_product(rates));
	json_number("fma_gflops", rates->fma);
	json_string("fma_way", rates->fma_way);
	json_end();
}

bool report_peak(const struct options *options)
{
	struct rates rates = {.samples = 0};
	if (!options->json)
		header_print(options);
	if (options->dtype == MLP_F32)
		rates_measure_f32(options, &rates);
	else
		rates_measure_f64(options, &rates);
	if (options->json)
		print_json(options, &rates);
	else
		print(&rates);
	return true;
}
