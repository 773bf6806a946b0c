/* The gradient against differences of the loss. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "derivatives/differences.h"
#include "engine/borrow.h"
#include "engine/gradient.h"
#include "scaling.h"
#include "steps.h"

/* What the caller wants to know. */
struct findings {
	int64_t *worst_index;
	double *analytic, *numeric, *worst_error;
};

/* A gradient, and copies of the data in double. */
struct copies {
	REAL *grad;
	double *x, *target, *weight;
};

static mlp_status check_arguments(const mlp_network *net, double step,
				  const struct findings *findings)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	/* less than 1e-15 is lost in the parameter that it is added to */
	if (status == MLP_OK && !(step == 0 || (step >= 1e-15 && step <= 0.1)))
		status = mlp_fail_real(MLP_ERR_VALUE, "step is %, must be 0 or 1e-15 .. 0.1", step);
	if (status == MLP_OK)
		status = mlp_check_pointer("worst_error", findings->worst_error);
	return status;
}

/* ---- both sides of the comparison --------------------------------------------------------------- */

static mlp_status compute_gradient(struct mlp_step *step, REAL *grad)
{
	double value;
	step->backward = true;
	mlp_status status = FN(step_compute)(step, &value);
	if (status == MLP_OK)
		FN(write_gradient)(step->net, step->ws, step->batch, false, grad);
	return status;
}

static void copy_rows(const REAL *from, size_t ld, size_t rows, size_t width, double *to)
{
	for (size_t n = 0; n < rows; n++)
		for (size_t i = 0; i < width; i++)
			to[n * width + i] = (double)from[n * ld + i];
}

static struct copies lay_out(const struct mlp_step *step, struct mlp_arena *arena)
{
	const mlp_network *net = step->net;
	return (struct copies){
		.grad = mlp_arena_take(arena, net->parameter_count, 1, sizeof(REAL)),
		.x = mlp_arena_take(arena, step->batch, net->layers[1].n_in, sizeof(double)),
		.target = mlp_arena_take(arena, step->batch, net->layers[net->layer_count].n_out,
					 sizeof(double)),
		.weight = mlp_arena_take(arena, step->batch, 1, sizeof(double))};
}

static void fill(const struct mlp_step *step, const struct copies *copies,
		 struct mlp_differences *differences)
{
	const struct mlp_objective *objective = &step->objective;
	size_t n_0 = step->net->layers[1].n_in,
	       n_L = step->net->layers[step->net->layer_count].n_out;
	copy_rows(step->x, step->ld_x, step->batch, n_0, copies->x);
	if (objective->values != NULL)
		copy_rows(objective->values, objective->ld, step->batch, n_L, copies->target);
	if (objective->weight != NULL)
		copy_rows(objective->weight, 1, step->batch, 1, copies->weight);
	differences->x = copies->x;
	differences->target = copies->target;
	differences->weight = objective->weight != NULL ? copies->weight : NULL;
	differences->classes = objective->classes;
	differences->n_0 = (int64_t)n_0;
	differences->n_L = (int64_t)n_L;
	differences->batch = (int64_t)step->batch;
	differences->loss = objective->loss;
	differences->parameter = (double)objective->parameter;
}

/* A copy in double that computes with the very numbers that the network computes with: its shifts are
 * rounded, too. */
static mlp_status make_copy(const mlp_network *net, mlp_network **copy)
{
	mlp_status status = mlp_network_convert(net, MLP_F64, copy);
	if (status != MLP_OK)
		return status;
	const struct mlp_affine *from[] = {&net->input, &net->output};
	struct mlp_affine *to[] = {&(*copy)->input, &(*copy)->output};
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; from[k]->is_set && i < from[k]->count; i++)
			mlp_affine_set(*copy, to[k], i, (double)((const REAL *)from[k]->minus)[i],
				       from[k]->scale[i]);
	return MLP_OK;
}

/* ---- comparison --------------------------------------------------------------------------------- */

static double largest_of(const REAL *values, size_t count)
{
	double largest = 0;
	for (size_t i = 0; i < count; i++)
		largest = fmax(largest, fabs((double)values[i]));
	return largest;
}

