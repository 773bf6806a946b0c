/* A small network with data, in which one number is extreme; and what the slow twin makes of it. */
#ifndef MLP_TESTS_PROPERTY_EXTREME_SCENE_H
#define MLP_TESTS_PROPERTY_EXTREME_SCENE_H

#include "extreme.h"
#include "support/naive.h"

enum {
	IN = 3,
	HIDDEN = 4,
	OUT = 2,
	BATCH = 3,
	PARAMETERS = HIDDEN * (IN + 1) + OUT * (HIDDEN + 1)
};

/* Where the extreme number is. */
enum place { IN_X, IN_TARGET, IN_WEIGHT, IN_DL, IN_V, IN_W_1, IN_B_1, IN_W_2, IN_B_2, PLACES };

struct scene {
	REAL x[BATCH * IN], target[BATCH * OUT], weight[BATCH], dl[BATCH * OUT], v[PARAMETERS];
	int64_t classes[BATCH];
	mlp_network *net;
	mlp_workspace *ws;
	uint64_t digest;
	REAL number; /* the extreme one */
};

static inline struct scene scene_open(mlp_activation hidden, enum place place, REAL number)
{
	struct scene scene = {.classes = {0, 1, 0}, .number = number};
	uint64_t seed = 11;
	assert_ok(
		mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, HIDDEN, OUT}, 3, &scene.net));
	assert_ok(mlp_network_set_activation(scene.net, 1, hidden));
	REAL *p = FN(network_parameters)(scene.net);
	REAL *arrays[] = {scene.x, scene.target, scene.weight, scene.dl, scene.v, p};
	const size_t counts[] = {BATCH * IN,  BATCH * OUT, BATCH,
				 BATCH * OUT, PARAMETERS,  PARAMETERS};
	for (int k = 0; k < 6; k++) /* no zeros: some BLAS skip a factor 0 */
		for (size_t i = 0; i < counts[k]; i++)
			arrays[k][i] = (REAL)((random_real(&seed) < 0 ? -1 : 1) *
					      (0.3 + 0.5 * fabs(random_real(&seed))));
	for (int n = 0; n < BATCH; n++)
		scene.weight[n] = (REAL)fabs((double)scene.weight[n]);
	REAL *const places[PLACES] = {&scene.x[IN + 1],    &scene.target[OUT],
				      &scene.weight[1],    &scene.dl[OUT],
				      &scene.v[1],         &p[1],
				      &p[HIDDEN * IN + 2], &p[HIDDEN * (IN + 1) + 3],
				      &p[PARAMETERS - 1]};
	*places[place] = number;
	assert_ok(mlp_workspace_create(scene.net, BATCH, MLP_TRAINING, &scene.ws));
	scene.digest = digest_of(scene.net);
	return scene;
}

static inline void scene_close(struct scene *scene)
{
	mlp_workspace_free(scene->ws);
	mlp_network_free(scene->net);
}

/* ---- the twin ------------------------------------------------------------------------------- */

/* Whether everything is well within the type, with room for sums and products in another order. */
static inline bool is_tame(const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(fabs(values[i]) < (double)REAL_MAX / 1024))
			return false;
	return true;
}

static inline bool forward_is_tame(const struct naive *twin)
{
	return is_tame(twin->x[0], IN) && is_tame(twin->s[1], HIDDEN) &&
	       is_tame(twin->x[1], HIDDEN) && is_tame(twin->s[2], OUT);
}

static inline bool backward_is_tame(const struct naive *twin)
{
	return is_tame(twin->ds[2], OUT) && is_tame(twin->dx[1], HIDDEN) &&
	       is_tame(twin->ds[1], HIDDEN) && is_tame(twin->dx[0], IN) &&
	       is_tame(twin->dw[1], HIDDEN * IN) && is_tame(twin->dw[2], OUT * HIDDEN);
}

static inline struct naive *twin_at(const struct scene *scene, size_t row)
{
	struct naive *twin = naive_create(scene->net);
	double x[IN];
	for (size_t i = 0; i < IN; i++)
		x[i] = (double)scene->x[row * IN + i];
	naive_forward(twin, x);
	return twin;
}

/* ---- comparing ------------------------------------------------------------------------------ */

/* A number that is given is right; where the twin is not tame it may also be infinite or NaN. */
static inline void assert_numbers(const char *what, const REAL *actual, const double *expected,
				  size_t count, bool tame)
{
	double largest = 1;
	for (size_t i = 0; i < count; i++)
		if (fabs(expected[i]) > largest)
			largest = fabs(expected[i]);
	for (size_t i = 0; i < count; i++) {
		const double a = (double)actual[i], e = expected[i];
		const double slack = TOLERANCE * (isinf(largest) ? (double)REAL_MAX : largest);
		const bool right = a == e || fabs(a - e) <= slack || (!tame && !isfinite(a));
		if (!right)
			fail_msg("%s [%zu] is %g, must be %g (%s)", what, i, a, e,
				 tame ? "tame" : "not tame");
	}
}

#endif
