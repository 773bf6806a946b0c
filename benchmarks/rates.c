/* What one core can do. */
#include "rates.h"

#include "fma.h"
#include "measure.h"
#include "peak.h"

static double rate_of(struct task *task, size_t samples, int64_t flop)
{
	return 1e-9 * (double)flop / task_timing(task, samples).best;
}

void FN(rates_measure)(const struct options *options, struct rates *rates)
{
	struct conditions conditions = {.workers = 1};
	struct FN(peak) peaks[RATE_SIZES];
	struct tasks tasks = {.count = 0};
	for (int i = 0; i < RATE_SIZES; i++) {
		rates->sizes[i] = PEAK_SIZE << i;
		FN(peak_init)(&peaks[i], rates->sizes[i]);
		tasks_add(&tasks, PEAK, "", OURS, FN(peak_run), &peaks[i]);
	}
	FN(fma_add)(&tasks);
	rates->samples = measure(&tasks, options->repetitions, options->seconds, &conditions);

	for (int i = 0; i < RATE_SIZES; i++)
		rates->products[i] =
			rate_of(&tasks.list[i], rates->samples, peak_flop(rates->sizes[i]));
	rates->fma = 0;
	for (size_t i = RATE_SIZES; i < tasks.count; i++) {
		double rate = rate_of(&tasks.list[i], rates->samples, FMA_FLOP);
		if (rate <= rates->fma)
			continue;
		rates->fma = rate;
		rates->fma_way = tasks.list[i].way;
	}
	tasks_free(&tasks);
	for (int i = 0; i < RATE_SIZES; i++)
		FN(peak_free)(&peaks[i]);
}
