/* The vector kernels of every instruction set that this machine has, on arrays: an element's bits do not
 * depend on where it stands or how many there are, results may overwrite arguments, nothing is written
 * beyond the end, and softmax and losses are those of the definition for every width. */
#include <math.h>

#include "kernels/objective.h"
#include "shapes.h"
#include "support/naive.h"

#define PICK(for_float, for_double) (sizeof(REAL) == 4 ? (for_float) : (for_double))
#define assert_same_bits(a, b, n)   assert_memory_equal(a, b, (n) * sizeof(REAL))

/* Nearer than assert_near(), which allows for long sums. */
#if MLP_REAL_BITS == 32
#define assert_close(a, e, n) assert_allclose_f32(a, e, n, 1e-5, 1e-6)
#else
#define assert_close(a, e, n) assert_allclose_f64(a, e, n, 1e-13, 1e-14)
#endif

static void fill(uint64_t *seed, REAL *values, size_t n, double scale)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (REAL)(scale * random_real(seed));
}

/* ---- activations ----------------------------------------------------------------------------- */

enum { COUNT = 203 };

/* sizes from tiny to such as send the sine to libm */
static void mixed(uint64_t *seed, REAL *s)
{
	for (size_t i = 0; i < COUNT; i++)
		s[i] = (REAL)(random_real(seed) * pow(10, (double)(i % 13) - 6));
}

static void check_places(const struct mlp_kernels *k)
{
	uint64_t seed = 70;
	REAL s[COUNT], dx[COUNT], x[COUNT], ds[COUNT], x_part[COUNT + 1], ds_part[COUNT + 1];
	mixed(&seed, s);
	fill(&seed, dx, COUNT, 1);
	for (int a = 1; a <= MLP_SIN; a++) {
		mlp_activation activation = (mlp_activation)a;
		k->activation_forward(activation, (REAL)0.5, s, COUNT, x);
		k->activation_backward(activation, (REAL)0.5, s, x, dx, COUNT, ds);
		for (size_t first = 0; first < 70; first++)
			for (size_t n = 0; n <= 70; n += n < 20 ? 1 : 25) {
				x_part[n] = ds_part[n] = CANARY;
				k->activation_forward(activation, (REAL)0.5, s + first, n, x_part);
				assert_same_bits(x_part, x + first, n);
				k->activation_backward(activation, (REAL)0.5, s + first, x + first,
						       dx + first, n, ds_part);
				assert_same_bits(ds_part, ds + first, n);
				assert_true(x_part[n] == CANARY && ds_part[n] == CANARY);
			}
		memcpy(x_part, s, sizeof(s));
		k->activation_forward(activation, (REAL)0.5, x_part, COUNT, x_part);
		assert_same_bits(x_part, x, COUNT);
		memcpy(ds_part, dx, sizeof(dx));
		k->activation_backward(activation, (REAL)0.5, s, x, ds_part, COUNT, ds_part);
		assert_same_bits(ds_part, ds, COUNT);
	}
}

static void an_element_s_bits_do_not_depend_on_its_place(void **state)
{
	(void)state;
	for_every_instruction_set(check_places);
}

static void check_signs(const struct mlp_kernels *k)
{
	const mlp_activation odd[] = {MLP_IDENTITY, MLP_TANH, MLP_SOFTSIGN,  MLP_SIN,
				      MLP_ELU,      MLP_SELU, MLP_LEAKY_RELU};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (int sign = -1; sign <= 1; sign += 2) {
			REAL s = (REAL)copysign(0, sign), x;
			k->activation_forward(odd[i], 1, &s, 1, &x);
			assert_same_bits(&x, &s, 1);
		}
}

static void zero_keeps_its_sign_where_the_function_does(void **state)
{
	(void)state;
	for_every_instruction_set(check_signs);
}

/* A gradient that is infinite or NaN goes through a unit that is on, and not through a ReLU that is off. */
static void check_relu(const struct mlp_kernels *k)
{
	const REAL bad[] = {(REAL)INFINITY, (REAL)-INFINITY, (REAL)NAN};
	for (size_t i = 0; i < 3; i++)
		for (size_t n = 1; n < 40; n++) {
			REAL x[40], dx[40], ds[40];
			for (size_t j = 0; j < n; j++) {
				x[j] = j % 2 == 0 ? 0 : 1;
				dx[j] = bad[i];
			}
			k->activation_backward(MLP_RELU, 0, x, x, dx, n, ds);
			for (size_t j = 0; j < n; j++)
				assert_true(j % 2 == 0 ? ds[j] == 0 : !isfinite(ds[j]));
		}
}

