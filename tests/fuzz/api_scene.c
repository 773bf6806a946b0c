/* Handles of a scene, and what must hold after every call. */
#include "fuzz/api_scene.h"

#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* ---- memory that is little, and counted ----------------------------------------------------- */

enum { MOST_BYTES = 1 << 22 };

static void *allocate(void *context, size_t alignment, size_t size)
{
	struct scene *scene = context;
	if (size > MOST_BYTES)
		return NULL;
	void *memory = aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
	scene->blocks += memory != NULL;
	return memory;
}

static void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	struct scene *scene = context;
	(void)alignment;
	(void)size;
	scene->blocks--;
	free(memory);
}

/* ---- bytes become choices ------------------------------------------------------------------- */

unsigned take(struct scene *scene, unsigned n)
{
	return scene->at < scene->end ? *scene->at++ % n : 0;
}

bool rarely(struct scene *scene, unsigned n)
{
	return take(scene, n) == n - 1;
}

int64_t take_layer(struct scene *scene, const mlp_network *net)
{
	static const int64_t odd[] = {MLP_ALL_LAYERS, MLP_HIDDEN_LAYERS, -1,
				      1000,           INT64_MAX,         INT64_MIN};
	int64_t layers = net != NULL ? mlp_network_layer_count(net) : 1;
	if (rarely(scene, 5))
		return odd[take(scene, 6)];
	return take(scene, (unsigned)layers + 2); /* 0 and L + 1 too */
}

int64_t take_batch(struct scene *scene)
{
	static const int64_t odd[] = {0, -1, INT64_MAX, INT64_MIN, 300, 1LL << 40};
	if (rarely(scene, 20))
		return odd[take(scene, 6)];
	return 1 + take(scene, MOST_ROWS);
}

double take_real(struct scene *scene)
{
	static const double values[] = {0,   1,      0.5,       0.1,   0.9,  2,
					-1,  1e-3,   0.01,      3,     1e30, INFINITY,
					NAN, 1e-300, -INFINITY, 1e300, 10,   0.25};
	return values[take(scene, sizeof(values) / sizeof(values[0]))];
}

mlp_network *take_network(struct scene *scene, mlp_dtype dtype)
{
	unsigned which = take(scene, 32);
	if (which == 31)
		return NULL;
	for (unsigned i = 0; i < NETWORKS && which < 28; i++) {
		mlp_network *net = scene->nets[(which + i) % NETWORKS];
		if (dtype == 0 || mlp_network_dtype(net) == dtype)
			return net;
	}
	return scene->nets[which % NETWORKS];
}

const mlp_network *take_const_network(struct scene *scene, mlp_dtype dtype)
{
	return scene->held != NULL && rarely(scene, 4) ? scene->held : take_network(scene, dtype);
}

mlp_workspace *take_workspace(struct scene *scene, const mlp_network *net)
{
	unsigned which = take(scene, 16);
	for (unsigned i = 0; i < NETWORKS && which < 13; i++)
		if (net != NULL && scene->nets[i] == net)
			return scene->spaces[i];
	return which == 15 ? NULL : scene->spaces[which % WORKSPACES];
}

size_t width_in(const mlp_network *net)
{
	return net != NULL ? (size_t)mlp_network_width(net, 0) : 2;
}

size_t width_out(const mlp_network *net)
{
	return net != NULL ? (size_t)mlp_network_width(net, mlp_network_layer_count(net)) : 2;
}

size_t parameter_bytes(const mlp_network *net)
{
	size_t size = mlp_network_dtype(net) == MLP_F32 ? sizeof(float) : sizeof(double);
	return (size_t)mlp_network_parameter_count(net) * size;
}

/* ---- what must hold ------------------------------------------------------------------------- */

static const void *parameters_of(const mlp_network *net)
{
	return mlp_network_dtype(net) == MLP_F32
		       ? (const void *)mlp_network_const_parameters_f32(net)
		       : (const void *)mlp_network_const_parameters_f64(net);
}

void shadow(struct scene *scene, size_t i)
{
	free(scene->shadows[i]);
	scene->shadows[i] = NULL;
	if (scene->nets[i] == NULL)
		return;
	scene->shadows[i] = malloc(parameter_bytes(scene->nets[i]));
	REQUIRE(scene->shadows[i] != NULL, "out of memory");
	memcpy(scene->shadows[i], parameters_of(scene->nets[i]), parameter_bytes(scene->nets[i]));
}

