/* mlp bench: how fast a network is on this machine. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/bench_calls.h"
#include "command/commands.h"
#include "command/model.h"
#include "progress/progress.h"

enum { MOST_WIDTHS = 66, MOST_TIMES = 100000, USUAL_BATCH = 128 };

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;
	return first < second ? -1 : first > second;
}

/* Median of the times of single calls, seconds, after one that does not count. */
static double median_time(struct bench *bench, bench_call call, double seconds)
{
	double *times = make(MOST_TIMES, sizeof *times);
	int count = 0;
	call(bench);
	for (double end = seconds_now() + seconds; count < MOST_TIMES && bench->status == MLP_OK;) {
		double begun = seconds_now();
		call(bench);
		double ended = seconds_now();
		times[count++] = ended - begun;
		if (ended >= end && count >= 5)
			break;
	}
	qsort(times, (size_t)count, sizeof *times, compare);
	double median = count > 0 ? times[count / 2] : NAN;
	free(times);
	return median;
}

static int64_t flop_of(const mlp_network *net, mlp_pass pass, int64_t batch)
{
	int64_t flop = 0;
	mlp_network_cost(net, pass, batch, &flop, NULL);
	return flop;
}

static void tell(const struct options *options, const struct bench *bench, const char *what,
		 int64_t batch, double seconds, int64_t flop)
{
	if (options->json) {
		char *widths = widths_text(bench->net);
		json_t *line = json_object();
		set_text(line, "network", widths);
		set_text(line, "what", what);
		set_integer(line, "batch", batch);
		set_integer(line, "workers", mlp_pool_workers(bench->pool));
		set_number(line, "seconds", seconds);
		set_number(line, "rows_per_second", (double)batch / seconds);
		set_number(line, "flop_per_second", (double)flop / seconds);
		write_json_line(line);
		free(widths);
		return;
	}
	say("%-14s %6lld %12.2f %14.0f %10.2f", what, (long long)batch, 1e6 * seconds,
	    (double)batch / seconds, 1e-9 * (double)flop / seconds);
}

static enum exit_code time_network(const struct options *options, struct bench *bench)
{
	double seconds = isnan(options->seconds) ? 0.5 : options->seconds;
	int64_t many = options->batch > 0 ? options->batch : USUAL_BATCH;
	const struct {
		const char *what;
		bench_call call;
		int64_t batch;
	} all[] = {
		{"forward", bench_forward, 1},
		{"forward", bench_forward, many},
		{"gradient", bench_gradient, many},
		{"training step", bench_step, many},
	};
	for (size_t i = many == 1; i < sizeof all / sizeof all[0]; i++) {
		bench->batch = all[i].batch;
		int64_t flop = flop_of(bench->net, MLP_PASS_FORWARD, bench->batch);
		if (all[i].call != bench_forward)
			flop += flop_of(bench->net, MLP_PASS_BACKWARD, bench->batch);
		double time = median_time(bench, all[i].call, seconds);
		if (bench->status != MLP_OK)
			return judge(bench->status, NULL);
		tell(options, bench, all[i].what, bench->batch, time, flop);
	}
	return DONE;
}

/* A network of the widths, inputs first. */
static enum exit_code create_network(const struct options *options, const char *text,
				     mlp_network **net)
{
	int64_t widths[MOST_WIDTHS];
	int64_t count = 0;
	for (const char *at = text;; at++) {
		char *end = NULL;
		errno = 0;
		long long width = strtoll(at, &end, 10);
		if (end == at || errno != 0 || width < 1 || width > INT32_MAX ||
		    (*end != '\0' && *end != ',' && *end != '-') || count == MOST_WIDTHS) {
			count = 0;
			break;
		}
		widths[count++] = width;
		if (*end == '\0')
			break;
		at = end;
	}
	if (count < 2) {
		complain("bench '%s': expected a model file, or widths such as 784,512,256,10",
			 text);
		return BAD_USAGE;
	}
	return judge(mlp_network_create(options->f64 ? MLP_F64 : MLP_F32, widths, count, net),
		     NULL);
}

static void tell_machine(const struct options *options, const struct bench *bench)
{
	char *widths = widths_text(bench->net);
	if (!options->json) {
		say("%s, %s, %lld worker%s, %s kernels, %s", widths,
		    mlp_network_dtype(bench->net) == MLP_F64 ? "f64" : "f32",
		    (long long)mlp_pool_workers(bench->pool),
		    mlp_pool_workers(bench->pool) == 1 ? "" : "s",
		    mlp_build_info(MLP_BUILD_INSTRUCTIONS), mlp_build_info(MLP_BUILD_BLAS));
		say("%-14s %6s %12s %14s %10s", "", "batch", "median us", "rows/s", "GFLOP/s");
	}
	free(widths);
}

enum exit_code run_bench(const struct options *options, char **arguments, int count)
{
	(void)count;
	struct bench bench = {0};
	struct model model = {0};
	bool is_widths = arguments[0][strspn(arguments[0], "0123456789,-")] == '\0';
	enum exit_code code =
		is_widths ? create_network(options, arguments[0], &bench.net)
			  : load_model(arguments[0], options->f64 ? MLP_F64 : 0, &model);
	if (code == DONE && !is_widths)
		bench.net = model.net;
	if (code == DONE)
		code = judge(
			mlp_pool_create(options->workers > 0 ? options->workers : 0, &bench.pool),
			"--workers");
	if (code == DONE)
		code = judge(bench_prepare(&bench,
					   options->batch > 0 ? options->batch : USUAL_BATCH,
					   options->seed >= 0 ? (uint64_t)options->seed : 1),
			     NULL);
	if (code == DONE) {
		tell_machine(options, &bench);
		code = time_network(options, &bench);
	}
	bench_free(&bench);
	mlp_pool_free(bench.pool);
	if (is_widths)
		mlp_network_free(bench.net);
	else
		free_model(&model);
	return code;
}
