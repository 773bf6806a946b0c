/* What each report measures unless the command line says otherwise. */
#include "options.h"

enum { MOST_NETS = 4 };

static const struct {
	double seconds;                                  /* 0: the number of samples decides */
	const char *batches, *workers, *nets[MOST_NETS]; /* NULL: none, or the report chooses */
} defaults[] = {
	[MODE_CELLS] = {1.5,
			"1,32,128",
			"1",
			{"17,64,64,6", "32,128,128,1", "784,512,256,10",
			 "479,1024,1024,512,256,1"}},
	[MODE_CONTENTION] = {0, "128", "1", {"784,512,256,10"}},
	[MODE_DENORMAL] = {3, "128", "1", {"784,512,256,10"}},
	[MODE_FLATNESS] = {15, NULL, "1", {NULL}},
	[MODE_MATRIX] = {6, NULL, NULL, {NULL}},
	[MODE_OPTIMIZERS] = {3, "1,32,128", "1", {"784,512,256,10"}},
	[MODE_PEAK] = {3, NULL, NULL, {NULL}},
};

void options_set_defaults(struct options *options)
{
	const char *batches = defaults[options->mode].batches;
	const char *workers = defaults[options->mode].workers;
	const char *const *nets = defaults[options->mode].nets;
	if (options->seconds <= 0)
		options->seconds = defaults[options->mode].seconds;
	if (options->batch_count == 0 && batches != NULL)
		options_set_batches(options, batches);
	if (options->worker_count == 0 && workers != NULL)
		options_set_workers(options, workers);
	if (options->net_count > 0)
		return;
	for (size_t i = 0; i < MOST_NETS && nets[i] != NULL; i++)
		options_add_net(options, nets[i]);
}
