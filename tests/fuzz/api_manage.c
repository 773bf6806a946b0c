/* Handles made, set and freed. */
#include <string.h>

#include "fuzz/api_scene.h"
#include "fuzz/fuzz.h"
#include "fuzz/try_network.h"

static void put(struct scene *scene, size_t i, mlp_network *net)
{
	if (net == NULL)
		return;
	mlp_network_free(scene->nets[i]); /* its workspaces stay */
	scene->nets[i] = net;
	shadow(scene, i);
}

void play_networks(struct scene *scene)
{
	static const int64_t odd[] = {0, -1, 1 << 20, INT64_MAX};
	int64_t widths[6];
	int64_t count = take(scene, 6);
	mlp_network *net = (mlp_network *)&net, *from = take_network(scene, 0);
	mlp_dtype dtype = (mlp_dtype)(1 + take(scene, rarely(scene, 8) ? 4 : 2));
	mlp_status status;
	switch (take(scene, 4)) {
	case 0:
		for (int l = 0; l < 6; l++)
			widths[l] = rarely(scene, 24) ? odd[take(scene, 4)]
						      : 1 + take(scene, MOST_WIDTH);
		status = mlp_network_create_with(dtype, rarely(scene, 20) ? NULL : widths, count,
						 &scene->allocator, &net);
		break;
	case 1:
		status = mlp_network_clone(from, &net);
		break;
	case 2:
		status = mlp_network_convert(from, dtype, &net);
		break;
	default:
		status = mlp_network_init(from, take_layer(scene, from), (mlp_init)take(scene, 8),
					  take_real(scene), take(scene, 256));
		check_call(scene, "init", status,
			   ALLOWED(MLP_ERR_NULL, MLP_ERR_INDEX, MLP_ERR_VALUE), from);
		return;
	}
	check_call(scene, "make a network", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_SIZE, MLP_ERR_OVERFLOW,
			   MLP_ERR_MEMORY),
		   NULL);
	REQUIRE(status == MLP_OK || net == NULL, "a failure has a result");
	if (status == MLP_OK && width_in(net) <= MOST_WIDTH && width_out(net) <= MOST_WIDTH &&
	    parameter_bytes(net) < 10000)
		put(scene, take(scene, NETWORKS), net);
	else
		mlp_network_free(net);
}

void play_settings(struct scene *scene)
{
	mlp_network *net = take_network(scene, 0);
	int64_t layer = take_layer(scene, net);
	mlp_status status;
	switch (take(scene, 5)) {
	case 0:
		status = mlp_network_set_activation(net, layer, (mlp_activation)take(scene, 15));
		break;
	case 1:
		status = mlp_network_set_activation_parameter(net, layer, take_real(scene));
		break;
	case 2:
		status = mlp_network_set_bias(net, layer, (int)take(scene, 2));
		break;
	case 3:
		status = mlp_network_set_frozen(net, layer, (int)take(scene, 2));
		break;
	default:
		status = mlp_network_set_dropout(net, layer,
						 rarely(scene, 2) ? 0 : take_real(scene));
	}
	check_call(scene, "settings", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_INDEX, MLP_ERR_VALUE, MLP_ERR_STATE), NULL);
}

void play_scaling(struct scene *scene)
{
	double shift[MOST_WIDTH], scale[MOST_WIDTH];
	mlp_network *net = take_network(scene, 0);
	for (int i = 0; i < MOST_WIDTH; i++) {
		shift[i] = rarely(scene, 4) ? take_real(scene) : 0.5;
		scale[i] = rarely(scene, 4) ? take_real(scene) : 2;
	}
	bool is_off = rarely(scene, 2);
	const double *a = is_off ? NULL : shift, *b = is_off ? NULL : scale;
	mlp_status status;
	mlp_network *changed = NULL;
	switch (take(scene, 4)) {
	case 0:
		status = mlp_network_set_input_scaling(net, a, b);
		break;
	case 1:
		status = mlp_network_set_output_scaling(net, a, b);
		break;
	case 2:
		status = mlp_network_set_domain(net, a, b);
		break;
	default:
		status = mlp_network_fold_scaling(net);
		changed = net;
	}
	check_call(scene, "scaling", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_STATE, MLP_ERR_OVERFLOW,
			   MLP_ERR_MEMORY),
		   changed);
}

