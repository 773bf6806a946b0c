/* The report of --matrix: the figures to reach, and what was measured. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "cell_json.h"
#include "contention.h"
#include "flatness.h"
#include "header.h"
#include "json_line.h"
#include "latency.h"
#include "matrix.h"
#include "reports.h"

enum { FLATNESS_FACTOR = 3 }; /* of the seconds of a cell: it has several nets in one */

static void print_goal(const struct goal *goal, const char *verdict)
{
	if (goal->reach > 0)
		printf(" %5.2f %7.2f %-7s", goal->reach, goal->stretch, verdict);
	else
		printf(" %5s %7s %-7s", "-", "-", "");
}

static void print_step_head(void)
{
	printf("\n%-29s %5s %7s %10s |%8s %5s %7s %7s |%6s %5s %7s %7s | %6s\n", "step", "batch",
	       "workers", "best us", "/ plain", "reach", "stretch", "", "share", "reach", "stretch",
	       "", "of FMA");
}

static void print_step(const struct result *result, const struct step_goal *goal)
{
	double plain = result->times[STEP].best / result->times[PLAIN_STEP].best;
	double of_peak = share(result, STEP, PEAK);
	printf("%-29s %5" PRId64 " %7" PRId64 " %10.2f |%8.2f", result->net->name, result->batch,
	       result->conditions.workers, 1e6 * result->times[STEP].best, plain);
	print_goal(&goal->plain, verdict_at_most(plain, &goal->plain));
	printf(" |%6.2f", of_peak);
	print_goal(&goal->share, verdict_at_least(of_peak, &goal->share));
	printf(" | %6.2f\n", share(result, STEP, FMA));
	header_print_conditions(&result->conditions);
	fflush(stdout);
}

static void goal_json(const char *name, double value, const struct goal *goal, const char *verdict)
{
	char key[64];
	json_number(name, value);
	if (goal->reach <= 0)
		return;
	snprintf(key, sizeof key, "%s_reach", name);
	json_number(key, goal->reach);
	if (goal->stretch > 0) {
		snprintf(key, sizeof key, "%s_stretch", name);
		json_number(key, goal->stretch);
	}
	snprintf(key, sizeof key, "%s_verdict", name);
	json_string(key, verdict);
}

static void step_json(const struct options *options, const struct result *result,
		      const struct step_goal *goal)
{
	double plain = result->times[STEP].best / result->times[PLAIN_STEP].best;
	double of_peak = share(result, STEP, PEAK);
	json_begin("matrix_step");
	cell_json_step(options, result);
	goal_json("step_over_plain", plain, &goal->plain, verdict_at_most(plain, &goal->plain));
	goal_json("share", of_peak, &goal->share, verdict_at_least(of_peak, &goal->share));
	json_end();
}

static bool run_step(const struct options *options, const struct net *net,
		     const struct step_goal *goal)
{
	struct result result = {
		.net = net, .batch = goal->batch, .conditions.workers = goal->workers};
	if (options->dtype == MLP_F32)
		cell_measure_step_f32(options, &result);
	else
		cell_measure_step_f64(options, &result);
	if (options->json)
		step_json(options, &result, goal);
	else
		print_step(&result, goal);
	return agrees(net, goal->batch, &result.agreement);
}

static void run_latency(const struct options *options, const struct net *net)
{
	struct latency latency = {.net = net, .batch = 1, .conditions.workers = LATENCY_WORKERS};
	if (options->dtype == MLP_F32)
		latency_measure_f32(options, &latency);
	else
		latency_measure_f64(options, &latency);
	double one = latency.one.best, several = latency.several.best, ratio = several / one;
	const char *verdict = verdict_at_most(ratio, &latency_goal);
	if (options->json) {
		json_begin("matrix_forward");
		json_string("net", net->name);
		json_integer("batch", latency.batch);
		json_options(options);
		json_conditions(&latency.conditions);
		json_integer("rounds", (int64_t)latency.samples);
		json_number("forward_one_us", 1e6 * one);
		json_number("forward_us", 1e6 * several);
		goal_json("forward_ratio", ratio, &latency_goal, verdict);
		json_end();
		return;
	}
	printf("\nforward of one sample, %s: %.2f us by 1 worker, %.2f us by %d\n", net->name,
	       1e6 * one, 1e6 * several, LATENCY_WORKERS);
	printf("  ratio %.2f, reach %.2f: %s\n", ratio, latency_goal.reach, verdict);
	fflush(stdout);
}