static void a_relu_that_is_off_lets_nothing_through(void **state)
{
	(void)state;
	for_every_instruction_set(check_relu);
}

/* ---- softmax --------------------------------------------------------------------------------- */

enum { MOST_UNITS = 70, MOST_LANES = 48 };

static void softmax_twin(const REAL *s, const REAL *dx, size_t n, size_t lanes, size_t j, REAL *x,
			 REAL *ds)
{
	double largest = (double)s[j], sum = 0, dot = 0;
	for (size_t i = 1; i < n; i++)
		largest = fmax(largest, (double)s[i * lanes + j]);
	for (size_t i = 0; i < n; i++)
		sum += exp((double)s[i * lanes + j] - largest);
	for (size_t i = 0; i < n; i++)
		dot += exp((double)s[i * lanes + j] - largest) / sum * (double)dx[i * lanes + j];
	for (size_t i = 0; i < n; i++) {
		double p = exp((double)s[i * lanes + j] - largest) / sum;
		x[i * lanes + j] = (REAL)p;
		ds[i * lanes + j] = (REAL)(p * ((double)dx[i * lanes + j] - dot));
	}
}

static void check_softmax(const struct mlp_kernels *k)
{
	enum { MOST = MOST_UNITS * MOST_LANES };
	static REAL s[MOST], dx[MOST], x[MOST + 1], ds[MOST + 1], x_twin[MOST], ds_twin[MOST];
	const size_t units[] = {1, 2, 3, 7, 8, 10, 17, MOST_UNITS};
	const size_t lanes[] = {1, 2, 8, 13, 16, 32, MOST_LANES};
	uint64_t seed = 71;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++)
		for (size_t l = 0; l < sizeof(lanes) / sizeof(lanes[0]); l++) {
			size_t n = units[u], all = n * lanes[l];
			fill(&seed, s, all, 30);
			fill(&seed, dx, all, 1);
			x[all] = ds[all] = CANARY;
			for (size_t j = 0; j < lanes[l]; j++)
				softmax_twin(s, dx, n, lanes[l], j, x_twin, ds_twin);
			k->softmax_forward(s, n, lanes[l], x);
			k->softmax_backward(x, dx, n, lanes[l], ds);
			assert_close(x, x_twin, all);
			assert_close(ds, ds_twin, all);
			assert_true(x[all] == CANARY && ds[all] == CANARY);
			k->softmax_forward(s, n, lanes[l], s);
			assert_same_bits(s, x, all);
			k->softmax_backward(x, dx, n, lanes[l], dx);
			assert_same_bits(dx, ds, all);
		}
}

static void softmax_is_that_of_the_definition_for_every_shape(void **state)
{
	(void)state;
	for_every_instruction_set(check_softmax);
}

/* -inf and NaN of one sample do not reach another; far below the largest, exactly 0. */
static void check_special_logits(const struct mlp_kernels *k)
{
	enum { LANES = 16 };
	REAL s[2 * LANES] = {0}, x[2 * LANES];
	s[0] = (REAL)-INFINITY;
	s[1] = (REAL)NAN;
	s[LANES + 2] = REAL_MAX;
	k->softmax_forward(s, 2, LANES, x);
	assert_true(x[0] == 0 && x[LANES] == 1);
	assert_true(isnan(x[1]) && isnan(x[LANES + 1]));
	assert_true(x[2] == 0 && x[LANES + 2] == 1);
	for (size_t j = 3; j < LANES; j++)
		assert_true(x[j] == (REAL)0.5 && x[LANES + j] == (REAL)0.5);
}

static void special_logits_stay_in_their_sample(void **state)
{
	(void)state;
	for_every_instruction_set(check_special_logits);
}

/* ---- losses ---------------------------------------------------------------------------------- */

enum { MOST_WIDTH = 140 };

/* A target as the loss wants it: probabilities, counts or numbers. */
static void fill_target(uint64_t *seed, mlp_loss loss, REAL *t, size_t width)
{
	fill(seed, t, width, loss == MLP_SQUARED_ERROR || loss == MLP_HUBER ? 3 : 1);
	for (size_t i = 0; i < width; i++)
		if (loss == MLP_BINARY_CROSS_ENTROPY || loss == MLP_CROSS_ENTROPY ||
		    loss == MLP_POISSON)
			t[i] = i % 3 == 0 ? 0 : (REAL)fabs((double)t[i]);
}

