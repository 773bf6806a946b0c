/* Forward, backward and update, and what a trace shows. */
#include <string.h>

#include "fuzz/api_real.h"
#include "fuzz/api_twin.h"
#include "fuzz/fuzz.h"

/* Without a workspace nothing but memory bounds a batch. */
static int64_t free_batch(int64_t batch)
{
	return batch > 512 && batch < INT64_MAX ? 5 : batch;
}

void PLAY(forward)(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	bool is_alone = rarely(scene, 3); /* mlp_predict() */
	int64_t batch = take_batch(scene);
	batch = is_alone ? free_batch(batch) : batch;
	struct array x = array_in(scene, batch, width_in(net), sizeof(REAL));
	struct array y = array_out(scene, batch, width_out(net), sizeof(REAL), !is_alone);
	mlp_status status = is_alone ? FN(predict)(net, x.data, x.ld, batch, y.data, y.ld)
				     : FN(forward)(net, ws, x.data, x.ld, batch, y.data, y.ld);
	check_call(scene, "forward", status,
		   ALLOWED(COMPUTING, is_alone ? MLP_ERR_MEMORY : MLP_ERR_NULL), NULL);
	if (status == MLP_OK && y.is_sound && x.is_sound && x.is_tame && twin_knows(net)) {
		struct twin twin;
		if (twin_run(&twin, net, &x, NULL))
			array_require_near(&y, twin.y, "forward");
		twin_end(&twin);
	}
	array_end(&x, "forward");
	array_end(&y, "forward");
}

static size_t count_of(const mlp_network *net)
{
	return net != NULL ? (size_t)mlp_network_parameter_count(net) : 4;
}

/* dl/dx = dl_dx, which is what a loss of x . dl_dx has. */
static void compare(const mlp_network *net, const struct array *x, const struct array *v,
		    const struct array *grad, const double *before, const struct array *dl_dx0,
		    bool by_logits)
{
	struct twin twin;
	double dl[MOST_WIDTH];
	bool ok = twin_run(&twin, net, x, NULL);
	double *dx0 = calloc(x->rows * twin.n_in, sizeof(double));
	for (size_t row = 0; row < x->rows && ok; row++) {
		for (size_t i = 0; i < twin.n_in; i++)
			dx0[row * twin.n_in + i] = array_at(x, row, i);
		naive_forward(twin.naive, dx0 + row * twin.n_in);
		for (size_t i = 0; i < twin.n_out; i++)
			dl[i] = array_at(v, row, i);
		if (by_logits)
			naive_backward_logits(twin.naive, dl);
		else
			naive_backward(twin.naive, dl);
		memcpy(dx0 + row * twin.n_in, twin.naive->dx[0], twin.n_in * sizeof(double));
	}
	naive_gradient(twin.naive, twin.grad);
	if (ok && twin.is_far_from_kinks && grad->is_sound)
		twin_require_gradient(&twin, net, grad, before, "backward");
	if (ok && twin.is_far_from_kinks && dl_dx0->is_sound)
		array_require_near(dl_dx0, dx0, "backward");
	free(dx0);
	twin_end(&twin);
}

void PLAY(backward)(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	int64_t batch = take_batch(scene);
	struct array x = array_in(scene, batch, width_in(net), sizeof(REAL));
	bool by_logits = rarely(scene, 2), is_prepared = !rarely(scene, 3);
	mlp_status forward = MLP_ERR_STATE;
	if (is_prepared) {
		forward = FN(forward)(net, ws, x.data, x.ld, batch, NULL, 0);
		check_call(scene, "forward before backward", forward, ALLOWED(COMPUTING), NULL);
	}
	struct array v = array_in(scene, batch, width_out(net), sizeof(REAL));
	struct array dl_dx0 = array_out(scene, batch, width_in(net), sizeof(REAL), true);
	struct array grad = array_out(scene, 1, count_of(net), sizeof(REAL), true);
	grad.is_sound = grad.data != NULL; /* without a stride */
	int accumulate = (int)take(scene, 2);
	double *before = array_fill(scene, &grad);
	mlp_status status = by_logits
				    ? FN(backward_logits)(net, ws, v.data, v.ld, batch, accumulate,
							  grad.data, dl_dx0.data, dl_dx0.ld)
				    : FN(backward)(net, ws, v.data, v.ld, batch, accumulate,
						   grad.data, dl_dx0.data, dl_dx0.ld);
	check_call(scene, "backward", status, ALLOWED(COMPUTING, MLP_ERR_NONFINITE), NULL);
	if (status == MLP_OK && forward == MLP_OK && x.is_tame && v.is_tame && x.is_sound &&
	    v.is_sound && twin_knows(net))
		compare(net, &x, &v, &grad, accumulate != 0 ? before : NULL, &dl_dx0, by_logits);
	free(before);
	array_end(&x, "backward");
	array_end(&v, "backward");
	array_end(&dl_dx0, "backward");
	array_end(&grad, "backward");
}

