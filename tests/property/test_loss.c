/* Losses of the caller's own arrays: against the definition, reductions and weights, strides, what is
 * wanted and what is not, and which row is to blame. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "rows.h"
#include "support/naive.h"

enum { LOSSES = MLP_POISSON };

/* Outputs, targets and weights for a loss. */
struct data {
	mlp_loss loss;
	double parameter;
	int64_t batch;
	struct rows y, target;
	REAL *weight;
};

static struct data draw_data(mlp_loss loss, int64_t batch, size_t width, size_t gap)
{
	uint64_t seed = (uint64_t)(1000 * loss + batch) + width;
	struct data data = {.loss = loss,
			    .parameter = loss == MLP_HUBER ? 0.6 : 0,
			    .batch = batch,
			    .y = rows_create((size_t)batch, width, gap),
			    .target = rows_create((size_t)batch, width, 2 * gap),
			    .weight = calloc((size_t)batch, sizeof(REAL))};
	rows_random(&data.y, &seed, 3);
	rows_random(&data.target, &seed, mlp_loss_reads_logits(loss) ? 0.5 : 3);
	for (size_t n = 0; n < (size_t)batch; n++) {
		data.weight[n] = (REAL)(1 + 0.5 * random_real(&seed));
		for (size_t i = 0; i < width && mlp_loss_reads_logits(loss); i++)
			data.target.data[n * data.target.ld + i] += (REAL)0.5;
	}
	return data;
}

static void data_free(struct data *data)
{
	rows_free(&data->y);
	rows_free(&data->target);
	free(data->weight);
}

static mlp_status loss(const struct data *data, const REAL *weight, mlp_reduction reduction,
		       double *value, struct rows *dl)
{
	return FN(loss)(data->loss, data->parameter, data->y.data, (int64_t)data->y.ld,
			data->target.data, (int64_t)data->target.ld, weight, data->batch,
			(int64_t)data->y.width, reduction, value, dl != NULL ? dl->data : NULL,
			dl != NULL ? (int64_t)dl->ld : 0);
}

/* Value (one, or one per row) and gradient by the definition. */
static void naive(const struct data *data, const REAL *weight, mlp_reduction reduction,
		  double *value, struct rows *dl)
{
	double y[70], t[70], d[70], weights = 0, sum = 0;
	for (size_t n = 0; n < (size_t)data->batch; n++)
		weights += weight != NULL ? (double)weight[n] : 1;
	for (size_t n = 0; n < (size_t)data->batch; n++) {
		double factor = weight != NULL ? (double)weight[n] : 1;
		factor = reduction == MLP_MEAN ? factor / weights : factor;
		for (size_t i = 0; i < data->y.width; i++) {
			y[i] = (double)data->y.data[n * data->y.ld + i];
			t[i] = (double)data->target.data[n * data->target.ld + i];
		}
		double row = naive_loss(data->loss, data->parameter, y, t, data->y.width);
		naive_loss_gradient(data->loss, data->parameter, y, t, data->y.width, d);
		for (size_t i = 0; i < data->y.width; i++)
			dl->data[n * dl->ld + i] = (REAL)(factor * d[i]);
		if (reduction == MLP_NONE)
			value[n] = row;
		sum += factor * row;
	}
	if (reduction != MLP_NONE)
		*value = sum;
}

/* The value is summed in double: it is as good as the float logits let it be. */
static void check_definition_of(mlp_loss kind, double parameter, int64_t batch, size_t width,
				mlp_reduction reduction, bool weighted)
{
	struct data data = draw_data(kind, batch, width, (size_t)batch % 3);
	data.parameter = parameter;
	const REAL *weight = weighted ? data.weight : NULL;
	size_t rows = (size_t)batch, values = reduction == MLP_NONE ? rows : 1;
	struct rows dl = rows_create(rows, width, 3), expected = rows_create(rows, width, 0);
	double *value = calloc(values, sizeof(double)), *alone = calloc(values, sizeof(double));
	double *value_expected = calloc(values, sizeof(double));
	naive(&data, weight, reduction, value_expected, &expected);
	assert_ok(loss(&data, weight, reduction, value, &dl));
	assert_allclose_f64(value, value_expected, values, PICK(1e-6, 1e-13), 1e-15);
	assert_rows_near(&dl, &expected);

	assert_ok(
		loss(&data, weight, reduction, alone, NULL)); /* the same, one without the other */
	assert_memory_equal(alone, value, values * sizeof(double));
	struct rows dl_alone = rows_create(rows, width, 0);
	assert_ok(loss(&data, weight, reduction, NULL, &dl_alone));
	assert_rows_same(&dl_alone, &dl);
	assert_ok(loss(&data, weight, reduction, value, &data.y)); /* in place */
	assert_rows_same(&data.y, &dl);
	assert_memory_equal(alone, value, values * sizeof(double));
	free(value);
	free(alone);
	free(value_expected);
	rows_free(&dl);
	rows_free(&dl_alone);
	rows_free(&expected);
	data_free(&data);
}

