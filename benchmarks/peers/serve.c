/* main() of the peers written in C and C++: PEER PROBLEM THREADS. Answers commands, a line each:
 *
 *     (start)            ready ABOUT | skip REASON (and the program ends)
 *     losses N           losses L1 .. LN | incomparable REASON    the loss before each of N steps
 *     eta VALUE          eta
 *     time step SECONDS  time BEST MEDIAN CALLS                   microseconds of one call
 *     time forward SECONDS
 *
 * and ends with its input. peer.py does the same for the peers in Python. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../clock.h"
#include "peer.h"
#include "problem.h"

#define SAMPLE_SECONDS 50e-6
enum { LINE = 256, MOST_SAMPLES = 1 << 16 };

static struct problem problem;

/* 1/2 sum (y - t)^2 / batch */
static double loss(float *y)
{
	size_t count = problem.batch * problem.widths[problem.layer_count];
	double sum = 0;
	peer_output(y);
	for (size_t i = 0; i < count; i++) {
		double error = (double)y[i] - (double)problem.target[i];
		sum += error * error;
	}
	return sum / 2 / (double)problem.batch;
}

static void answer_losses(int count)
{
	if (peer_incomparable != NULL) {
		printf("incomparable %s\n", peer_incomparable);
		return;
	}
	float *y = peer_floats(problem.batch * problem.widths[problem.layer_count]);
	printf("losses");
	for (int i = 0; i < count; i++) {
		peer_forward();
		printf(" %.9g", loss(y));
		peer_step();
	}
	printf("\n");
	free(y);
}

static double time_calls(void (*call)(void), int calls)
{
	double start = clock_now();
	for (int i = 0; i < calls; i++)
		call();
	return clock_now() - start;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* A call that is not timed brings the data back into the caches; then as many samples as fit, one at
 * least, each of one call or as many as last 50 us. */
static void answer_time(void (*call)(void), double seconds)
{
	static double samples[MOST_SAMPLES];
	int calls = 1, count = 0;
	call();
	double end = clock_now() + seconds;
	double first = time_calls(call, calls);
	while (first < SAMPLE_SECONDS && calls < 1 << 20) {
		calls *= 2;
		first = time_calls(call, calls);
	}
	samples[count++] = first / calls;
	while (clock_now() < end && count < MOST_SAMPLES)
		samples[count++] = time_calls(call, calls) / calls;
	qsort(samples, (size_t)count, sizeof *samples, compare);
	double median = (samples[count / 2] + samples[(count - 1) / 2]) / 2;
	printf("time %.4f %.4f %lld\n", 1e6 * samples[0], 1e6 * median, (long long)count * calls);
}

static int answer(const char *line)
{
	int count = 0;
	double value = 0;
	if (sscanf(line, "losses %d", &count) == 1)
		answer_losses(count);
	else if (sscanf(line, "eta %lf", &value) == 1) {
		peer_set_eta(value);
		printf("eta\n");
	} else if (sscanf(line, "time step %lf", &value) == 1)
		answer_time(peer_step, value);
	else if (sscanf(line, "time forward %lf", &value) == 1)
		answer_time(peer_forward, value);
	else
		return 0;
	return fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
	char line[LINE];
	if (argc != 3) {
		fprintf(stderr, "usage: %s PROBLEM THREADS\n", argv[0]);
		return 2;
	}
	problem_read(&problem, argv[1]);
	printf("ready %s\n", peer_open(&problem, atoi(argv[2])));
	fflush(stdout);
	while (fgets(line, LINE, stdin) != NULL)
		if (!answer(line)) {
			fprintf(stderr, "bad command: %s", line);
			return 1;
		}
	return 0;
}
