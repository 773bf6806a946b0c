/* Extreme numbers as parameters and data of what does not compute with them: copied bit for bit; fitted and
 * converted to numbers that are right, or refused with nothing changed. */
#include <float.h>

#include "extreme_scene.h"
#include "support/bytes.h"

static void parameters_come_and_go_bit_for_bit(void **state)
{
	(void)state;
	for (int place = IN_W_1; place < PLACES; place++)
		for (int i = 0; i < EXTREMES; i++) {
			struct scene s = scene_open(MLP_TANH, (enum place)place, extremes[i]);
			REAL all[PARAMETERS], w[HIDDEN * IN], b[OUT];
			mlp_network *other;
			mlp_live *live;
			struct bytes file = {0};
			assert_ok(FN(network_get_parameters)(s.net, all, PARAMETERS));
			assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, HIDDEN, OUT},
						     3, &other));
			assert_ok(mlp_network_set_activation(other, 1, MLP_TANH));
			assert_ok(FN(network_set_parameters)(other, all, PARAMETERS));
			assert_true(digest_of(other) == s.digest);
			assert_ok(FN(network_get_weights)(s.net, 1, w, IN));
			assert_ok(FN(network_set_weights)(other, 1, w, IN));
			assert_ok(FN(network_get_biases)(s.net, 2, b));
			assert_ok(FN(network_set_biases)(other, 2, b));
			assert_true(digest_of(other) == s.digest);
			mlp_network_free(other);
			assert_ok(mlp_network_clone(s.net, &other));
			assert_true(digest_of(other) == s.digest);
			mlp_network_free(other);
			assert_ok(mlp_network_save_to(s.net, bytes_write, &file));
			assert_ok(mlp_network_load_memory(file.data, file.size, NULL, &other));
			assert_true(digest_of(other) == s.digest);
			assert_ok(mlp_live_create(other, &live));
			assert_ok(mlp_live_publish(live, s.net));
			const mlp_network *now = mlp_live_acquire(live);
			assert_true(digest_of(now) == s.digest);
			mlp_live_release(live, now);
			mlp_live_free(live);
			mlp_network_free(other);
			bytes_free(&file);
			scene_close(&s);
		}
}

/* f64 to f32: rounded, or an error where a finite number would become infinite. */
static void conversions_round_or_refuse(void **state)
{
	(void)state;
	for (int i = 0; i < DOUBLE_EXTREMES; i++) {
		const double v = double_extremes[i], all[2] = {1, v};
		mlp_network *net, *single;
		assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){1, 1}, 2, &net));
		assert_ok(mlp_network_set_parameters_f64(net, all, 2));
		const mlp_status status = mlp_network_convert(net, MLP_F32, &single);
		const float rounded = (float)v;
		assert_int_equal(status,
				 isfinite(v) && !isfinite(rounded) ? MLP_ERR_OVERFLOW : MLP_OK);
		if (status == MLP_OK) {
			const float got = mlp_network_const_parameters_f32(single)[1];
			assert_true(isnan(v) ? isnan(got)
					     : memcmp(&got, &rounded, sizeof got) == 0);
		} else {
			assert_null(single);
		}
		mlp_network_free(single);
		mlp_network_free(net);
	}
}

static void fits_of_scalings_and_domains_are_usable_or_refused(void **state)
{
	(void)state;
	for (int i = 0; i < EXTREMES; i++)
		for (int j = 0; j < EXTREMES; j++)
			for (int way = MLP_SCALING_STANDARD; way <= MLP_SCALING_MIN_MAX; way++) {
				struct scene s = scene_open(MLP_TANH, IN_X, 1);
				double first[IN], second[IN];
				const bool finite = isfinite(extremes[i]) && isfinite(extremes[j]);
				s.x[1] = s.target[1] = extremes[i];
				s.x[IN + 1] = s.target[OUT + 1] = extremes[j];
				const mlp_status status[] = {
					FN(network_fit_input_scaling)(s.net, (mlp_scaling)way, s.x,
								      IN, BATCH),
					FN(network_fit_output_scaling)(s.net, (mlp_scaling)way,
								       s.target, OUT, BATCH),
					FN(network_fit_domain)(s.net, s.x, IN, BATCH)};
				for (int k = 0; k < 3; k++)
					assert_true(finite ? status[k] == MLP_OK ||
								     (k < 2 &&
								      status[k] == MLP_ERR_VALUE)
							   : status[k] == MLP_ERR_NONFINITE);
				if (!finite)
					assert_true(digest_of(s.net) == s.digest);
				assert_ok(mlp_network_get_input_scaling(s.net, first, second));
				for (int k = 0; k < IN; k++)
					assert_true(isfinite((REAL)first[k]) &&
						    isfinite((REAL)second[k]) && second[k] > 0 &&
						    isfinite((REAL)(1 / second[k])));
				if (status[2] == MLP_OK) {
					int64_t outside = 7;
					assert_ok(FN(network_outside)(s.net, s.x, IN, BATCH, 0,
								      NULL, &outside));
					assert_int_equal(outside, 0);
				}
				scene_close(&s);
			}
}

