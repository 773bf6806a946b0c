/* The number of threads that the BLAS may use changes no bit: libmlp's products wake none of them. On a BLAS
 * that does not let its threads be set, the two runs that are compared are the same thing done twice. */
#include "nets.h"
#include "outcome.h"
#include "settings.h"

/* Whether the BLAS was told; refused in one way only. */
static bool set_threads(int64_t threads)
{
	mlp_status status = mlp_blas_set_threads(threads);
	if (status != MLP_OK)
		assert_fails(MLP_ERR_STATE, "no known function", status);
	return status == MLP_OK;
}

static void check_task(const struct task *task, struct setting setting, const int64_t threads[2])
{
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	setting_apply(ws, setting);
	bool set = set_threads(threads[0]);
	struct outcome one = outcome_compute(task, ws);
	assert_int_equal(set_threads(threads[1]), set);
	struct outcome two = outcome_compute(task, ws);
	const char *part = outcome_difference(&two, &one);
	if (part != NULL)
		fail_msg("layers %zu, batch %zu, products %d: %s differs", task->layer_count,
			 task->batch, (int)setting.products, part);
	outcome_free(&one);
	outcome_free(&two);
	mlp_workspace_free(ws);
}

static void check(struct setting setting, int64_t first, int64_t second)
{
	int64_t before = mlp_blas_threads();
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = net % 2; k < BATCHES; k += net == WIDE ? 4 : 2) {
			struct task task = net_task(net, batches[k], k + net);
			check_task(&task, setting, (const int64_t[]){first, second});
			task_free(&task);
		}
	if (before > 0)
		(void)set_threads(before);
}

static void threads_of_the_blas_change_no_bit(void **state)
{
	(void)state;
	check((struct setting){0, 0, 0}, 1, 2);
}

static void threads_of_the_blas_change_no_bit_of_libmlps_own_products(void **state)
{
	(void)state;
	check((struct setting){MLP_PRODUCTS_OWN, 0, 0}, 1, 2);
}

/* BLIS gives the smallest product to all its threads, and other bits with one more: there, and on what else
 * libmlp knows no size that wakes none, two runs with the same number. */
static void threads_of_openblas_change_no_bit_of_tiles(void **state)
{
	(void)state;
	bool is_openblas = strcmp(mlp_build_info(MLP_BUILD_BLAS), "OpenBLAS") == 0;
	check((struct setting){MLP_PRODUCTS_TILES, 0, 0}, is_openblas ? 1 : 2, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_of_the_blas_change_no_bit),
		cmocka_unit_test(threads_of_the_blas_change_no_bit_of_libmlps_own_products),
		cmocka_unit_test(threads_of_openblas_change_no_bit_of_tiles),
	};
	return cmocka_run_group_tests_name("blas_threads_bits", tests, NULL, NULL);
}
