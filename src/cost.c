/* What a pass costs: the formulas of the header. */
#include "base/checked.h"
#include "base/status.h"
#include "check.h"
#include "engine/objects.h"

/* flop = 2 * half, and bytes = size * elements, as sums of products that may overflow. */
struct count {
	int64_t half, elements;
	bool fits;
};

static void add(struct count *count, int64_t *sum, int64_t a, int64_t b)
{
	count->fits = mlp_checked_multiply_add(a, b, INT64_MAX, sum) && count->fits;
}

/* B n_l n_(l-1) multiply-adds */
static void add_product(struct count *count, const struct mlp_layer *layer, int64_t batch)
{
	int64_t weights = (int64_t)(layer->n_out * layer->n_in);
	add(count, &count->half, batch, weights);
}

/* w and b, or dw and db; one block on either side of the layer */
static void add_operands(struct count *count, const struct mlp_layer *layer, int64_t batch)
{
	add(count, &count->elements, (int64_t)layer->n_out, (int64_t)layer->n_in + 1);
	add(count, &count->elements, batch, (int64_t)(layer->n_in + layer->n_out));
}

static void add_backward(struct count *count, const struct mlp_layer *layer, int64_t batch,
			 bool wants_dx)
{
	add_product(count, layer, batch); /* dw = ds x^T */
	add_operands(count, layer, batch);
	if (!wants_dx)
		return;
	add_product(count, layer, batch); /* dx = w^T ds */
	add(count, &count->elements, (int64_t)layer->n_out, (int64_t)layer->n_in);
	add(count, &count->elements, batch, (int64_t)layer->n_in);
}

mlp_status mlp_network_cost(const mlp_network *net, mlp_pass pass, int64_t batch, int64_t *flop,
			    int64_t *bytes)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	if (pass < MLP_PASS_FORWARD || pass > MLP_PASS_UPDATE)
		return mlp_fail(MLP_ERR_VALUE, "pass is %, unknown", (int)pass);
	if (batch < 1 && pass != MLP_PASS_UPDATE)
		return mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);

	struct count count = {0, 0, true};
	for (size_t l = 1; l <= net->layer_count && pass != MLP_PASS_UPDATE; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		if (pass == MLP_PASS_FORWARD) {
			add_product(&count, layer, batch);
			add_operands(&count, layer, batch);
		} else {
			add_backward(&count, layer, batch,
				     l > 1 || pass == MLP_PASS_BACKWARD_INPUT);
		}
	}
	if (pass == MLP_PASS_UPDATE) {
		add(&count, &count.half, (int64_t)net->parameter_count, 1);
		add(&count, &count.elements, (int64_t)net->parameter_count, 3);
	}

	int64_t flops = 0, traffic = 0;
	add(&count, &flops, count.half, 2);
	add(&count, &traffic, count.elements, (int64_t)mlp_dtype_size(net->dtype));
	if (!count.fits)
		return mlp_fail(MLP_ERR_OVERFLOW, "cost of batch % passes 2^63 - 1", batch);
	if (flop != NULL)
		*flop = flops;
	if (bytes != NULL)
		*bytes = traffic;
	return MLP_OK;
}