static void make_workspace(struct scene *scene)
{
	unsigned i = take(scene, WORKSPACES);
	mlp_network *net = rarely(scene, 4) ? take_network(scene, 0) : scene->nets[i % NETWORKS];
	mlp_workspace *ws = (mlp_workspace *)&ws;
	size_t bytes = 0;
	int64_t most = take_batch(scene);
	mlp_mode mode = (mlp_mode)take(scene, 5);
	mlp_status size = mlp_workspace_size(net, most, mode, &bytes);
	mlp_status status = mlp_workspace_create(net, most, mode, &ws);
	check_call(scene, "make a workspace", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_SIZE, MLP_ERR_VALUE, MLP_ERR_OVERFLOW,
			   MLP_ERR_MEMORY),
		   NULL);
	REQUIRE(size == status || (size == MLP_OK && status == MLP_ERR_MEMORY),
		"%s to make it, %s for its size", mlp_status_name(status), mlp_status_name(size));
	REQUIRE(status == MLP_OK || ws == NULL, "a failure has a result");
	if (ws == NULL)
		return;
	mlp_workspace_free(scene->spaces[i]);
	scene->spaces[i] = ws;
}

void play_workspaces(struct scene *scene)
{
	if (rarely(scene, 3)) {
		make_workspace(scene);
		return;
	}
	mlp_workspace *ws = take_workspace(scene, take_network(scene, 0));
	mlp_status status;
	switch (take(scene, 4)) {
	case 0: /* that with a thread of its own takes much longer where processors are busy */
		status = mlp_workspace_set_pool(ws, rarely(scene, 3)   ? NULL
						    : rarely(scene, 8) ? scene->pools[0]
								       : scene->pools[1]);
		break;
	case 1:
		status = mlp_workspace_set_flush_denormals(ws, (int)take(scene, 2));
		break;
	case 2:
		status = mlp_workspace_set_tuning(ws, (mlp_tuning)take(scene, 5), take(scene, 5));
		break;
	default:
		status = mlp_workspace_set_dropout(ws, take(scene, 256), take(scene, 256));
	}
	check_call(scene, "set a workspace", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_OVERFLOW, MLP_ERR_MEMORY), NULL);
}

void play_optimizers(struct scene *scene)
{
	unsigned i = take(scene, OPTIMIZERS);
	mlp_optimizer *made = (mlp_optimizer *)&made, *optimizer = scene->optimizers[i];
	mlp_status status;
	switch (take(scene, 4)) {
	case 0:
		status = mlp_optimizer_create(rarely(scene, 8) ? take_network(scene, 0)
							       : scene->nets[i % NETWORKS],
					      (mlp_optimizer_kind)take(scene, 8), &made);
		REQUIRE(status == MLP_OK || made == NULL, "a failure has a result");
		if (made != NULL) {
			mlp_optimizer_free(optimizer);
			scene->optimizers[i] = made;
		}
		break;
	case 1:
		status = mlp_optimizer_reset(optimizer);
		break;
	case 2:
		status = mlp_optimizer_set_scalar(optimizer, (int64_t)take(scene, 8) - 1,
						  take_real(scene));
		break;
	default:
		status = mlp_optimizer_set(optimizer, (mlp_hyper)take(scene, 24), take_real(scene));
	}
	check_call(scene, "set an optimizer", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_INDEX, MLP_ERR_OVERFLOW,
			   MLP_ERR_MEMORY),
		   NULL);
}

void play_live(struct scene *scene)
{
	mlp_network *net = take_network(scene, 0);
	mlp_status status = MLP_OK;
	switch (take(scene, 4)) {
	case 0:
		if (scene->held != NULL)
			mlp_live_release(scene->live, scene->held);
		scene->held = NULL;
		mlp_live_free(scene->live);
		scene->live = NULL;
		status = mlp_live_create(net, &scene->live);
		break;
	case 1:
		status = mlp_live_publish(scene->live, net);
		break;
	case 2:
		if (scene->held == NULL)
			scene->held = mlp_live_acquire(scene->live);
		break;
	default:
		REQUIRE(mlp_live_version_of(scene->live, scene->held) <=
				mlp_live_version(scene->live),
			"a version to come");
		mlp_live_release(scene->live, scene->held);
		scene->held = NULL;
	}
	check_call(scene, "live", status, ALLOWED(MLP_ERR_NULL, MLP_ERR_SHAPE, MLP_ERR_MEMORY),
		   NULL);
}

void play_files(struct scene *scene)
{
	mlp_network *net = take_network(scene, 0);
	if (net != NULL)
		try_network(net);
	check_call(scene, "files", MLP_OK, ALLOWED(MLP_OK), NULL);
}