/* Inside is inside, and NaN is outside, with whatever margin. */
static void rows_outside_are_told_of_extreme_numbers(void **state)
{
	(void)state;
	for (int i = 0; i < EXTREMES; i++)
		for (int k = 0; k < DOUBLE_EXTREMES; k++) {
			struct scene s = scene_open(MLP_TANH, IN_X, extremes[i]);
			const double margin = double_extremes[k], lowest[IN] = {-9, -2, -9},
				     highest[IN] = {9, 2, 9};
			int64_t rows = 7;
			assert_ok(mlp_network_set_domain(s.net, lowest, highest));
			const mlp_status status =
				FN(network_outside)(s.net, s.x, IN, BATCH, margin, NULL, &rows);
			assert_int_equal(status,
					 isfinite(margin) && margin >= 0 ? MLP_OK : MLP_ERR_VALUE);
			if (status == MLP_OK) {
				const double bound =
					2 + margin * 4; /* in double: may be infinite */
				assert_int_equal(rows, !(fabs((double)extremes[i]) <= bound));
			}
			scene_close(&s);
		}
}

/* Folded parameters are finite, or the network is as it was. */
static void folding_extreme_scalings_is_right_or_refused(void **state)
{
	(void)state;
	for (int i = 0; i < DOUBLE_EXTREMES; i++)
		for (int j = 0; j < DOUBLE_EXTREMES; j++) {
			struct scene s = scene_open(MLP_TANH, IN_DL, 1);
			const double shift[IN] = {double_extremes[i], 0, 0},
				     scale[IN] = {double_extremes[j], 1, 1};
			if (mlp_network_set_input_scaling(s.net, shift, scale) == MLP_OK) {
				const uint64_t before = digest_of(s.net);
				const mlp_status status = mlp_network_fold_scaling(s.net);
				const REAL *p = FN(network_const_parameters)(s.net);
				assert_true(status == MLP_OK || status == MLP_ERR_OVERFLOW);
				if (status != MLP_OK)
					assert_true(digest_of(s.net) == before);
				for (int k = 0; k < PARAMETERS; k++)
					assert_true(isfinite(p[k]));
			}
			scene_close(&s);
		}
}

/* A C file has no way to write NaN that every compiler takes: see export's own tests for what it computes. */
static void exports_of_extreme_parameters_are_made_or_refused(void **state)
{
	(void)state;
	for (int i = 0; i < EXTREMES; i++) {
		struct scene s = scene_open(MLP_TANH, IN_W_1, extremes[i]);
		struct bytes file = {0};
		const mlp_status status = mlp_export_c_to(s.net, "net", bytes_write, &file);
		assert_int_equal(status, isfinite(extremes[i]) ? MLP_OK : MLP_ERR_NONFINITE);
		assert_true(digest_of(s.net) == s.digest);
		bytes_free(&file);
		scene_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_come_and_go_bit_for_bit),
		cmocka_unit_test(conversions_round_or_refuse),
		cmocka_unit_test(fits_of_scalings_and_domains_are_usable_or_refused),
		cmocka_unit_test(rows_outside_are_told_of_extreme_numbers),
		cmocka_unit_test(folding_extreme_scalings_is_right_or_refused),
		cmocka_unit_test(exports_of_extreme_parameters_are_made_or_refused),
	};
	return cmocka_run_group_tests_name("extreme objects", tests, NULL, NULL);
}
