/* The line about the last failure: one per thread, kept by success. */
#include <pthread.h>

#include "unit/refusal.h"

/* What another thread saw. CMocka's assertions belong to the main thread. */
struct seen {
	char fresh[64], after[256];
	mlp_status status;
	pthread_barrier_t *barrier;
};

static void *fail_elsewhere(void *argument)
{
	struct seen *seen = argument;
	snprintf(seen->fresh, sizeof(seen->fresh), "%s", mlp_last_error());
	seen->status = mlp_check_header(999999, MLP_ABI_VERSION);
	if (seen->barrier != NULL) {
		pthread_barrier_wait(seen->barrier); /* both have failed */
		pthread_barrier_wait(seen->barrier);
	}
	snprintf(seen->after, sizeof(seen->after), "%s", mlp_last_error());
	return NULL;
}

static void line_is_empty_before_the_first_failure(void **state)
{
	(void)state;
	assert_non_null(mlp_last_error());
	assert_string_equal(mlp_last_error(), "");
}

static void thread_starts_with_an_empty_line_and_leaves_others_alone(void **state)
{
	(void)state;
	pthread_t thread;
	struct seen seen = {.barrier = NULL};
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_layer_count(NULL));
	assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &seen), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(seen.fresh, "");
	assert_int_equal(seen.status, MLP_ERR_VERSION);
	assert_non_null(strstr(seen.after, "999999"));
	assert_string_equal(mlp_last_error(), "net is NULL");
}

static void threads_that_fail_at_the_same_time_keep_their_own_lines(void **state)
{
	(void)state;
	pthread_t thread;
	pthread_barrier_t barrier;
	struct seen seen = {.barrier = &barrier};
	assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
	assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &seen), 0);
	pthread_barrier_wait(&barrier);
	mlp_status status = mlp_loss_reads_logits((mlp_loss)77);
	pthread_barrier_wait(&barrier);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_barrier_destroy(&barrier);
	assert_fails(MLP_ERR_VALUE, "loss is 77", status);
	assert_non_null(strstr(seen.after, "999999"));
}

static void success_leaves_the_line_as_it_is(void **state)
{
	(void)state;
	mlp_network *net;
	mlp_workspace *ws;
	float x[2] = {1, 2}, y[2];
	double value;
	assert_fails(MLP_ERR_VALUE, "loss is 99", mlp_loss_reads_logits((mlp_loss)99));
	const char *line = mlp_last_error();
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){2, 3, 2}, 3, &net));
	assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &ws));
	assert_ok(mlp_forward_f32(net, ws, x, 2, 1, y, 2));
	assert_ok(mlp_train_step_f32(net, ws, x, 2, y, 2, NULL, 1, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				     0.1, &value));
	assert_int_equal(mlp_network_width(net, 1), 3);
	assert_string_equal(mlp_activation_name(MLP_TANH), "tanh");
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_ptr_equal(mlp_last_error(), line);
	assert_non_null(strstr(line, "loss is 99"));
}

static void next_failure_replaces_the_line(void **state)
{
	(void)state;
	assert_fails(MLP_ERR_VALUE, "loss is 99", mlp_loss_reads_logits((mlp_loss)99));
	assert_fails(MLP_ERR_NULL, "ws is NULL", mlp_workspace_max_batch(NULL));
	assert_null(strstr(mlp_last_error(), "99"));
}

/* refusal.h would notice a library that prints. */
static void printing_is_noticed(void **state)
{
	(void)state;
	for (int fd = 1; fd <= 2; fd++) {
		struct refusal r = refusal_begin(NULL);
		ssize_t n = write(fd, "x", 1);
		fflush(stdout);
		long written = lseek(fileno(r.output), 0, SEEK_END);
		for (int i = 1; i <= 2; i++) {
			dup2(r.saved[i - 1], i);
			close(r.saved[i - 1]);
		}
		fclose(r.output);
		assert_int_equal(n, 1);
		assert_int_equal(written, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_is_empty_before_the_first_failure),
		cmocka_unit_test(thread_starts_with_an_empty_line_and_leaves_others_alone),
		cmocka_unit_test(threads_that_fail_at_the_same_time_keep_their_own_lines),
		cmocka_unit_test(success_leaves_the_line_as_it_is),
		cmocka_unit_test(next_failure_replaces_the_line),
		cmocka_unit_test(printing_is_noticed),
	};
	return cmocka_run_group_tests_name("last error", tests, NULL, NULL);
}