static void check_definition(mlp_loss kind, int64_t batch, size_t width, mlp_reduction reduction,
			     bool weighted)
{
	check_definition_of(kind, kind == MLP_HUBER ? 0.6 : 0, batch, width, reduction, weighted);
}

static void value_and_gradient_are_those_of_the_definition(void **state)
{
	(void)state;
	const int64_t batches[] = {1, 2, 31, 300};
	const size_t widths[] = {1, 2, 7, 70};
	for (int kind = 1; kind <= LOSSES; kind++)
		for (size_t k = 0; k < 16; k++) {
			int64_t batch = batches[k / 4];
			size_t width = widths[k % 4];
			if (kind == MLP_CROSS_ENTROPY && width == 1)
				continue; /* 0, where the twin finds only roundings; see below */
			check_definition((mlp_loss)kind, batch, width, MLP_MEAN, false);
			check_definition((mlp_loss)kind, batch, width, MLP_MEAN, true);
			check_definition((mlp_loss)kind, batch, width, MLP_SUM, false);
			check_definition((mlp_loss)kind, batch, width, MLP_SUM, true);
			check_definition((mlp_loss)kind, batch, width, MLP_NONE, false);
		}
}

/* (1 - a) times the loss of the labels as they are, a times the mean over all classes; for classes and for
 * rows of targets, value and gradient. */
static void labels_are_smoothed_towards_the_mean_of_all_classes(void **state)
{
	(void)state;
	enum { N = 21, BATCH = 5 };
	const double a = 0.3;
	struct data data = draw_data(MLP_CROSS_ENTROPY, BATCH, N, 2);
	REAL even[N];
	double plain, mean, smooth, by_class;
	int64_t classes[BATCH];
	struct rows dl = rows_create(BATCH, N, 1), dl_by_class = rows_create(BATCH, N, 0);
	for (size_t i = 0; i < N; i++)
		even[i] = (REAL)1 / N;
	for (size_t n = 0; n < BATCH; n++) {
		classes[n] = (int64_t)(n * 7) % N;
		for (size_t i = 0; i < N; i++)
			data.target.data[n * data.target.ld + i] = i == (size_t)classes[n];
		const REAL *y = data.y.data + n * data.y.ld;
		const REAL *t = data.target.data + n * data.target.ld;
		assert_ok(FN(loss)(MLP_CROSS_ENTROPY, 0, y, N, t, N, NULL, 1, N, MLP_SUM, &plain,
				   NULL, 0));
		assert_ok(FN(loss)(MLP_CROSS_ENTROPY, 0, y, N, even, N, NULL, 1, N, MLP_SUM, &mean,
				   NULL, 0));
		assert_ok(FN(loss)(MLP_CROSS_ENTROPY, a, y, N, t, N, NULL, 1, N, MLP_SUM, &smooth,
				   NULL, 0));
		double expected = (1 - a) * plain + a * mean;
		assert_allclose_f64(&smooth, &expected, 1, PICK(1e-6, 1e-14), 0);
	}
	data.parameter = a;
	assert_ok(loss(&data, data.weight, MLP_MEAN, &smooth, &dl));
	assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, a, data.y.data, (int64_t)data.y.ld, classes,
				 data.weight, BATCH, N, MLP_MEAN, &by_class, dl_by_class.data,
				 (int64_t)dl_by_class.ld));
	assert_allclose_f64(&by_class, &smooth, 1, 1e-14, 0);
	assert_rows_near(&dl_by_class, &dl);
	for (int reduction = MLP_MEAN; reduction <= MLP_NONE; reduction++)
		check_definition_of(data.loss, a, BATCH, N, (mlp_reduction)reduction, false);
	rows_free(&dl);
	rows_free(&dl_by_class);
	data_free(&data);
}

