/* Calls that are made with a cancellation waiting: whichever cancellation point they reach first ends them. */
#ifndef MLP_TESTS_SUPPORT_CANCELLED_H
#define MLP_TESTS_SUPPORT_CANCELLED_H

#include <pthread.h>
#include <stdlib.h>

#include "support/lessons.h"

/* What a thread does, what it found, and whether it came to its end. */
struct victim {
	mlp_status (*call)(void *context);
	void *context;
	mlp_status status;
	int state_after;
	bool finished, survived;
};

static inline void *is_cancelled(void *argument)
{
	struct victim *victim = argument;
	pthread_cancel(pthread_self());
	victim->status = victim->call(victim->context);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &victim->state_after);
	victim->finished = true;
	pthread_testcancel();
	victim->survived = true;
	return NULL;
}

static inline void assert_call_is_finished(mlp_status (*call)(void *), void *context)
{
	struct victim victim = {.call = call, .context = context};
	pthread_t thread;
	void *result;
	assert_int_equal(pthread_create(&thread, NULL, is_cancelled, &victim), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_true(victim.finished);
	assert_ok(victim.status);
	assert_int_equal(victim.state_after, PTHREAD_CANCEL_ENABLE);
	assert_false(victim.survived);
	assert_ptr_equal(result, PTHREAD_CANCELED);
}

/* Memory from functions that are cancellation points. */
static inline void *allocate(void *context, size_t alignment, size_t size)
{
	(void)context;
	pthread_testcancel();
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static inline void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	(void)context;
	(void)alignment;
	(void)size;
	pthread_testcancel();
	free(memory);
}

static inline mlp_network *make_network(void)
{
	const mlp_allocator allocator = {sizeof(allocator), allocate, deallocate, NULL};
	const int64_t widths[] = {LESSON_IN, LESSON_HIDDEN, LESSON_OUT};
	mlp_network *net;
	assert_ok(mlp_network_create_with(MLP_F32, widths, 3, &allocator, &net));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 3));
	return net;
}

#endif
