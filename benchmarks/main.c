/* mlp-bench: times libmlp beside the CBLAS calls that it is made of. See --help. */
#include <stdio.h>
#include <stdlib.h>

#include "fail.h"
#include "options.h"
#include "reports.h"

static bool run(struct options *options)
{
	switch (options->mode) {
	case MODE_CELLS:
		return report_cells(options);
	case MODE_CONTENTION:
		return report_contention(options);
	case MODE_DENORMAL:
		return report_denormal(options);
	case MODE_FLATNESS:
		return report_flatness(options);
	case MODE_MATRIX:
		return report_matrix(options);
	case MODE_OPTIMIZERS:
		return report_optimizers(options);
	case MODE_PEAK:
		return report_peak(options);
	}
	return false;
}

static bool run_and_flush(struct options *options)
{
	options_set_defaults(options);
	bool good = run(options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "mlp-bench: cannot write to standard output\n");
		good = false;
	}
	return good;
}

int main(int argc, char **argv)
{
	check(MLP_CHECK_HEADER(), "mlp_check_header");
	struct options options;
	int status = 0;
	switch (options_read(&options, argc, argv)) {
	case OPTIONS_RUN:
		status = run_and_flush(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case OPTIONS_DONE:
		break;
	case OPTIONS_BAD:
		status = 2;
		break;
	}
	options_free(&options);
	return status;
}
