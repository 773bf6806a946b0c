/* Every refusal of workspace_read. */
#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, HIDDEN = 4, OUT = 2, B = 3, MOST = 4 };

static struct {
	mlp_network *net;
	mlp_workspace *training, *trace, *inference;
	REAL x[B * IN], t[B * OUT], y[B * OUT], out[MOST * 8];
} f;

static int set_up(void **state)
{
	(void)state;
	uint64_t seed = 3;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, HIDDEN, OUT}, 3, &f.net));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &f.trace));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_INFERENCE, &f.inference));
	random_fill(&seed, f.x, B * IN, 1);
	random_fill(&seed, f.t, B * OUT, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(f.training);
	mlp_workspace_free(f.trace);
	mlp_workspace_free(f.inference);
	mlp_network_free(f.net);
	return 0;
}

static void forward(mlp_workspace *ws)
{
	assert_ok(FN(forward)(f.net, ws, f.x, IN, B, f.y, OUT));
}

static mlp_status step(mlp_workspace *ws)
{
	return FN(train_step)(f.net, ws, f.x, IN, f.t, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_MEAN,
			      0, NULL);
}

static mlp_status inspect(mlp_workspace *ws, int quantity, int64_t layer)
{
	return FN(workspace_read)(ws, (mlp_quantity)quantity, layer, B, f.out, 8);
}

static void reading_refuses_every_bad_argument(void **state)
{
	(void)state;
	OTHER_REAL other[MOST * 8];
	assert_ok(step(f.trace));
#define CASE(expected, words, ws, quantity, layer, batch, out, ld)                                 \
	assert_refused(f.net, expected, words,                                                     \
		       FN(workspace_read)(ws, (mlp_quantity)(quantity), layer, batch, out, ld))
	CASE(MLP_ERR_NULL, "ws is NULL", NULL, MLP_X, 1, B, f.out, 8);
	CASE(MLP_ERR_NULL, "out is NULL", f.trace, MLP_X, 1, B, NULL, 8);
	CASE(MLP_ERR_VALUE, "quantity is 0", f.trace, 0, 1, B, f.out, 8);
	CASE(MLP_ERR_VALUE, "quantity is 5", f.trace, 5, 1, B, f.out, 8);
	CASE(MLP_ERR_VALUE, "quantity is", f.trace, -1, 1, B, f.out, 8);
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++) {
		CASE(MLP_ERR_INDEX, "layer is -1", f.trace, quantity, -1, B, f.out, 8);
		CASE(MLP_ERR_INDEX, "layer is 3", f.trace, quantity, 3, B, f.out, 8);
		CASE(MLP_ERR_INDEX, "layer is", f.trace, quantity, INT64_MAX, B, f.out, 8);
		CASE(MLP_ERR_INDEX, "layer is", f.trace, quantity, INT64_MIN, B, f.out, 8);
		CASE(MLP_ERR_SIZE, "batch is 0", f.trace, quantity, 1, 0, f.out, 8);
		CASE(MLP_ERR_SIZE, "batch is -1", f.trace, quantity, 1, -1, f.out, 8);
		CASE(MLP_ERR_STRIDE, "rows have 4", f.trace, quantity, 1, B, f.out, HIDDEN - 1);
		CASE(MLP_ERR_OVERFLOW, "out:", f.trace, quantity, 1, B, f.out, INT64_MAX / 2);
		CASE(MLP_ERR_STATE, "batch is 2, ", f.trace, quantity, 1, B - 1, f.out, 8);
		CASE(MLP_ERR_STATE, "batch is 4, ", f.trace, quantity, 1, MOST, f.out, 8);
	}
#undef CASE
	assert_refused(f.net, MLP_ERR_INDEX, "layer is 0", inspect(f.trace, MLP_S, 0));
	assert_refused(f.net, MLP_ERR_INDEX, "layer is 0", inspect(f.trace, MLP_DL_DS, 0));
	assert_refused(f.net, MLP_ERR_DTYPE, "the call is for",
		       OTHER_FN(workspace_read)(f.trace, MLP_X, 1, B, other, 8));
}

static void trace_keeps_everything_after_a_step(void **state)
{
	(void)state;
	assert_ok(step(f.trace));
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
		for (int64_t l = quantity == MLP_X || quantity == MLP_DL_DX ? 0 : 1; l <= 2; l++)
			assert_ok(inspect(f.trace, quantity, l));
}

static void training_keeps_only_the_output(void **state)
{
	(void)state;
	assert_ok(step(f.training));
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++) {
		for (int64_t l = quantity == MLP_X || quantity == MLP_DL_DX ? 0 : 1; l <= 2; l++) {
			if (l == 2 && (quantity == MLP_X || quantity == MLP_S))
				assert_ok(inspect(f.training, quantity, l));
			else
				assert_refused(f.net, MLP_ERR_STATE, "trace",
					       inspect(f.training, quantity, l));
		}
	}
}

static void inference_keeps_nothing(void **state)
{
	(void)state;
	forward(f.inference);
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
		for (int64_t l = 1; l <= 2; l++)
			assert_refused(f.net, MLP_ERR_STATE, "inference",
				       inspect(f.inference, quantity, l));
}

static void nothing_can_be_read_before_it_was_computed(void **state)
{
	(void)state;
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &ws));
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
		assert_refused(f.net, MLP_ERR_STATE, "no forward", inspect(ws, quantity, 1));
	forward(ws);
	assert_ok(inspect(ws, MLP_X, 1));
	assert_ok(inspect(ws, MLP_S, 1));
	assert_refused(f.net, MLP_ERR_STATE, "no backward", inspect(ws, MLP_DL_DX, 1));
	assert_refused(f.net, MLP_ERR_STATE, "no backward", inspect(ws, MLP_DL_DS, 1));
	assert_ok(FN(backward_logits)(f.net, ws, f.t, OUT, B, 0, NULL, NULL, 0));
	assert_refused(f.net, MLP_ERR_STATE, "dl/ds(L)", inspect(ws, MLP_DL_DX, 2));
	assert_ok(inspect(ws, MLP_DL_DX, 1));
	assert_ok(inspect(ws, MLP_DL_DX, 0));
	assert_ok(inspect(ws, MLP_DL_DS, 2));
	assert_ok(FN(backward)(f.net, ws, f.t, OUT, B, 0, NULL, NULL, 0));
	assert_ok(inspect(ws, MLP_DL_DX, 2));
	forward(ws); /* the gradients of the pass before are gone */
	assert_refused(f.net, MLP_ERR_STATE, "no backward", inspect(ws, MLP_DL_DS, 1));
	mlp_workspace_free(ws);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_refuses_every_bad_argument),
		cmocka_unit_test(trace_keeps_everything_after_a_step),
		cmocka_unit_test(training_keeps_only_the_output),
		cmocka_unit_test(inference_keeps_nothing),
		cmocka_unit_test(nothing_can_be_read_before_it_was_computed),
	};
	return cmocka_run_group_tests_name("errors of reading", tests, set_up, tear_down);
}
