/* Measuring the parts of the data at the end of an epoch. */
#include <math.h>

#include "base/status.h"
#include "trainer/trainer.h"
#include "base/real.h"
#include "kernels/kernels.h"

/* Put what the meter has come to into the record. */
static mlp_status write_down(const struct mlp_session *session, bool by_class, double *values)
{
	for (int m = 1; m <= MLP_METRICS; m++) {
		if (!mlp_metric_applies((mlp_metric)m, session->loss, by_class))
			continue;
		values[m - 1] = mlp_meter_value(&session->meter, (mlp_metric)m);
		if (!isfinite(values[m - 1]))
			return mlp_fail_named(MLP_ERR_NONFINITE, mlp_metric_name((mlp_metric)m),
					      " is infinite or not a number");
	}
	return MLP_OK;
}

/* Rows of the data, by index or as they lie, or of the source. */
static mlp_status measure_feed(struct mlp_session *session, const int64_t *index, int64_t rows)
{
	int64_t first = 0, epoch = session->trainer->position.epochs + 1;
	while (rows < 0 || first < rows) {
		int64_t most = MLP_METER_ROWS;
		if (rows >= 0 && rows - first < most)
			most = rows - first;
		struct mlp_rows piece;
		mlp_status status = FN(session_gather)(session, index, epoch, first, most, &piece);
		if (status == MLP_OK && piece.count > 0)
			status = FN(meter_add)(&session->meter, &piece);
		if (status != MLP_OK)
			return status;
		if (piece.count == 0)
			break;
		first += piece.count;
	}
	return MLP_OK;
}

/* Rows that lie one after the other. */
static mlp_status measure_rows(struct mlp_session *session, const struct mlp_rows *rows)
{
	mlp_status status = MLP_OK;
	for (int64_t first = 0; first < rows->count && status == MLP_OK; first += MLP_METER_ROWS) {
		struct mlp_rows piece = FN(rows_piece)(rows, first, MLP_METER_ROWS);
		status = FN(meter_add)(&session->meter, &piece);
	}
	return status;
}

mlp_status FN(session_score)(struct mlp_session *session, mlp_split split,
			     struct mlp_record *record)
{
	const struct mlp_trainer *trainer = session->trainer;
	bool by_class = trainer->feed.by_class;
	mlp_status status;
	mlp_meter_begin(&session->meter);
	if (split == MLP_SPLIT_TRAINING) {
		status = measure_feed(session, session->train, session->rows);
	} else if (session->held > 0) {
		status = measure_feed(session, session->validation, session->held);
	} else {
		by_class = trainer->validation.classes != NULL;
		status = measure_rows(session, &trainer->validation);
	}
	return status == MLP_OK ? write_down(session, by_class, record->values[split - 1]) : status;
}

bool FN(session_is_finite)(const struct mlp_session *session)
{
	return session->ws->kernels->all_finite(session->net->parameters,
						session->net->parameter_count);
}
