/* The caller's allocator: used for everything, and given back what it gave. */
#include <stdlib.h>

#include "support/test.h"

enum { PLACES = 32 };

/* An allocator that keeps books. */
struct ledger {
	int allocations, refuse_from; /* allocation number `refuse_from` and later ones fail */
	int off_by;                   /* misalign what is given */
	size_t bytes, last_size;
	struct {
		void *memory, *raw;
		size_t alignment, size;
	} open[PLACES];
};

static void *book(void *context, size_t alignment, size_t size)
{
	struct ledger *ledger = context;
	assert_true(size > 0);
	assert_true(alignment > 0 && (alignment & (alignment - 1)) == 0);
	ledger->last_size = size;
	if (++ledger->allocations >= ledger->refuse_from)
		return NULL;
	for (int i = 0; i < PLACES; i++) {
		if (ledger->open[i].memory != NULL)
			continue;
		char *raw = aligned_alloc(alignment, (size / alignment + 2) * alignment);
		memset(raw, 0xa5, (size / alignment + 2) * alignment);
		ledger->open[i].raw = raw;
		ledger->open[i].memory = raw + ledger->off_by;
		ledger->open[i].alignment = alignment;
		ledger->open[i].size = size;
		ledger->bytes += size;
		return ledger->open[i].memory;
	}
	fail_msg("too many allocations for this test");
	return NULL;
}

static void unbook(void *context, void *memory, size_t alignment, size_t size)
{
	struct ledger *ledger = context;
	assert_non_null(memory);
	for (int i = 0; i < PLACES; i++) {
		if (ledger->open[i].memory != memory)
			continue;
		assert_int_equal(alignment, ledger->open[i].alignment);
		assert_int_equal(size, ledger->open[i].size);
		ledger->open[i].memory = NULL;
		ledger->bytes -= size;
		free(ledger->open[i].raw);
		return;
	}
	fail_msg("memory comes back that was never given");
}

static struct ledger new_ledger(void)
{
	struct ledger ledger;
	memset(&ledger, 0, sizeof(ledger));
	ledger.refuse_from = 1000;
	return ledger;
}

static mlp_allocator allocator_of(struct ledger *ledger)
{
	return (mlp_allocator){sizeof(mlp_allocator), book, unbook, ledger};
}

static const int64_t widths[] = {3, 5, 2};

static mlp_network *make(struct ledger *ledger)
{
	mlp_allocator allocator = allocator_of(ledger);
	mlp_network *net;
	assert_ok(mlp_network_create_with(MLP_F32, widths, 3, &allocator, &net));
	memset(&allocator, 0, sizeof(allocator)); /* the struct was copied */
	return net;
}

static void everything_made_from_a_network_inherits_its_allocator(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_network *net = make(&ledger), *clone, *wide;
	mlp_workspace *ws, *wide_ws;
	assert_int_equal(ledger.allocations, 1);
	assert_ok(mlp_network_clone(net, &clone));
	assert_int_equal(ledger.allocations, 2);
	assert_ok(mlp_network_convert(clone, MLP_F64, &wide));
	assert_int_equal(ledger.allocations, 3);
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
	assert_int_equal(ledger.allocations, 4);
	assert_ok(mlp_workspace_create(wide, 4, MLP_TRACE, &wide_ws));
	assert_int_equal(ledger.allocations, 5);
	float x[3] = {1, 2, 3}, y[2];
	assert_ok(mlp_predict_f32(net, x, 3, 1, y, 2));
	assert_int_equal(ledger.allocations, 6);
	mlp_network_free(net); /* in an order that nobody expects */
	mlp_workspace_free(wide_ws);
	mlp_network_free(wide);
	mlp_workspace_free(ws);
	mlp_network_free(clone);
	assert_int_equal(ledger.bytes, 0);
}

