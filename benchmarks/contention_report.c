/* The report of --contention. */
#include <inttypes.h>
#include <stdio.h>

#include "contention.h"
#include "header.h"
#include "json_line.h"
#include "reports.h"

static const char *const side_names[] = {[OURS] = "libmlp", [THEIRS] = "plain loop"};

void contention_print(const struct contention *contention)
{
	int64_t workers = contention->conditions.workers, busy = contention->busy;
	printf("\n%s, batch %" PRId64 ", %" PRId64 " worker%s, %" PRId64
	       " busy process%s beside; single steps\n",
	       contention->net->name, contention->batch, workers, workers > 1 ? "s" : "", busy,
	       busy > 1 ? "es" : "");
	header_print_conditions(&contention->conditions);
	printf("  %-12s %21s   %21s   %s\n", "", "median us", "99th percentile us", "steps");
	printf("  %-12s %10s %10s %6s %10s %10s %6s %6s %6s\n", "", "quiet", "loaded", "ratio",
	       "quiet", "loaded", "ratio", "quiet", "loaded");
	for (enum side side = OURS; side <= THEIRS; side++) {
		const struct series *quiet = &contention->quiet[side];
		const struct series *loaded = &contention->loaded[side];
		printf("  %-12s %10.2f %10.2f %6.2f %10.2f %10.2f %6.2f %6zu %6zu\n",
		       side_names[side], 1e6 * quiet->timing.median, 1e6 * loaded->timing.median,
		       contention_ratio(contention, side), 1e6 * quiet->timing.slow,
		       1e6 * loaded->timing.slow, loaded->timing.slow / quiet->timing.slow,
		       quiet->steps, loaded->steps);
	}
	fflush(stdout);
}

static void print_series(const char *prefix, const char *name, const struct series *series)
{
	char key[64];
	snprintf(key, sizeof key, "%s_%s_us_median", prefix, name);
	json_number(key, 1e6 * series->timing.median);
	snprintf(key, sizeof key, "%s_%s_us_99", prefix, name);
	json_number(key, 1e6 * series->timing.slow);
	snprintf(key, sizeof key, "%s_%s_steps", prefix, name);
	json_integer(key, (int64_t)series->steps);
}

void contention_json(const struct options *options, const struct contention *contention)
{
	json_string("net", contention->net->name);
	json_integer("batch", contention->batch);
	json_options(options);
	json_conditions(&contention->conditions);
	json_integer("busy", contention->busy);
	print_series("step", "quiet", &contention->quiet[OURS]);
	print_series("step", "loaded", &contention->loaded[OURS]);
	print_series("plain_step", "quiet", &contention->quiet[THEIRS]);
	print_series("plain_step", "loaded", &contention->loaded[THEIRS]);
	json_number("step_ratio", contention_ratio(contention, OURS));
	json_number("plain_step_ratio", contention_ratio(contention, THEIRS));
}

bool contention_is_sound(const struct contention *contention)
{
	if (!contention->all_ran)
		fprintf(stderr, "mlp-bench: a busy process ended before the measurement\n");
	return agrees(contention->net, contention->batch, &contention->agreement) &&
	       contention->all_ran;
}

static bool run_one(const struct options *options, struct contention *contention)
{
	if (options->dtype == MLP_F32)
		contention_measure_f32(options, contention);
	else
		contention_measure_f64(options, contention);
	if (options->json) {
		json_begin("contention");
		contention_json(options, contention);
		json_end();
	} else {
		contention_print(contention);
	}
	return contention_is_sound(contention);
}

bool report_contention(const struct options *options)
{
	bool good = true;
	if (!options->json)
		header_print(options);
	for (size_t i = 0; i < options_cell_count(options); i++) {
		struct cell cell = options_cell(options, i);
		struct contention contention = {.net = cell.net,
						.batch = cell.batch,
						.busy = options->busy,
						.conditions.workers = cell.workers};
		good = run_one(options, &contention) && good;
	}
	return good;
}
