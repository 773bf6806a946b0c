/* The number of threads that the BLAS may use changes no bit: libmlp's products wake none of them. */
#include "nets.h"
#include "outcome.h"
#include "settings.h"

static struct outcome compute_with(int64_t threads, const struct task *task, mlp_workspace *ws)
{
	assert_ok(mlp_blas_set_threads(threads));
	return outcome_compute(task, ws);
}

/* How many networks and batches give other bits with two threads. */
static int count_differences(struct setting setting, const char **part)
{
	int differences = 0;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = net % 2; k < BATCHES; k += net == WIDE ? 4 : 2) {
			struct task task = net_task(net, batches[k], k + net);
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			setting_apply(ws, setting);
			struct outcome one = compute_with(1, &task, ws);
			struct outcome two = compute_with(2, &task, ws);
			const char *other = outcome_difference(&two, &one);
			if (other != NULL) {
				differences++;
				*part = other;
			}
			outcome_free(&one);
			outcome_free(&two);
			mlp_workspace_free(ws);
			task_free(&task);
		}
	return differences;
}

static bool cannot_set(void)
{
	if (mlp_blas_set_threads(2) == MLP_OK)
		return false;
	print_message("%s has no known function to set its threads: nothing to compare\n",
		      mlp_build_info(MLP_BUILD_BLAS));
	return true;
}

static void check(struct setting setting)
{
	const char *part = NULL;
	int64_t before = mlp_blas_threads();
	if (cannot_set())
		return;
	int differences = count_differences(setting, &part);
	if (before > 0)
		assert_ok(mlp_blas_set_threads(before));
	if (differences > 0)
		fail_msg("%d networks and batches differ, the last in %s", differences, part);
}

static void threads_of_the_blas_change_no_bit(void **state)
{
	(void)state;
	check((struct setting){0, 0, 0});
}

static void threads_of_the_blas_change_no_bit_of_libmlps_own_products(void **state)
{
	(void)state;
	check((struct setting){MLP_PRODUCTS_OWN, 0, 0});
}

/* For other providers than OpenBLAS libmlp knows no size below which they wake no threads. */
static void threads_of_openblas_change_no_bit_of_tiles(void **state)
{
	(void)state;
	if (strcmp(mlp_build_info(MLP_BUILD_BLAS), "OpenBLAS") == 0)
		check((struct setting){MLP_PRODUCTS_TILES, 0, 0});
}

/* No promise, but worth knowing. */
static void whole_products_are_recorded(void **state)
{
	(void)state;
	const char *part = "nothing";
	if (cannot_set())
		return;
	int differences = count_differences((struct setting){MLP_PRODUCTS_WHOLE, 0, 0}, &part);
	print_message("whole products: %d networks and batches differ, the last in %s\n",
		      differences, part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_of_the_blas_change_no_bit),
		cmocka_unit_test(threads_of_the_blas_change_no_bit_of_libmlps_own_products),
		cmocka_unit_test(threads_of_openblas_change_no_bit_of_tiles),
		cmocka_unit_test(whole_products_are_recorded),
	};
	return cmocka_run_group_tests_name("blas_threads_bits", tests, NULL, NULL);
}
