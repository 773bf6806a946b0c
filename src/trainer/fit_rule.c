/* The numbers that mlp_fit trains by: few rows make few steps an epoch, and need weights that are held back. */
#include <math.h>

#include "base/status.h"

enum {
	FEWEST_TO_SPLIT = 20, /* rows of which a fifth is held back */
	MANY = 50000,         /* rows that need no penalty */
	STEPS = 10000,        /* that training may take, within these epochs: */
	FEWEST_EPOCHS = 200,
	MOST_EPOCHS = 1000,
	PATIENCE = 20
};

static mlp_status check_count(const char *name, int64_t count)
{
	return count >= 1 ? MLP_OK
			  : mlp_fail_named(MLP_ERR_SIZE, name, " is %, must be at least 1", count);
}

int64_t mlp_fit_batch(int64_t rows)
{
	mlp_status status = check_count("rows", rows);
	if (status != MLP_OK)
		return status;
	return rows < 500 ? 16 : rows < 2000 ? 32 : rows < 20000 ? 64 : rows < 200000 ? 128 : 256;
}

int64_t mlp_fit_epochs(int64_t rows, int64_t batch)
{
	mlp_status status = check_count("rows", rows);
	if (status == MLP_OK)
		status = check_count("batch", batch);
	if (status != MLP_OK)
		return status;
	double epochs = floor((double)STEPS * (double)batch / (double)rows);
	return (int64_t)fmin(fmax(epochs, FEWEST_EPOCHS), MOST_EPOCHS);
}

double mlp_fit_l2(int64_t rows)
{
	if (check_count("rows", rows) != MLP_OK)
		return (double)NAN;
	return rows >= MANY ? 0 : fmin(0.01, 10 / (double)rows);
}

double mlp_fit_validation_fraction(int64_t rows)
{
	if (check_count("rows", rows) != MLP_OK)
		return (double)NAN;
	return rows >= FEWEST_TO_SPLIT ? 0.2 : 0;
}

int64_t mlp_fit_patience(void)
{
	return PATIENCE;
}