static void play_update(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	mlp_workspace *ws = rarely(scene, 2) ? take_workspace(scene, net) : NULL;
	struct array grad = array_in(scene, 1, count_of(net), sizeof(REAL));
	double eta = take_real(scene);
	mlp_status status = FN(update)(net, ws, grad.data, eta);
	check_call(scene, "update", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_SHAPE, MLP_ERR_STATE, MLP_ERR_VALUE,
			   MLP_ERR_NONFINITE),
		   net);
	array_end(&grad, "update");
}

static void play_read(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	int64_t layer = take_layer(scene, net), batch = take_batch(scene);
	struct array out = array_out(scene, batch, MOST_WIDTH, sizeof(REAL), false);
	mlp_status status = FN(workspace_read)(ws, (mlp_quantity)take(scene, 6), layer, batch,
					       out.data, out.ld);
	check_call(scene, "read", status, ALLOWED(COMPUTING, MLP_ERR_VALUE, MLP_ERR_INDEX), NULL);
	/* a narrower layer leaves the rest of a row alone, which array_end() does not look at */
	array_end(&out, "read");
}

static void play_parameters(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	int64_t layer = take_layer(scene, net), count = (int64_t)count_of(net);
	size_t rows = 2, width = 2;
	if (net != NULL && layer >= 1 && layer <= mlp_network_layer_count(net)) {
		rows = (size_t)mlp_network_width(net, layer);
		width = (size_t)mlp_network_width(net, layer - 1);
	}
	bool is_whole = rarely(scene, 2), is_set = rarely(scene, 2);
	struct array all = is_set ? array_in(scene, 1, (size_t)count, sizeof(REAL))
				  : array_out(scene, 1, (size_t)count, sizeof(REAL), false);
	struct array w = is_set ? array_in(scene, (int64_t)rows, width, sizeof(REAL))
				: array_out(scene, (int64_t)rows, width, sizeof(REAL), false);
	count -= rarely(scene, 8);
	mlp_status status;
	if (is_set)
		status = is_whole ? FN(network_set_parameters)(net, all.data, count)
				  : FN(network_set_weights)(net, layer, w.data, w.ld);
	else
		status = is_whole ? FN(network_get_parameters)(net, all.data, count)
				  : FN(network_get_weights)(net, layer, w.data, w.ld);
	check_call(scene, "parameters", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_SIZE, MLP_ERR_INDEX, MLP_ERR_STRIDE,
			   MLP_ERR_OVERFLOW),
		   is_set ? net : NULL);
	array_end(&all, "parameters");
	array_end(&w, "parameters");
	struct array b = is_set ? array_in(scene, 1, rows, sizeof(REAL))
				: array_out(scene, 1, rows, sizeof(REAL), false);
	status = is_set ? FN(network_set_biases)(net, layer, b.data)
			: FN(network_get_biases)(net, layer, b.data);
	check_call(scene, "biases", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_INDEX, MLP_ERR_STATE),
		   is_set ? net : NULL);
	array_end(&b, "biases");
}

static void play_activation(struct scene *scene)
{
	mlp_activation sigma = (mlp_activation)take(scene, 15);
	double parameter = rarely(scene, 4) ? take_real(scene) : 0;
	size_t count = 1 + take(scene, 40);
	struct array s = array_in(scene, 1, count, sizeof(REAL));
	struct array x = array_out(scene, 1, count, sizeof(REAL), true);
	struct array derivative = array_out(scene, 1, count, sizeof(REAL), true);
	int64_t given = rarely(scene, 10) ? -(int64_t)take(scene, 2) : (int64_t)count;
	mlp_status status =
		FN(activation)(sigma, parameter, s.data, given, x.data, derivative.data);
	check_call(scene, "activation", status, ALLOWED(MLP_ERR_NULL, MLP_ERR_SIZE, MLP_ERR_VALUE),
		   NULL);
	if (status == MLP_OK && s.is_tame && x.data != NULL && parameter <= 10) {
		double expected[64];
		for (size_t i = 0; i < count; i++)
			expected[i] = naive_sigma(sigma, parameter, array_at(&s, 0, i));
		array_require_near(&x, expected, "activation");
	}
	array_end(&s, "activation");
	array_end(&x, "activation");
	array_end(&derivative, "activation");
}

void PLAY(arrays)(struct scene *scene)
{
	switch (take(scene, 4)) {
	case 0:
		play_update(scene);
		break;
	case 1:
		play_read(scene);
		break;
	case 2:
		play_parameters(scene);
		break;
	default:
		play_activation(scene);
	}
}