static bool run_contention(const struct options *options, const struct net *net)
{
	struct contention contention = {.net = net,
					.batch = CONTENTION_BATCH,
					.busy = CONTENTION_BUSY,
					.conditions.workers = CONTENTION_WORKERS};
	struct options own = *options;
	own.seconds = 0; /* it is the number of steps that counts */
	if (options->dtype == MLP_F32)
		contention_measure_f32(&own, &contention);
	else
		contention_measure_f64(&own, &contention);
	double ratio = contention_ratio(&contention, OURS);
	const char *verdict = verdict_at_most(ratio, &contention_goal);
	if (options->json) {
		json_begin("matrix_contention");
		contention_json(options, &contention);
		goal_json("median_ratio", ratio, &contention_goal, verdict);
		json_end();
	} else {
		contention_print(&contention);
		printf("  ratio of the medians %.2f, reach %.2f: %s\n", ratio,
		       contention_goal.reach, verdict);
	}
	return contention_is_sound(&contention);
}

static void run_flatness(const struct options *options)
{
	struct flatness flatness = {.conditions.workers = 1};
	struct options own = *options;
	own.seconds *= FLATNESS_FACTOR;
	own.nets = NULL;
	own.batches = own.workers = NULL;
	own.net_count = own.batch_count = own.worker_count = 0;
	flatness_choose(&own, &flatness);
	if (options->dtype == MLP_F32)
		flatness_measure_f32(&own, &flatness);
	else
		flatness_measure_f64(&own, &flatness);
	double ratio = flatness_ratio(&flatness);
	const char *verdict = verdict_at_most(ratio, &flatness_goal);
	if (options->json) {
		json_begin("matrix_flatness");
		flatness_json(options, &flatness);
		goal_json("flatness", ratio, &flatness_goal, verdict);
		json_end();
	} else {
		flatness_print(&flatness);
		printf("  reach %.2f: %s\n", flatness_goal.reach, verdict);
	}
	options_free(&own);
}

static bool lists(const int64_t *list, size_t count, int64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == number)
			return true;
	return count == 0;
}

/* The net of a goal, if the command line wants it: it lists this net, batch size and number of workers, or
 * none. */
static const struct net *find_wanted(const struct options *options, const struct options *wanted,
				     size_t goal, int64_t batch, int64_t workers)
{
	const struct net *net = &options->nets[goal];
	bool is_listed = wanted->net_count == 0;
	for (size_t i = 0; i < wanted->net_count; i++)
		is_listed = is_listed || strcmp(wanted->nets[i].name, net->name) == 0;
	return is_listed && lists(wanted->batches, wanted->batch_count, batch) &&
			       lists(wanted->workers, wanted->worker_count, workers)
		       ? net
		       : NULL;
}

/* One net for each step goal, then those of latency and contention. */
static struct options with_goal_nets(const struct options *wanted)
{
	struct options options = *wanted;
	options.nets = NULL;
	options.batches = options.workers = NULL;
	options.net_count = options.batch_count = options.worker_count = 0;
	for (size_t i = 0; i < step_goal_count; i++)
		options_add_net(&options, step_goals[i].widths);
	options_add_net(&options, LATENCY_WIDTHS);
	options_add_net(&options, CONTENTION_WIDTHS);
	options_set_workers(&options, "1,2");
	return options;
}

bool report_matrix(const struct options *wanted)
{
	struct options options = with_goal_nets(wanted);
	const struct net *net = NULL;
	bool good = true;
	if (!options.json) {
		header_print(&options);
		print_step_head();
	}
	for (size_t i = 0; i < step_goal_count; i++) {
		const struct step_goal *goal = &step_goals[i];
		net = find_wanted(&options, wanted, i, goal->batch, goal->workers);
		if (net != NULL)
			good = run_step(&options, net, goal) && good;
	}
	net = find_wanted(&options, wanted, step_goal_count, 1, LATENCY_WORKERS);
	if (net != NULL)
		run_latency(&options, net);
	net = find_wanted(&options, wanted, step_goal_count + 1, CONTENTION_BATCH,
			  CONTENTION_WORKERS);
	if (net != NULL)
		good = run_contention(&options, net) && good;
	if (wanted->net_count + wanted->batch_count + wanted->worker_count == 0)
		run_flatness(&options);
	options_free(&options);
	return good;
}