static void a_single_class_has_no_loss(void **state)
{
	(void)state;
	const REAL s[2] = {3, -1000}, t[2] = {1, 1};
	REAL dl[2];
	double value;
	assert_ok(FN(loss)(MLP_CROSS_ENTROPY, 0, s, 1, t, 1, NULL, 2, 1, MLP_SUM, &value, dl, 1));
	assert_true(value == 0 && dl[0] == 0 && dl[1] == 0);
	assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, s, 1, (int64_t[]){0, 0}, NULL, 2, 1, MLP_SUM,
				 &value, dl, 1));
	assert_true(value == 0 && dl[0] == 0 && dl[1] == 0);
}

static void class_indices_equal_rows_of_one(void **state)
{
	(void)state;
	for (int reduction = MLP_MEAN; reduction <= MLP_NONE; reduction++)
		for (size_t width = 1; width <= 9; width += 4) {
			struct data data = draw_data(MLP_CROSS_ENTROPY, 50, width, 2);
			const REAL *weight = reduction == MLP_NONE ? NULL : data.weight;
			int64_t classes[50];
			double by_class[50] = {0}, by_row[50] = {0};
			struct rows dl = rows_create(50, width, 1), row = rows_create(50, width, 0);
			for (size_t n = 0; n < 50; n++) {
				classes[n] = (int64_t)(n * 7 % width);
				for (size_t i = 0; i < width; i++)
					data.target.data[n * data.target.ld + i] =
						i == (size_t)classes[n];
			}
			assert_ok(loss(&data, weight, (mlp_reduction)reduction, by_row, &row));
			assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, data.y.data,
						 (int64_t)data.y.ld, classes, weight, 50,
						 (int64_t)width, (mlp_reduction)reduction, by_class,
						 dl.data, (int64_t)dl.ld));
			assert_allclose_f64(by_class, by_row, 50, 1e-15, 1e-15);
			assert_rows_near(&dl, &row);
			assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, data.y.data,
						 (int64_t)data.y.ld, classes, weight, 50,
						 (int64_t)width, (mlp_reduction)reduction, NULL,
						 data.y.data, (int64_t)data.y.ld));
			assert_rows_same(&data.y, &dl);
			rows_free(&dl);
			rows_free(&row);
			data_free(&data);
		}
}

/* Three rows of two outputs, squared errors 1, 4 and 9, worked out by hand. */
static void reductions_with_weights_by_hand(void **state)
{
	(void)state;
	const REAL y[6] = {1, 1, 2, 2, 3, 3}, t[6] = {0, 0, 0, 0, 0, 0}, w[3] = {1, 0, 3};
	double value, each[3];
	REAL dl[6];
#define LOSS(weight, reduction, value)                                                             \
	FN(loss)(MLP_SQUARED_ERROR, 0, y, 2, t, 2, weight, 3, 2, reduction, value, dl, 2)
	assert_ok(LOSS(NULL, MLP_SUM, &value));
	assert_allclose_f64(&value, &(double){14}, 1, 0, 0);
	assert_allclose(dl, y, 6, 0, 0);
	assert_ok(LOSS(NULL, MLP_MEAN, &value));
	assert_allclose_f64(&value, &(double){14. / 3}, 1, 1e-15, 0);
	assert_allclose(
		dl,
		((REAL[]){(REAL)(1. / 3), (REAL)(1. / 3), (REAL)(2. / 3), (REAL)(2. / 3), 1, 1}), 6,
		2 * REAL_EPSILON, 0);
	assert_ok(LOSS(w, MLP_SUM, &value));
	assert_allclose_f64(&value, &(double){28}, 1, 0, 0);
	assert_allclose(dl, ((REAL[]){1, 1, 0, 0, 9, 9}), 6, 0, 0);
	assert_ok(LOSS(w, MLP_MEAN, &value));
	assert_allclose_f64(&value, &(double){7}, 1, 0, 0);
	assert_allclose(dl, ((REAL[]){(REAL)0.25, (REAL)0.25, 0, 0, (REAL)2.25, (REAL)2.25}), 6, 0,
			0);
	assert_ok(LOSS(NULL, MLP_NONE, each));
	assert_allclose_f64(each, ((double[]){1, 4, 9}), 3, 0, 0);
	assert_allclose(dl, y, 6, 0, 0);
	assert_fails(MLP_ERR_VALUE, "weights", LOSS(w, MLP_NONE, each));
#undef LOSS
}

