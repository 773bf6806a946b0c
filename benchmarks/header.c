/* The first lines for people. */
#include "header.h"

#include <inttypes.h>
#include <stdio.h>

#include "blas_threads.h"
#include "machine.h"
#include "tuning.h"

static void print_run(const struct options *options)
{
	printf("run      %s, %s", dtype_name(options->dtype),
	       mlp_activation_name(options->activation));
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		if (options->tuning[tuning] != 0)
			printf(", %s=%s", tuning_name((mlp_tuning)tuning),
			       tuning_value_name((mlp_tuning)tuning, options->tuning[tuning]));
	printf("%s\n", options->flush_denormals ? ", denormals flushed" : "");
}

void header_print(const struct options *options)
{
	const char *config = mlp_build_info(MLP_BUILD_BLAS_CONFIG);
	printf("libmlp %s, %s\n", mlp_version_string(), mlp_build_info(MLP_BUILD_COMPILER));
	printf("BLAS     %s, threads: %s, %s-bit integers%s%s\n", mlp_build_info(MLP_BUILD_BLAS),
	       mlp_build_info(MLP_BUILD_BLAS_THREADS), mlp_build_info(MLP_BUILD_BLAS_INTEGER),
	       *config != '\0' ? "\n         " : "", config);
	printf("cores    %" PRId64 "\n", machine_cores());
	if (options->mode == MODE_PEAK)
		printf("run      %s\n", dtype_name(options->dtype));
	else
		print_run(options);
	if (blas_threads_set(1) == 0)
		printf("The threads of this BLAS cannot be set from here: they are as its "
		       "environment says.\n");
	for (size_t i = 0; i < options->worker_count; i++)
		if (options->workers[i] > machine_cores())
			printf("This process may use fewer cores than %" PRId64
			       " workers: they take turns.\n",
			       options->workers[i]);
}

void header_print_conditions(const struct conditions *conditions)
{
	if (conditions->blas_threads != 0 && conditions->blas_threads != conditions->workers)
		printf("  the BLAS uses %" PRId64 " of %" PRId64 " threads\n",
		       conditions->blas_threads, conditions->workers);
	if (!conditions->settled)
		printf("  threads kept running between measurements: the times of libmlp and of "
		       "the BLAS disturb each other\n");
}
