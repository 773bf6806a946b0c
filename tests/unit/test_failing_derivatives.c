/* Derivatives that cannot be computed, and what calls leave behind: numbers that are not finite, no memory. */
#include "unit/derivatives.h"

/* A number that is not finite, in the inputs, the vector, or made by them, is never returned as if it
 * were. */
static void what_is_not_finite_is_reported(void **state)
{
	(void)state;
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, -(REAL)INFINITY};
	REAL *p = FN(network_parameters)(f.net), kept = p[3];
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		REAL x = f.x[1], v = f.v[1];
		f.x[1] = (REAL)NAN;
		assert_refused(f.net, MLP_ERR_NONFINITE, "not a number", call(kind, &a));
		f.x[1] = x;
		for (int i = 0; i < 3 && has_v(kind); i++) {
			f.v[1] = bad[i];
			assert_refused(f.net, MLP_ERR_NONFINITE, "infinite", call(kind, &a));
		}
		f.v[1] = v;
		p[3] = (REAL)NAN;
		assert_int_equal(call(kind, &a), MLP_ERR_NONFINITE);
		p[3] = kept;
		assert_ok(call(kind, &a));
	}
	/* finite factors of an infinite product */
	for (int i = 0; i < 2 * 4; i++)
		p[4 * 4 + i] = REAL_BIG;
	for (int i = 0; i < P; i++)
		f.v[i] = REAL_BIG;
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		a.y = NULL;
		if (kind == VJP || kind == JVP)
			assert_refused(f.net, MLP_ERR_NONFINITE, "infinite", call(kind, &a));
	}
	assert_ok(mlp_network_init(f.net, MLP_ALL_LAYERS, MLP_INIT_HE_UNIFORM, 0, 0));
	uint64_t seed = 6;
	random_fill(&seed, f.v, P, 1);
}

/* After a call that went through, a backward pass may follow; after one that reported NaN, none. */
static void what_is_left_in_the_workspace(void **state)
{
	(void)state;
	REAL grad[P];
	FOR_ALL_CALLS(kind, ws)
	{
		if (!has_workspace(kind))
			continue;
		struct arguments a = good(ws);
		assert_ok(call(kind, &a));
		REAL s[B * 4];
		assert_ok(FN(workspace_read)(ws, MLP_X, 2, B, s, OUT));
		if (ws == f.trace && kind != JVP && kind != JACOBIAN) {
			assert_ok(FN(workspace_read)(ws, MLP_DL_DS, 1, B, s, 4));
			assert_ok(FN(workspace_read)(ws, MLP_DL_DX, 2, B, s, OUT));
		} else if (ws == f.trace) {
			assert_fails(MLP_ERR_STATE, "no backward",
				     FN(workspace_read)(ws, MLP_DL_DS, 1, B, s, 4));
		}
		assert_ok(FN(backward)(f.net, ws, f.v, OUT, B, 0, grad, NULL, 0));
		if (kind == JVP || kind == JACOBIAN)
			continue;
		REAL x = f.x[1];
		f.x[1] = (REAL)NAN;
		assert_int_equal(call(kind, &a), MLP_ERR_NONFINITE);
		f.x[1] = x;
		assert_fails(MLP_ERR_STATE, "not finite",
			     FN(backward)(f.net, ws, f.v, OUT, B, 0, grad, NULL, 0));
	}
}

/* The n-th allocation fails: no leak, and the forward pass of before is still good, as nothing was
 * begun. */
static void memory_may_run_out(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net;
	mlp_workspace *ws;
	REAL grad[P];
	assert_ok(mlp_network_create_with(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &allocator,
					  &net));
	assert_ok(mlp_workspace_create(net, MOST, MLP_TRAINING, &ws));
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct arguments a = good(ws);
		a.net = net;
		for (int64_t n = 1;; n++) {
			assert_true(n < 10);
			assert_ok(FN(forward)(net, ws, f.x, IN, B, NULL, 0));
			int64_t calls = heap.calls, in_use = heap.in_use;
			heap.refused = 0;
			heap.refuses_at = calls + n;
			mlp_status status = call(kind, &a);
			heap.refuses_at = -1;
			assert_int_equal(heap.in_use, in_use);
			if (heap.refused == 0) {
				assert_int_equal(status, MLP_OK);
				if (kind == VJP || kind == NORMS || kind == NORMS_CLASS)
					assert_int_equal(heap.calls, calls);
				else
					assert_true(heap.calls > calls);
				break;
			}
			assert_int_equal(status, MLP_ERR_MEMORY);
			assert_ok(FN(backward)(net, ws, f.v, OUT, B, 0, grad, NULL, 0));
		}
	}
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_int_equal(heap.in_use, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_finite_is_reported),
		cmocka_unit_test(what_is_left_in_the_workspace),
		cmocka_unit_test(memory_may_run_out),
	};
	return cmocka_run_group_tests_name("failing derivatives", tests, set_up, tear_down);
}