/* Parameters begin .. end - 1. */
static mlp_status compare_range(const struct mlp_differences *differences, const REAL *grad,
				struct mlp_range range, double floor,
				const struct findings *findings)
{
	for (size_t i = range.begin; i < range.end; i++) {
		double analytic = (double)grad[i], numeric;
		mlp_status status =
			mlp_nearest_difference(differences, i, analytic, floor, &numeric);
		if (status != MLP_OK)
			return status;
		/* NaN is no error that could be compared: the next one would take its place */
		if (!isfinite(analytic) || !isfinite(numeric))
			return mlp_fail(MLP_ERR_NONFINITE,
					"the derivative by parameter % is infinite or not a number",
					(int64_t)i);
		double error = mlp_difference_error(analytic, numeric, floor);
		if (error <= *findings->worst_error)
			continue;
		*findings->worst_index = (int64_t)i;
		*findings->analytic = analytic;
		*findings->numeric = numeric;
		*findings->worst_error = error;
	}
	return MLP_OK;
}

static mlp_status compare_all(const mlp_network *net, struct mlp_differences *differences,
			      const REAL *grad, const struct findings *findings)
{
	double floor = largest_of(grad, net->parameter_count) / 1000;
	*findings->worst_index = 0;
	*findings->worst_error = -1; /* the first parameter is worse */
	mlp_status status = mlp_differences_begin(differences);
	for (size_t l = 1; l <= net->layer_count && status == MLP_OK; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		size_t end = layer->b_offset + (layer->has_bias ? layer->n_out : 0);
		status = compare_range(differences, grad, (struct mlp_range){layer->w_offset, end},
				       floor, findings);
	}
	return status;
}

/* With memory for the gradient and the copies. */
static mlp_status check_with(struct mlp_step *step, struct mlp_differences *differences,
			     const struct copies *copies, const struct findings *findings)
{
	fill(step, copies, differences);
	mlp_status status = compute_gradient(step, copies->grad);
	if (status == MLP_OK)
		status = make_copy(step->net, &differences->net);
	if (status == MLP_OK)
		status = mlp_workspace_create(differences->net, differences->batch, MLP_INFERENCE,
					      &differences->ws);
	if (status == MLP_OK)
		status = compare_all(step->net, differences, copies->grad, findings);
	mlp_workspace_free(differences->ws);
	mlp_network_free(differences->net);
	return status;
}

static mlp_status check(struct mlp_step *step, struct mlp_differences *differences,
			const struct findings *findings)
{
	const mlp_allocator *allocator = &step->net->allocator;
	struct mlp_arena arena = {0};
	size_t bytes;
	lay_out(step, &arena);
	mlp_status status = mlp_borrow(allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	const struct copies copies = lay_out(step, &arena);
	status = check_with(step, differences, &copies, findings);
	mlp_give_back(allocator, &arena, bytes);
	return status;
}

static mlp_status gradient_check(const mlp_network *net, const REAL *x, int64_t ld_x,
				 const struct mlp_objective *objective, double parameter,
				 int64_t ld_target, int64_t batch, mlp_reduction reduction,
				 double relative_step, const struct findings *findings)
{
	mlp_workspace *ws;
	struct mlp_step step;
	mlp_status status = check_arguments(net, relative_step, findings);
	if (status == MLP_OK)
		status = mlp_workspace_create(net, batch, MLP_TRAINING, &ws);
	if (status != MLP_OK)
		return status;
	int64_t index = 0;
	double analytic = 0, numeric = 0;
	struct findings all = {
		.worst_index = findings->worst_index != NULL ? findings->worst_index : &index,
		.analytic = findings->analytic != NULL ? findings->analytic : &analytic,
		.numeric = findings->numeric != NULL ? findings->numeric : &numeric,
		.worst_error = findings->worst_error};
	status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target, batch,
				reduction);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, reduction);
	if (status == MLP_OK)
		status = check(
			&step,
			&(struct mlp_differences){.reduction = reduction,
						  .step = relative_step > 0 ? relative_step : 1e-5},
			&all);
	mlp_workspace_free(ws);
	return status;
}

mlp_status FN(gradient_check)(const mlp_network *net, const REAL *x, int64_t ld_x,
			      const REAL *target, int64_t ld_target, const REAL *weight,
			      int64_t batch, mlp_loss loss, double parameter,
			      mlp_reduction reduction, double step, int64_t *worst_index,
			      double *analytic, double *numeric, double *worst_error)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return gradient_check(net, x, ld_x, &objective, parameter, ld_target, batch, reduction,
			      step,
			      &(struct findings){worst_index, analytic, numeric, worst_error});
}

mlp_status FN(gradient_check_class)(const mlp_network *net, const REAL *x, int64_t ld_x,
				    const int64_t *target, const REAL *weight, int64_t batch,
				    mlp_loss loss, double parameter, mlp_reduction reduction,
				    double step, int64_t *worst_index, double *analytic,
				    double *numeric, double *worst_error)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return gradient_check(net, x, ld_x, &objective, parameter, 0, batch, reduction, step,
			      &(struct findings){worst_index, analytic, numeric, worst_error});
}
