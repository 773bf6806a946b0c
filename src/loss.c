/* Losses of the caller's own arrays. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "kernels/kernels.h"
#include "objective.h"

/* Outputs: value is one number or one per row; dl the gradient, row stride ld_dl. */
static mlp_status loss(struct mlp_objective *objective, double parameter, int64_t ld_target,
		       const char *name, const char *dl_name, const REAL *y, int64_t ld_y,
		       int64_t batch, int64_t width, mlp_reduction reduction, double *value,
		       REAL *dl, int64_t ld_dl)
{
	mlp_status status = MLP_OK;
	if (batch < 1)
		status = mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);
	else if (width < 1)
		status = mlp_fail(MLP_ERR_SIZE, "width is %, must be at least 1", width);
	if (status == MLP_OK)
		status = mlp_check_rows(name, y, ld_y, batch, width, sizeof(REAL));
	if (status == MLP_OK && dl != NULL)
		status = mlp_check_rows(dl_name, dl, ld_dl, batch, width, sizeof(REAL));
	if (status == MLP_OK)
		status = FN(objective_check)(objective, parameter, ld_target, batch, width,
					     reduction);
	if (status != MLP_OK)
		return status;

	const struct mlp_kernels *kernels = FN(kernels)((mlp_instructions)0);
	double sum = 0;
	for (size_t n = 0; n < (size_t)batch; n++) {
		REAL *dl_row = dl != NULL ? dl + n * (size_t)ld_dl : NULL;
		double row = kernels->loss_row(objective, n, y + n * (size_t)ld_y, (size_t)width,
					       dl_row);
		if (dl != NULL && !kernels->all_finite(dl_row, (size_t)width))
			return mlp_fail(MLP_ERR_NONFINITE,
					"gradient of the loss of row % is infinite or not a number",
					(int64_t)n);
		if (!isfinite(row))
			return mlp_fail(MLP_ERR_NONFINITE,
					"loss of row % is infinite or not a number", (int64_t)n);
		if (value != NULL && reduction == MLP_NONE)
			value[n] = row;
		sum += FN(loss_term)(objective, n, row);
	}
	if (reduction == MLP_NONE)
		return MLP_OK;
	sum = FN(loss_total)(objective, sum);
	if (!isfinite(sum))
		return mlp_fail(MLP_ERR_NONFINITE, "the sum of % losses is infinite", batch);
	if (value != NULL)
		*value = sum;
	return MLP_OK;
}

mlp_status FN(loss)(mlp_loss kind, double parameter, const REAL *y, int64_t ld_y,
		    const REAL *target, int64_t ld_target, const REAL *weight, int64_t batch,
		    int64_t width, mlp_reduction reduction, double *value, REAL *dl_dy,
		    int64_t ld_dl_dy)
{
	struct mlp_objective objective = {.loss = kind, .values = target, .weight = weight};
	return loss(&objective, parameter, ld_target, "y", "dl_dy", y, ld_y, batch, width,
		    reduction, value, dl_dy, ld_dl_dy);
}

mlp_status FN(loss_class)(mlp_loss kind, double parameter, const REAL *s, int64_t ld_s,
			  const int64_t *target, const REAL *weight, int64_t batch, int64_t width,
			  mlp_reduction reduction, double *value, REAL *dl_ds, int64_t ld_dl_ds)
{
	struct mlp_objective objective = {.loss = kind, .classes = target, .weight = weight};
	return loss(&objective, parameter, 0, "s", "dl_ds", s, ld_s, batch, width, reduction, value,
		    dl_ds, ld_dl_ds);
}
