/* Filling a batch: from rows in memory, or from a source. */
#include <math.h>
#include <string.h>

#include "base/status.h"
#include "trainer/trainer.h"
#include "base/real.h"

/* Row `row` of the data into place n of the batch. */
static void copy_row(struct mlp_session *session, const struct mlp_rows *data, size_t row, size_t n)
{
	size_t n_in = session->net->layers[1].n_in, n_out = session->trainer->width;
	memcpy((REAL *)session->x + n * n_in, (const REAL *)data->x + row * (size_t)data->ld_x,
	       n_in * sizeof(REAL));
	if (data->classes != NULL)
		session->classes[n] = data->classes[row];
	else
		memcpy((REAL *)session->values + n * n_out,
		       (const REAL *)data->values + row * (size_t)data->ld_target,
		       n_out * sizeof(REAL));
	if (data->weight != NULL)
		((REAL *)session->weight)[n] = ((const REAL *)data->weight)[row];
}

#if MLP_REAL_BITS == 32
typedef mlp_source_f32 values_source;
typedef mlp_source_class_f32 class_source;
#else
typedef mlp_source_f64 values_source;
typedef mlp_source_class_f64 class_source;
#endif

static mlp_status ask(struct mlp_session *session, int64_t epoch, int64_t first, int64_t most,
		      int64_t *count)
{
	const struct mlp_feed *feed = &session->trainer->feed;
	REAL *weight = session->weight;
	for (int64_t n = 0; n < most; n++)
		weight[n] = 1;
	session->trainer->is_asking = true;
	if (feed->by_class)
		*count = ((class_source)feed->source)(feed->context, epoch, first, most, session->x,
						      session->classes, weight);
	else
		*count = ((values_source)feed->source)(feed->context, epoch, first, most,
						       session->x, session->values, weight);
	session->trainer->is_asking = false;
	if (*count < 0)
		return mlp_fail(MLP_ERR_CALLBACK, "the source failed (%) after % rows of epoch %",
				*count, first, epoch);
	if (*count > most)
		return mlp_fail(MLP_ERR_CALLBACK,
				"the source says it delivered % rows where % were wanted", *count,
				most);
	for (int64_t n = 0; n < *count; n++)
		if (!(isfinite(weight[n]) && weight[n] >= 0))
			return mlp_fail(MLP_ERR_VALUE,
					"the source's weight of row % is negative or not finite",
					first + n);
	return MLP_OK;
}

mlp_status FN(session_gather)(struct mlp_session *session, const int64_t *index, int64_t epoch,
			      int64_t first, int64_t most, struct mlp_rows *batch)
{
	const struct mlp_feed *feed = &session->trainer->feed;
	*batch = (struct mlp_rows){.x = session->x,
				   .ld_x = (int64_t)session->net->layers[1].n_in,
				   .values = feed->by_class ? NULL : session->values,
				   .ld_target = (int64_t)session->trainer->width,
				   .classes = feed->by_class ? session->classes : NULL,
				   .weight = session->weight,
				   .count = most};
	if (feed->source != NULL)
		return ask(session, epoch, first, most, &batch->count);
	if (feed->rows.weight == NULL)
		batch->weight = NULL;
	for (int64_t n = 0; n < most; n++)
		copy_row(session, &feed->rows,
			 (size_t)(index != NULL ? index[first + n] : first + n), (size_t)n);
	return MLP_OK;
}

void FN(session_weigh_classes)(struct mlp_session *session, struct mlp_rows *batch)
{
	const struct mlp_trainer *trainer = session->trainer;
	if (!trainer->has_class_weights)
		return;
	REAL *weight = session->weight;
	for (int64_t n = 0; n < batch->count; n++) {
		double given = batch->weight != NULL ? (double)weight[n] : 1;
		int64_t c = batch->classes[n];
		/* a class out of range belongs to a row of weight 0, or is refused by the step */
		bool exists = c >= 0 && c < (int64_t)trainer->width;
		weight[n] = (REAL)(exists ? given * trainer->class_weights[c] : given);
	}
	batch->weight = weight;
}
