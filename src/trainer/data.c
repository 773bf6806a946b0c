/* Giving a trainer its data: checked here, once; read when it trains. */
#include "base/status.h"
#include "check.h"
#include "trainer/trainer.h"
#include "base/real.h"
#include "objective.h"

static mlp_status check_rows(const mlp_trainer *trainer, const struct mlp_rows *rows)
{
	const mlp_network *net = trainer->net;
	int64_t n_in = (int64_t)net->layers[1].n_in, n_out = (int64_t)trainer->width;
	double sum;
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK && rows->count < 1)
		status = mlp_fail(MLP_ERR_SIZE, "rows is %, must be at least 1", rows->count);
	if (status == MLP_OK)
		status = mlp_check_rows("x", rows->x, rows->ld_x, rows->count, n_in, sizeof(REAL));
	if (status == MLP_OK && rows->classes == NULL)
		status = mlp_check_rows("target", rows->values, rows->ld_target, rows->count, n_out,
					sizeof(REAL));
	if (status == MLP_OK && rows->weight != NULL)
		status = FN(sum_weights)(rows->weight, rows->count, &sum);
	if (status == MLP_OK && rows->classes != NULL)
		status = FN(check_classes)(rows->classes, rows->weight, rows->count, n_out);
	return status;
}

static mlp_status set_data(mlp_trainer *trainer, const struct mlp_rows *rows)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		status = check_rows(trainer, rows);
	if (status == MLP_OK)
		trainer->feed = (struct mlp_feed){
			.rows = *rows, .by_class = rows->classes != NULL, .count = rows->count};
	return status;
}

mlp_status FN(trainer_set_data)(mlp_trainer *trainer, const REAL *x, int64_t ld_x,
				const REAL *target, int64_t ld_target, const REAL *weight,
				int64_t rows)
{
	struct mlp_rows data = {x, ld_x, target, ld_target, NULL, weight, rows};
	return set_data(trainer, &data);
}

mlp_status FN(trainer_set_data_class)(mlp_trainer *trainer, const REAL *x, int64_t ld_x,
				      const int64_t *target, const REAL *weight, int64_t rows)
{
	struct mlp_rows data = {x, ld_x, NULL, 0, target, weight, rows};
	if (target == NULL && trainer != NULL)
		return mlp_fail(MLP_ERR_NULL, "target is NULL");
	return set_data(trainer, &data);
}

/* ---- validation ----------------------------------------------------------------------------- */

static mlp_status set_validation(mlp_trainer *trainer, const struct mlp_rows *rows)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && rows->x == NULL) {
		trainer->validation = (struct mlp_rows){0};
		return MLP_OK;
	}
	if (status == MLP_OK)
		status = check_rows(trainer, rows);
	if (status == MLP_OK)
		trainer->validation = *rows;
	return status;
}

mlp_status FN(trainer_set_validation)(mlp_trainer *trainer, const REAL *x, int64_t ld_x,
				      const REAL *target, int64_t ld_target, const REAL *weight,
				      int64_t rows)
{
	struct mlp_rows data = {x, ld_x, target, ld_target, NULL, weight, rows};
	return set_validation(trainer, &data);
}

mlp_status FN(trainer_set_validation_class)(mlp_trainer *trainer, const REAL *x, int64_t ld_x,
					    const int64_t *target, const REAL *weight, int64_t rows)
{
	struct mlp_rows data = {x, ld_x, NULL, 0, target, weight, rows};
	if (target == NULL && x != NULL && trainer != NULL)
		return mlp_fail(MLP_ERR_NULL, "target is NULL");
	return set_validation(trainer, &data);
}

/* ---- sources -------------------------------------------------------------------------------- */

static mlp_status set_source(mlp_trainer *trainer, mlp_any_source source, void *context,
			     bool by_class, int64_t rows)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		status = mlp_check_network(trainer->net, REAL_DTYPE);
	if (status == MLP_OK && source == NULL)
		status = mlp_fail(MLP_ERR_NULL, "source is NULL");
	if (status == MLP_OK && rows < 1 && rows != -1)
		status = mlp_fail(MLP_ERR_SIZE, "rows is %, must be at least 1, or -1", rows);
	if (status == MLP_OK)
		trainer->feed = (struct mlp_feed){
			.source = source, .context = context, .by_class = by_class, .count = rows};
	return status;
}

#if MLP_REAL_BITS == 32
typedef mlp_source_f32 values_source;
typedef mlp_source_class_f32 class_source;
#else
typedef mlp_source_f64 values_source;
typedef mlp_source_class_f64 class_source;
#endif

mlp_status FN(trainer_set_source)(mlp_trainer *trainer, values_source source, void *context,
				  int64_t rows)
{
	return set_source(trainer, (mlp_any_source)source, context, false, rows);
}

mlp_status FN(trainer_set_source_class)(mlp_trainer *trainer, class_source source, void *context,
					int64_t rows)
{
	return set_source(trainer, (mlp_any_source)source, context, true, rows);
}