static void computing_in_a_workspace_does_not_allocate(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_network *net = make(&ledger);
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, 4, MLP_TRACE, &ws));
	int before = ledger.allocations;
	float x[12] = {0}, y[8] = {0}, grad[32];
	int64_t classes[4] = {0, 1, 1, 0};
	double value;
	assert_ok(mlp_forward_f32(net, ws, x, 3, 4, y, 2));
	assert_ok(mlp_backward_f32(net, ws, y, 2, 4, 0, grad, NULL, 0));
	assert_ok(mlp_update_f32(net, ws, grad, 0.1));
	assert_ok(mlp_train_step_class_f32(net, ws, x, 3, classes, NULL, 4, MLP_CROSS_ENTROPY, 0,
					   MLP_MEAN, 0.1, &value));
	assert_ok(mlp_evaluate_class_f32(net, ws, x, 3, classes, NULL, 4, MLP_CROSS_ENTROPY, 0,
					 MLP_MEAN, &value, y, 2));
	assert_ok(mlp_workspace_read_f32(ws, MLP_X, 1, 4, (float[20]){0}, 5));
	assert_int_equal(ledger.allocations, before);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_int_equal(ledger.bytes, 0);
}

static void workspace_size_is_what_is_allocated(void **state)
{
	(void)state;
	const int64_t batches[] = {1, 2, 17, 255, 256, 257, 1000};
	struct ledger ledger = new_ledger();
	mlp_network *net = make(&ledger), *wide;
	assert_ok(mlp_network_convert(net, MLP_F64, &wide));
	assert_ok(mlp_network_set_activation(wide, 1, MLP_GELU));
	for (int i = 0; i < 7; i++) {
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
			for (int type = 0; type < 2; type++) {
				mlp_network *of = type == 0 ? net : wide;
				size_t bytes;
				mlp_workspace *ws;
				assert_ok(
					mlp_workspace_size(of, batches[i], (mlp_mode)mode, &bytes));
				size_t before = ledger.bytes;
				int count = ledger.allocations;
				assert_ok(
					mlp_workspace_create(of, batches[i], (mlp_mode)mode, &ws));
				assert_int_equal(ledger.allocations, count + 1);
				assert_int_equal(ledger.bytes - before, bytes);
				mlp_workspace_free(ws);
				assert_int_equal(ledger.bytes, before);
			}
		}
	}
	mlp_network_free(net);
	mlp_network_free(wide);
	assert_int_equal(ledger.bytes, 0);
}

static void incomplete_allocators_are_refused(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_network *net = (mlp_network *)&net;
	mlp_allocator bad = allocator_of(&ledger);
	const size_t sizes[] = {0, 1, sizeof(size_t), sizeof(mlp_allocator) - 1};
	for (int i = 0; i < 4; i++) {
		bad.struct_size = sizes[i];
		assert_fails(MLP_ERR_VALUE, "struct_size",
			     mlp_network_create_with(MLP_F32, widths, 3, &bad, &net));
		assert_null(net);
	}
	bad = allocator_of(&ledger);
	bad.allocate = NULL;
	net = (mlp_network *)&net;
	assert_fails(MLP_ERR_NULL, "allocate",
		     mlp_network_create_with(MLP_F32, widths, 3, &bad, &net));
	assert_null(net);
	bad = allocator_of(&ledger);
	bad.deallocate = NULL;
	net = (mlp_network *)&net;
	assert_fails(MLP_ERR_NULL, "deallocate",
		     mlp_network_create_with(MLP_F32, widths, 3, &bad, &net));
	assert_null(net);
	assert_int_equal(ledger.allocations, 0);
}

static void newer_struct_is_served_as_long_as_its_new_fields_are_zero(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	struct {
		mlp_allocator known;
		unsigned char unknown[24];
	} newer = {.known = allocator_of(&ledger), .unknown = {0}};
	mlp_network *net;
	newer.known.struct_size = sizeof(newer);
	assert_ok(mlp_network_create_with(MLP_F32, widths, 3, &newer.known, &net));
	mlp_network_free(net);
	assert_int_equal(ledger.allocations, 1);
	for (int i = 0; i < 24; i += 23) { /* the first byte, and the last */
		newer.unknown[i] = 1;
		net = (mlp_network *)&net;
		assert_fails(MLP_ERR_VALUE, "does not know",
			     mlp_network_create_with(MLP_F32, widths, 3, &newer.known, &net));
		assert_null(net);
		newer.unknown[i] = 0;
	}
	assert_int_equal(ledger.bytes, 0);
}