void check_call(struct scene *scene, const char *what, mlp_status status, const mlp_status *allowed,
		const mlp_network *changed)
{
	if (getenv("MLP_FUZZ_SHOW") != NULL)
		fprintf(stderr, "%s: %s%s%s\n", what, mlp_status_name(status),
			status == MLP_OK ? "" : ": ", status == MLP_OK ? "" : mlp_last_error());
	while (*allowed != status && *allowed != MLP_OK)
		allowed++;
	REQUIRE(*allowed == status, "%s: %s: %s", what, mlp_status_name(status), mlp_last_error());
	REQUIRE(status == MLP_OK || mlp_last_error()[0] != 0, "%s: no line", what);
	for (size_t i = 0; i < NETWORKS; i++) {
		if (scene->nets[i] == NULL)
			continue;
		if (status == MLP_OK && scene->nets[i] == changed)
			shadow(scene, i);
		else
			REQUIRE(memcmp(scene->shadows[i], parameters_of(scene->nets[i]),
				       parameter_bytes(scene->nets[i])) == 0,
				"%s: %s, and network %zu is another", what, mlp_status_name(status),
				i);
	}
}

/* ---- a scene -------------------------------------------------------------------------------- */

/* A host whose threads take the jobs backwards. */
static void host(void *context, int64_t count, mlp_job job, void *job_data)
{
	(void)context;
	while (count-- > 0)
		job(job_data, count);
}

static void make_pools(mlp_pool **pools)
{
	REQUIRE(mlp_pool_create(2, &pools[0]) == MLP_OK, "%s", mlp_last_error());
	REQUIRE(mlp_pool_create_from(3, host, NULL, &pools[1]) == MLP_OK, "%s", mlp_last_error());
}

void scene_begin(struct scene *scene, const uint8_t *data, size_t size)
{
	static mlp_pool *pools[POOLS];
	if (pools[0] == NULL)
		make_pools(pools);
	*scene = (struct scene){.at = data, .end = data + size};
	memcpy(scene->pools, pools, sizeof(pools));
	scene->allocator = (mlp_allocator){sizeof(scene->allocator), allocate, deallocate, scene};
	scene->random = take(scene, 256);
	for (size_t i = 0; i < NETWORKS; i++) {
		int64_t widths[5];
		int64_t count = 2 + take(scene, 4);
		mlp_dtype dtype = i < 2 ? MLP_F32 : MLP_F64;
		for (int64_t l = 0; l < count; l++)
			widths[l] = 1 + take(scene, MOST_WIDTH);
		REQUIRE(mlp_network_create_with(dtype, widths, count, &scene->allocator,
						&scene->nets[i]) == MLP_OK,
			"%s", mlp_last_error());
		mlp_network_init(scene->nets[i], MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 0.75, i);
		shadow(scene, i);
		mlp_mode mode = (mlp_mode)(1 + (1 + take(scene, 3)) % 3);
		int64_t most = rarely(scene, 4) ? 3 : MOST_ROWS;
		REQUIRE(mlp_workspace_create(scene->nets[i], most, mode, &scene->spaces[i]) ==
				MLP_OK,
			"%s", mlp_last_error());
		mlp_optimizer_create(scene->nets[i], (mlp_optimizer_kind)(1 + take(scene, 6)),
				     &scene->optimizers[i]);
	}
}

void scene_end(struct scene *scene)
{
	if (scene->held != NULL)
		mlp_live_release(scene->live, scene->held);
	mlp_live_free(scene->live);
	for (size_t i = 0; i < OPTIMIZERS; i++)
		mlp_optimizer_free(scene->optimizers[i]);
	for (size_t i = 0; i < WORKSPACES; i++)
		mlp_workspace_free(scene->spaces[i]);
	for (size_t i = 0; i < NETWORKS; i++) {
		mlp_network_free(scene->nets[i]);
		free(scene->shadows[i]);
	}
	REQUIRE(scene->blocks == 0, "%zu blocks were not given back", scene->blocks);
}
