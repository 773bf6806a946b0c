/* Calls of derivatives with arguments that are good, of which tests change one. */
#ifndef MLP_TESTS_UNIT_DERIVATIVES_H
#define MLP_TESTS_UNIT_DERIVATIVES_H

#include <math.h>

#include "support/heap.h"
#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, OUT = 2, B = 3, MOST = 4, P = 4 * 4 + 2 * 5 }; /* 3-4-2 */

enum kind {
	VJP,
	JVP,
	JACOBIAN,
	HV,
	HV_CLASS,
	NORMS,
	NORMS_CLASS,
	ROWS,
	ROWS_CLASS,
	CHECK,
	CHECK_CLASS,
	KINDS
};

static struct {
	mlp_network *net;
	mlp_workspace *training, *trace, *inference;
	REAL x[MOST * IN], target[MOST * OUT], weight[MOST], v[P], y[MOST * OUT], out[MOST * P];
	int64_t classes[MOST];
	double norms[MOST];
} f;

struct arguments {
	const mlp_network *net;
	mlp_workspace *ws;
	const REAL *x, *target, *weight, *v;
	const int64_t *classes;
	int64_t ld_x, ld_target, ld_v, ld_y, ld_out, batch;
	int loss, reduction;
	double parameter, step, *norms;
	REAL *y, *out;
};

static inline struct arguments good(mlp_workspace *ws)
{
	return (struct arguments){.net = f.net,
				  .ws = ws,
				  .x = f.x,
				  .target = f.target,
				  .weight = f.weight,
				  .v = f.v,
				  .classes = f.classes,
				  .ld_x = IN,
				  .ld_target = OUT,
				  .ld_v = IN,
				  .ld_y = OUT,
				  .ld_out = P,
				  .batch = B,
				  .loss = MLP_CROSS_ENTROPY,
				  .reduction = MLP_MEAN,
				  .norms = f.norms,
				  .y = f.y,
				  .out = f.out};
}

static inline mlp_status call_with_loss(enum kind kind, const struct arguments *a)
{
	mlp_loss loss = (mlp_loss)a->loss;
	mlp_reduction reduction = (mlp_reduction)a->reduction;
	switch (kind) {
	case HV:
		return FN(hessian_vector)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					  a->weight, a->batch, loss, a->parameter, reduction, a->v,
					  a->out);
	case HV_CLASS:
		return FN(hessian_vector_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, reduction, a->v,
						a->out);
	case NORMS:
		return FN(gradient_norms)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					  a->weight, a->batch, loss, a->parameter, a->norms);
	case NORMS_CLASS:
		return FN(gradient_norms_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, a->norms);
	case ROWS:
		return FN(gradient_rows)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					 a->weight, a->batch, loss, a->parameter, a->out,
					 a->ld_out);
	case ROWS_CLASS:
		return FN(gradient_rows_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
					       a->batch, loss, a->parameter, a->out, a->ld_out);
	case CHECK:
		return FN(gradient_check)(a->net, a->x, a->ld_x, a->target, a->ld_target, a->weight,
					  a->batch, loss, a->parameter, reduction, a->step, NULL,
					  NULL, NULL, a->norms);
	default:
		return FN(gradient_check_class)(a->net, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, reduction, a->step,
						NULL, NULL, NULL, a->norms);
	}
}

static inline mlp_status call(enum kind kind, const struct arguments *a)
{
	switch (kind) {
	case VJP:
		return FN(vjp)(a->net, a->ws, a->x, a->ld_x, a->batch, a->v, a->ld_v, a->y, a->ld_y,
			       a->out, a->ld_out);
	case JVP:
		return FN(jvp)(a->net, a->ws, a->x, a->ld_x, a->batch, a->v, a->ld_v, a->y, a->ld_y,
			       a->out, a->ld_out);
	case JACOBIAN:
		return FN(jacobian)(a->net, a->ws, a->x, a->ld_x, a->batch, a->y, a->ld_y, a->out,
				    a->ld_out);
	default:
		return call_with_loss(kind, a);
	}
}

static inline bool has_loss(enum kind kind)
{
	return kind >= HV;
}

static inline bool has_targets(enum kind kind)
{
	return kind == HV || kind == NORMS || kind == ROWS || kind == CHECK;
}

static inline bool has_classes(enum kind kind)
{
	return has_loss(kind) && !has_targets(kind);
}

static inline bool has_reduction(enum kind kind)
{
	return kind == HV || kind == HV_CLASS || kind >= CHECK;
}

static inline bool has_workspace(enum kind kind)
{
	return kind < CHECK;
}

static inline bool has_v(enum kind kind)
{
	return kind == VJP || kind == JVP || kind == HV || kind == HV_CLASS;
}

static inline bool has_norms(enum kind kind)
{
	return kind == NORMS || kind == NORMS_CLASS || kind >= CHECK;
}

static inline int set_up(void **state)
{
	(void)state;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &f.net));
	assert_ok(mlp_network_set_activation(f.net, 1, MLP_TANH));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &f.trace));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_INFERENCE, &f.inference));
	random_fill(&seed, f.x, MOST * IN, 1);
	random_fill(&seed, f.v, P, 1);
	for (int i = 0; i < MOST; i++) {
		f.weight[i] = (REAL)(i + 1);
		f.classes[i] = i % OUT;
		f.target[i * OUT + i % OUT] = 1;
	}
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(f.training);
	mlp_workspace_free(f.trace);
	mlp_workspace_free(f.inference);
	mlp_network_free(f.net);
	return 0;
}

#define FOR_ALL_CALLS(kind, ws)                                                                    \
	for (enum kind kind = 0; kind < KINDS; kind++)                                             \
		for (mlp_workspace *ws = f.training; ws != NULL;                                   \
		     ws = ws == f.training ? f.trace : NULL)

#endif
