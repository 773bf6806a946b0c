/* The calls that allocate or touch files. */
#include "fault/swept.h"

/* *out before a constructor is called. */
#define NOT_SET ((void *)1)

static void free_network(void *made)
{
	mlp_network_free(made);
}

static void free_workspace(void *made)
{
	mlp_workspace_free(made);
}

static void free_optimizer(void *made)
{
	mlp_optimizer_free(made);
}

static void free_trainer(void *made)
{
	mlp_trainer_free(made);
}

static void free_live(void *made)
{
	mlp_live_free(made);
}

static void free_pool(void *made)
{
	mlp_pool_free(made);
}

static void free_options(void *made)
{
	mlp_load_options_free(made);
}

static void free_schedule(void *made)
{
	mlp_rate_schedule_free(made);
}

/* ---- networks ------------------------------------------------------------------------------- */

static const int64_t widths[] = {WORLD_IN, WORLD_HIDDEN, WORLD_OUT};

static mlp_status network_create(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_create(REAL_DTYPE, widths, 3, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_create_with(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_create_with(REAL_DTYPE, widths, 3, NULL, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_clone(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_clone(w->net, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_convert(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_convert(w->net, OTHER_DTYPE, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_set_note(struct world *w)
{
	return mlp_network_set_note(w->net, "second", "another text");
}

static mlp_status network_set_note_again(struct world *w)
{
	return mlp_network_set_note(w->net, "first", "a longer text in place of what it had");
}

static mlp_status live_create(struct world *w)
{
	mlp_live *live = NOT_SET;
	mlp_status status = mlp_live_create(w->net, &live);
	return world_keep(w, status, live, free_live);
}

static mlp_status live_publish(struct world *w)
{
	return mlp_live_publish(w->live, w->net);
}

/* ---- what computes -------------------------------------------------------------------------- */

static mlp_status workspace_create(struct world *w)
{
	mlp_workspace *ws = NOT_SET;
	mlp_status status = mlp_workspace_create(w->net, 5, MLP_TRACE, &ws);
	return world_keep(w, status, ws, free_workspace);
}

static mlp_status workspace_set_pool(struct world *w)
{
	return mlp_workspace_set_pool(w->ws, w->pool);
}

static mlp_status optimizer_create(struct world *w)
{
	mlp_optimizer *optimizer = NOT_SET;
	mlp_status status = mlp_optimizer_create(w->net, MLP_ADAM, &optimizer);
	return world_keep(w, status, optimizer, free_optimizer);
}

static mlp_status optimizer_set(struct world *w)
{
	return mlp_optimizer_set(w->optimizer, MLP_HYPER_HISTORY, 20);
}

static mlp_status pool_create(struct world *w)
{
	mlp_pool *pool = NOT_SET;
	mlp_status status = mlp_pool_create(2, &pool);
	return world_keep(w, status, pool, free_pool);
}

static void serial(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	for (int64_t i = 0; i < count; i++)
		job(job_data, i);
}

static mlp_status pool_create_from(struct world *w)
{
	mlp_pool *pool = NOT_SET;
	mlp_status status = mlp_pool_create_from(2, serial, NULL, &pool);
	return world_keep(w, status, pool, free_pool);
}

static mlp_status rate_schedule_create(struct world *w)
{
	mlp_rate_schedule *schedule = NOT_SET;
	mlp_status status = mlp_rate_schedule_create(MLP_RATE_COSINE, &schedule);
	return world_keep(w, status, schedule, free_schedule);
}

static mlp_status predict(struct world *w)
{
	return FN(predict)(w->net, w->x, WORLD_IN, WORLD_ROWS, w->results, WORLD_OUT);
}

static mlp_status measure(struct world *w)
{
	const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_R2};
	return FN(measure)(w->net, w->ws, w->x, WORLD_IN, w->target, WORLD_OUT, NULL, WORLD_ROWS,
			   MLP_SQUARED_ERROR, 0, metrics, 2, w->value);
}

static mlp_status measure_class(struct world *w)
{
	const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_ACCURACY};
	return FN(measure_class)(w->classifier, w->class_ws, w->x, WORLD_IN, w->classes, NULL,
				 WORLD_ROWS, MLP_CROSS_ENTROPY, 0, metrics, 2, w->value);
}

static mlp_status gradient_check(struct world *w)
{
	return FN(gradient_check)(w->net, w->x, WORLD_IN, w->target, WORLD_OUT, NULL, 3,
				  MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &w->index, NULL, NULL,
				  w->value);
}

static mlp_status gradient_check_class(struct world *w)
{
	return FN(gradient_check_class)(w->classifier, w->x, WORLD_IN, w->classes, NULL, 3,
					MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, &w->index, NULL, NULL,
					w->value);
}

static mlp_status gradient_rows(struct world *w)
{
	return FN(gradient_rows)(w->net, w->ws, w->x, WORLD_IN, w->target, WORLD_OUT, NULL, 3,
				 MLP_SQUARED_ERROR, 0, w->results, 100);
}

static mlp_status gradient_rows_class(struct world *w)
{
	return FN(gradient_rows_class)(w->classifier, w->class_ws, w->x, WORLD_IN, w->classes, NULL,
				       3, MLP_CROSS_ENTROPY, 0, w->results, 100);
}

static mlp_status hessian_vector(struct world *w)
{
	return FN(hessian_vector)(w->net, w->ws, w->x, WORLD_IN, w->target, WORLD_OUT, NULL, 3,
				  MLP_SQUARED_ERROR, 0, MLP_MEAN,
				  FN(network_const_parameters)(w->net), w->results);
}

static mlp_status hessian_vector_class(struct world *w)
{
	return FN(hessian_vector_class)(w->classifier, w->class_ws, w->x, WORLD_IN, w->classes,
					NULL, 3, MLP_CROSS_ENTROPY, 0, MLP_MEAN,
					FN(network_const_parameters)(w->classifier), w->results);
}

static mlp_status jacobian(struct world *w)
{
	return FN(jacobian)(w->net, w->ws, w->x, WORLD_IN, 3, NULL, 0, w->results,
			    WORLD_IN * WORLD_OUT);
}

static mlp_status jvp(struct world *w)
{
	return FN(jvp)(w->net, w->ws, w->x, WORLD_IN, 3, w->x, WORLD_IN, NULL, 0, w->results,
		       WORLD_OUT);
}

/* ---- training ------------------------------------------------------------------------------- */

static mlp_status trainer_create(struct world *w)
{
	mlp_trainer *trainer = NOT_SET;
	mlp_status status = mlp_trainer_create(w->net, MLP_RMSPROP, &trainer);
	return world_keep(w, status, trainer, free_trainer);
}

static mlp_status trainer_set_checkpoint(struct world *w)
{
	return mlp_trainer_set_checkpoint(w->trainer, world_old, 1);
}

static mlp_status trainer_run(struct world *w)
{
	return mlp_trainer_run(w->trainer);
}

static mlp_status trainer_run_class(struct world *w)
{
	return mlp_trainer_run(w->class_trainer);
}

static mlp_status fit(struct world *w)
{
	return FN(fit)(w->net, w->x, WORLD_IN, w->target, WORLD_OUT, 4, 1, w->value);
}

static mlp_status fit_class(struct world *w)
{
	return FN(fit_class)(w->classifier, w->x, WORLD_IN, w->classes, 4, 1, w->value);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* Counts, so that nothing is kept. */
static int write_nowhere(void *context, const void *data, size_t size)
{
	struct world *w = context;
	(void)data;
	w->index += (int64_t)size;
	return 0;
}

static mlp_status load_options_create(struct world *w)
{
	mlp_load_options *options = NOT_SET;
	mlp_status status = mlp_load_options_create(&options);
	return world_keep(w, status, options, free_options);
}

static mlp_status network_save(struct world *w)
{
	return mlp_network_save(w->net, world_old);
}

static mlp_status network_save_to(struct world *w)
{
	return mlp_network_save_to(w->net, write_nowhere, w);
}

static mlp_status network_load(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_load(world_model, w->options, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_load_memory(struct world *w)
{
	mlp_network *net = NOT_SET;
	mlp_status status = mlp_network_load_memory(w->model.data, w->model.size, NULL, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status network_load_from(struct world *w)
{
	mlp_network *net = NOT_SET;
	w->model.position = 0;
	mlp_status status = mlp_network_load_from(bytes_read, &w->model, NULL, &net);
	return world_keep(w, status, net, free_network);
}

static mlp_status export_c(struct world *w)
{
	return mlp_export_c(w->net, "swept", world_old);
}

static mlp_status export_c_to(struct world *w)
{
	return mlp_export_c_to(w->net, "swept", write_nowhere, w);
}

static mlp_status trainer_save(struct world *w)
{
	return mlp_trainer_save(w->trainer, world_old);
}

static mlp_status trainer_save_to(struct world *w)
{
	return mlp_trainer_save_to(w->trainer, write_nowhere, w);
}

static mlp_status trainer_resume(struct world *w)
{
	return mlp_trainer_resume(w->trainer, world_checkpoint, w->options);
}

static mlp_status trainer_resume_from(struct world *w)
{
	w->checkpoint.position = 0;
	return mlp_trainer_resume_from(w->trainer, bytes_read, &w->checkpoint, NULL);
}

/* One epoch, at whose end there is a checkpoint, and one at the end of the run. */
static mlp_status trainer_run_with_checkpoints(struct world *w)
{
	mlp_status status = mlp_trainer_set(w->trainer, MLP_TRAINER_EPOCHS, 1);
	if (status == MLP_OK)
		status = mlp_trainer_set_checkpoint(w->trainer, world_old, 0);
	return status == MLP_OK ? mlp_trainer_run(w->trainer) : status;
}

const struct swept swept[] = {
	{"mlp_network_create", network_create, 0},
	{"mlp_network_create_with", network_create_with, 0},
	{"mlp_network_clone", network_clone, 0},
	{"mlp_network_convert", network_convert, 0},
	{"mlp_network_set_note", network_set_note, 0},
	{"mlp_network_set_note", network_set_note_again, 0},
	{"mlp_live_create", live_create, 0},
	{"mlp_live_publish", live_publish, 0},
	{"mlp_workspace_create", workspace_create, 0},
	{"mlp_workspace_set_pool", workspace_set_pool, 0},
	{"mlp_optimizer_create", optimizer_create, 0},
	{"mlp_optimizer_set", optimizer_set, 0},
	{"mlp_pool_create", pool_create, 0},
	{"mlp_pool_create_from", pool_create_from, 0},
	{"mlp_rate_schedule_create", rate_schedule_create, 0},
	{"mlp_predict", predict, 0},
	{"mlp_measure", measure, 0},
	{"mlp_measure_class", measure_class, 0},
	{"mlp_gradient_check", gradient_check, 0},
	{"mlp_gradient_check_class", gradient_check_class, 0},
	{"mlp_gradient_rows", gradient_rows, 0},
	{"mlp_gradient_rows_class", gradient_rows_class, 0},
	{"mlp_hessian_vector", hessian_vector, 0},
	{"mlp_hessian_vector_class", hessian_vector_class, 0},
	{"mlp_jacobian", jacobian, 0},
	{"mlp_jvp", jvp, 0},
	{"mlp_trainer_create", trainer_create, 0},
	{"mlp_trainer_set_checkpoint", trainer_set_checkpoint, 0},
	{"mlp_trainer_run", trainer_run, SWEPT_GOES_ON},
	{"mlp_trainer_run", trainer_run_class, SWEPT_GOES_ON},
	{"mlp_trainer_run", trainer_run_with_checkpoints, SWEPT_FILES | SWEPT_GOES_ON},
	{"mlp_fit", fit, 0},
	{"mlp_fit_class", fit_class, 0},
	{"mlp_load_options_create", load_options_create, 0},
	{"mlp_network_save", network_save, SWEPT_FILES},
	{"mlp_network_save_to", network_save_to, 0},
	{"mlp_network_load", network_load, SWEPT_FILES},
	{"mlp_network_load_memory", network_load_memory, 0},
	{"mlp_network_load_from", network_load_from, 0},
	{"mlp_export_c", export_c, SWEPT_FILES},
	{"mlp_export_c_to", export_c_to, 0},
	{"mlp_trainer_save", trainer_save, SWEPT_FILES},
	{"mlp_trainer_save_to", trainer_save_to, 0},
	{"mlp_trainer_resume", trainer_resume, SWEPT_FILES},
	{"mlp_trainer_resume_from", trainer_resume_from, 0},
};
const size_t swept_count = sizeof(swept) / sizeof(swept[0]);