static void a_loss_that_is_nan_is_blamed_on_its_row(void **state)
{
	(void)state;
	for (int kind = 1; kind <= LOSSES; kind++) {
		struct data data = draw_data((mlp_loss)kind, 20, 3, 1);
		struct rows dl = rows_create(20, 3, 0);
		double value, each[20];
		data.target.data[13 * data.target.ld + 1] = (REAL)NAN;
		assert_fails(MLP_ERR_NONFINITE, "row 13", loss(&data, NULL, MLP_MEAN, &value, &dl));
		assert_fails(MLP_ERR_NONFINITE, "row 13", loss(&data, NULL, MLP_NONE, each, NULL));
		data.y.data[5 * data.y.ld + 2] = (REAL)NAN;
		assert_fails(MLP_ERR_NONFINITE, "row 5", loss(&data, NULL, MLP_SUM, NULL, NULL));
		data.weight[5] = data.weight[13] = 0; /* rows of weight 0 are left out */
		assert_ok(loss(&data, data.weight, MLP_MEAN, &value, &dl));
		assert_true(isfinite(value));
		for (size_t i = 0; i < 3; i++)
			assert_true(dl.data[5 * 3 + i] == 0 && dl.data[13 * 3 + i] == 0);
		rows_free(&dl);
		data_free(&data);
	}
}

/* Summed in double: a float sum of 300000 rows would be off in the fourth digit. */
static void a_large_batch_is_summed_without_loss(void **state)
{
	(void)state;
	enum { BATCH = 300000 };
	REAL *y = calloc(BATCH, sizeof(REAL)), *t = calloc(BATCH, sizeof(REAL)), *dl = t;
	double expected = 0, value;
	for (size_t n = 0; n < BATCH; n++) {
		y[n] = (REAL)(1 + (double)n / BATCH);
		expected += (double)y[n] * (double)y[n] / 2;
	}
	assert_ok(
		FN(loss)(MLP_SQUARED_ERROR, 0, y, 1, t, 1, NULL, BATCH, 1, MLP_SUM, &value, y, 1));
	assert_allclose_f64(&value, &expected, 1, 1e-13, 0);
	assert_ok(FN(loss)(MLP_SQUARED_ERROR, 0, y, 1, t, 1, NULL, BATCH, 1, MLP_MEAN, &value, NULL,
			   0));
	expected /= BATCH;
	assert_allclose_f64(&value, &expected, 1, 1e-13, 0);
	free(y);
	free(dl);
}

static void kinks_are_where_and_what_they_should_be(void **state)
{
	(void)state;
	const REAL a = 0.5, above = (REAL)0.5 + REAL_EPSILON / 2;
	const REAL y[5] = {a, -a, above, -above, 0}, t[5] = {0};
	REAL dl[5];
	double each[5];
	assert_ok(FN(loss)(MLP_HUBER, 0.5, y, 1, t, 1, NULL, 5, 1, MLP_NONE, each, dl, 1));
	assert_allclose_f64(each, ((double[]){0.125, 0.125, 0.125, 0.125, 0}), 5, 1e-6, 0);
	assert_true(each[2] > each[0] && each[3] > each[1]);
	assert_allclose(dl, ((REAL[]){a, -a, a, -a, 0}), 5, 0, 0);
	assert_ok(FN(loss)(MLP_ABSOLUTE_ERROR, 0, y, 1, t, 1, NULL, 5, 1, MLP_NONE, each, dl, 1));
	assert_allclose(dl, ((REAL[]){1, -1, 1, -1, 0}), 5, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_and_gradient_are_those_of_the_definition),
		cmocka_unit_test(labels_are_smoothed_towards_the_mean_of_all_classes),
		cmocka_unit_test(a_single_class_has_no_loss),
		cmocka_unit_test(class_indices_equal_rows_of_one),
		cmocka_unit_test(reductions_with_weights_by_hand),
		cmocka_unit_test(a_loss_that_is_nan_is_blamed_on_its_row),
		cmocka_unit_test(a_large_batch_is_summed_without_loss),
		cmocka_unit_test(kinks_are_where_and_what_they_should_be),
	};
	return cmocka_run_group_tests_name("loss", tests, NULL, NULL);
}