static void misaligned_memory_is_refused_and_given_back(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_allocator allocator = allocator_of(&ledger);
	const int offsets[] = {1, 8, 16, 32};
	for (int i = 0; i < 4; i++) {
		mlp_network *net = (mlp_network *)&net;
		ledger.off_by = offsets[i];
		assert_fails(MLP_ERR_MEMORY, "aligned",
			     mlp_network_create_with(MLP_F32, widths, 3, &allocator, &net));
		assert_null(net);
		assert_int_equal(ledger.bytes, 0);
	}
}

static void failing_allocation_is_reported_with_its_size(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_allocator allocator = allocator_of(&ledger);
	mlp_network *net = make(&ledger), *made;
	mlp_workspace *ws;
	float x[3] = {0}, y[2];
	char words[64];
	ledger.refuse_from = 0;
	size_t before = ledger.bytes;
	for (int call = 0; call < 6; call++) {
		made = net;
		ws = (mlp_workspace *)&ws;
		mlp_status status =
			call == 0   ? mlp_network_create_with(MLP_F64, widths, 3, &allocator, &made)
			: call == 1 ? mlp_network_clone(net, &made)
			: call == 2 ? mlp_network_convert(net, MLP_F64, &made)
			: call == 3 ? mlp_workspace_create(net, 5, MLP_INFERENCE, &ws)
			: call == 4 ? mlp_workspace_create(net, 5, MLP_TRAINING, &ws)
				    : mlp_predict_f32(net, x, 3, 1, y, 2);
		snprintf(words, sizeof(words), "%zu bytes", ledger.last_size);
		assert_fails(MLP_ERR_MEMORY, words, status);
		if (call < 3)
			assert_null(made);
		else if (call < 5)
			assert_null(ws);
		assert_int_equal(ledger.bytes, before);
	}
	mlp_network_free(net);
	assert_int_equal(ledger.bytes, 0);
}

static void overflowing_conversion_gives_its_memory_back(void **state)
{
	(void)state;
	struct ledger ledger = new_ledger();
	mlp_allocator allocator = allocator_of(&ledger);
	mlp_network *net, *copy;
	assert_ok(mlp_network_create_with(MLP_F64, widths, 3, &allocator, &net));
	mlp_network_parameters_f64(net)[31] = 1e300;
	size_t before = ledger.bytes;
	assert_fails(MLP_ERR_OVERFLOW, "", mlp_network_convert(net, MLP_F32, &copy));
	assert_int_equal(ledger.bytes, before);
	mlp_network_free(net);
	assert_int_equal(ledger.bytes, 0);
}

static void null_allocator_is_the_c_library(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create_with(MLP_F64, widths, 3, NULL, &net));
	assert_int_equal((uintptr_t)mlp_network_parameters_f64(net) % 64, 0);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_made_from_a_network_inherits_its_allocator),
		cmocka_unit_test(computing_in_a_workspace_does_not_allocate),
		cmocka_unit_test(workspace_size_is_what_is_allocated),
		cmocka_unit_test(incomplete_allocators_are_refused),
		cmocka_unit_test(newer_struct_is_served_as_long_as_its_new_fields_are_zero),
		cmocka_unit_test(misaligned_memory_is_refused_and_given_back),
		cmocka_unit_test(failing_allocation_is_reported_with_its_size),
		cmocka_unit_test(overflowing_conversion_gives_its_memory_back),
		cmocka_unit_test(null_allocator_is_the_c_library),
	};
	return cmocka_run_group_tests_name("allocator", tests, NULL, NULL);
}
