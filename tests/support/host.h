/* Ways in which a host may run jobs, for mlp_pool_create_from(). */
#ifndef MLP_TESTS_SUPPORT_HOST_H
#define MLP_TESTS_SUPPORT_HOST_H

#include <pthread.h>
#include <stdint.h>

#include <mlp/mlp.h>

static inline void host_serial(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	for (int64_t i = 0; i < count; i++)
		job(job_data, i);
}

static inline void host_reversed(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	for (int64_t i = count; i-- > 0;)
		job(job_data, i);
}

/* Breaks its contract. */
static inline void host_skips_odd_jobs(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	for (int64_t i = 0; i < count; i += 2)
		job(job_data, i);
}

/* Breaks its contract. */
static inline void host_skips_all_jobs(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	(void)count;
	(void)job;
	(void)job_data;
}

struct host_thread {
	pthread_t thread;
	mlp_job job;
	void *job_data;
	int64_t index;
};

static inline void *host_thread_runs(void *argument)
{
	struct host_thread *self = argument;
	self->job(self->job_data, self->index);
	return NULL;
}

/* A thread for every job, at most 64. */
static inline void host_threads(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	struct host_thread threads[64];
	for (int64_t i = 0; i < count; i++) {
		threads[i] = (struct host_thread){.job = job, .job_data = job_data, .index = i};
		if (pthread_create(&threads[i].thread, NULL, host_thread_runs, &threads[i]) != 0)
			threads[i].job = NULL; /* left out */
	}
	for (int64_t i = 0; i < count; i++)
		if (threads[i].job != NULL)
			pthread_join(threads[i].thread, NULL);
}

#endif