static void check_row(const struct mlp_kernels *k, uint64_t *seed, mlp_loss loss, double parameter,
		      size_t width)
{
	REAL y[MOST_WIDTH], t[MOST_WIDTH], dl[MOST_WIDTH + 1], in_place[MOST_WIDTH];
	REAL dl_twin[MOST_WIDTH];
	double y_wide[MOST_WIDTH], t_wide[MOST_WIDTH], slope[MOST_WIDTH];
	struct mlp_objective objective = {
		.loss = loss, .parameter = (REAL)parameter, .values = t, .divisor = 4};
	fill(seed, y, width, 3);
	fill_target(seed, loss, t, width);
	for (size_t i = 0; i < width; i++) {
		y_wide[i] = (double)y[i];
		t_wide[i] = (double)t[i];
		in_place[i] = y[i];
	}
	dl[width] = CANARY;
	double value = k->loss_row(&objective, 0, y, width, dl);
	double twin = naive_loss(loss, parameter, y_wide, t_wide, width);
	naive_loss_gradient(loss, parameter, y_wide, t_wide, width, slope);
	for (size_t i = 0; i < width; i++)
		dl_twin[i] = (REAL)(slope[i] / 4);
	double tolerance = loss == MLP_CROSS_ENTROPY ? PICK(1e-6, 1e-13) : 1e-13;
	assert_allclose_f64(&value, &twin, 1, tolerance, tolerance);
	assert_close(dl, dl_twin, width);
	assert_true(dl[width] == CANARY);
	assert_true(k->loss_row(&objective, 0, y, width, NULL) == value);
	assert_true(k->loss_row(&objective, 0, in_place, width, in_place) == value);
	assert_same_bits(in_place, dl, width);
}

static void check_losses(const struct mlp_kernels *k)
{
	uint64_t seed = 72;
	for (int loss = MLP_SQUARED_ERROR; mlp_loss_name((mlp_loss)loss) != NULL; loss++)
		for (size_t width = 1; width <= MOST_WIDTH; width += width < 40 ? 1 : 20)
			for (int smooth = loss != MLP_CROSS_ENTROPY; smooth < 2; smooth++)
				check_row(k, &seed, (mlp_loss)loss, smooth ? 0.75 : 0, width);
}

static void losses_are_those_of_the_definition_for_every_width(void **state)
{
	(void)state;
	for_every_instruction_set(check_losses);
}

/* A class is a target that is 1 there and 0 elsewhere, wherever the largest logit is. */
static void check_classes(const struct mlp_kernels *k)
{
	uint64_t seed = 73;
	for (size_t width = 1; width <= 40; width++)
		for (int64_t c = 0; c < (int64_t)width; c++) {
			REAL s[40], t[40] = {0}, by_class[40], by_target[40];
			fill(&seed, s, width, 5);
			t[c] = 1;
			struct mlp_objective objective = {
				.loss = MLP_CROSS_ENTROPY, .values = t, .divisor = 1};
			double expected = k->loss_row(&objective, 0, s, width, by_target);
			objective = (struct mlp_objective){
				.loss = MLP_CROSS_ENTROPY, .classes = &c, .divisor = 1};
			double value = k->loss_row(&objective, 0, s, width, by_class);
			assert_allclose_f64(&value, &expected, 1, 1e-14, 1e-15);
			assert_close(by_class, by_target, width);
			assert_true(k->loss_row(&objective, 0, s, width, s) == value);
			assert_same_bits(s, by_class, width);
		}
}

static void a_class_is_a_target_of_one_1(void **state)
{
	(void)state;
	for_every_instruction_set(check_classes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_s_bits_do_not_depend_on_its_place),
		cmocka_unit_test(zero_keeps_its_sign_where_the_function_does),
		cmocka_unit_test(a_relu_that_is_off_lets_nothing_through),
		cmocka_unit_test(softmax_is_that_of_the_definition_for_every_shape),
		cmocka_unit_test(special_logits_stay_in_their_sample),
		cmocka_unit_test(losses_are_those_of_the_definition_for_every_width),
		cmocka_unit_test(a_class_is_a_target_of_one_1),
	};
	return cmocka_run_group_tests_name("vector_arrays", tests, NULL, NULL);
}
