/* The operands of calls that compute a loss. */
#include "fuzz/api_objective.h"

static mlp_loss take_loss(struct scene *scene, const mlp_network *net)
{
	mlp_activation output = net == NULL
					? MLP_IDENTITY
					: mlp_network_activation(net, mlp_network_layer_count(net));
	if (rarely(scene, 6))
		return (mlp_loss)take(scene, 9);
	if (output == MLP_SOFTMAX)
		return MLP_CROSS_ENTROPY;
	if (output == MLP_SIGMOID && rarely(scene, 2))
		return MLP_BINARY_CROSS_ENTROPY;
	return output == MLP_IDENTITY ? (mlp_loss)(1 + take(scene, 7))
				      : (mlp_loss)(1 + take(scene, 4));
}

static double take_parameter(struct scene *scene, mlp_loss loss)
{
	if (rarely(scene, 12))
		return take_real(scene);
	if (loss == MLP_HUBER)
		return 0.5;
	return loss == MLP_CROSS_ENTROPY && rarely(scene, 2) ? 0.1 : 0;
}

void operands_begin(struct scene *scene, const mlp_network *net, size_t item,
		    struct operands *operands)
{
	struct objective *objective = &operands->objective;
	operands->batch = take_batch(scene);
	operands->x = array_in(scene, operands->batch, width_in(net), item);
	objective->loss = take_loss(scene, net);
	objective->parameter = take_parameter(scene, objective->loss);
	objective->reduction = rarely(scene, 8) ? (mlp_reduction)take(scene, 5)
						: (mlp_reduction)(1 + take(scene, 2));
	objective->by_class =
		objective->loss == MLP_CROSS_ENTROPY ? rarely(scene, 2) : rarely(scene, 12);
	operands->target = objective->by_class
				   ? array_classes(scene, operands->batch, width_out(net))
				   : array_in(scene, operands->batch, width_out(net), item);
	operands->weight = array_weights(scene, operands->batch, item);
	objective->target = &operands->target;
	objective->weight = &operands->weight;
}

void operands_end(struct operands *operands, const char *what)
{
	array_end(&operands->x, what);
	array_end(&operands->target, what);
	array_end(&operands->weight, what);
}

bool operands_are_tame(const struct operands *operands, const mlp_network *net)
{
	return operands->x.is_tame && operands->target.is_tame && operands->weight.is_tame &&
	       operands->x.is_sound &&
	       (operands->objective.by_class || operands->target.is_sound) &&
	       operands->objective.reduction != MLP_NONE && operands->objective.parameter <= 10 &&
	       twin_knows(net);
}
