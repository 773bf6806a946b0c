/* Arrays with canaries. */
#include "fuzz/api_array.h"

#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/random.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum { GUARD = 64, CANARY = 0xff };

/* Memory for so many rows, all of it canaries. */
static void allocate(struct array *array)
{
	size_t ld = array->ld >= (int64_t)array->width && array->ld < 1000 ? (size_t)array->ld
									   : array->width;
	array->size = ((array->rows - 1) * ld + array->width) * array->item + 2 * (size_t)GUARD;
	array->block = malloc(array->size);
	REQUIRE(array->block != NULL, "out of memory");
	memset(array->block, CANARY, array->size);
	array->data = array->block + GUARD;
}

/* A stride that is legal, mostly; a NULL in place of the array, rarely. */
static struct array begin(struct scene *scene, int64_t batch, size_t width, size_t item)
{
	static const int64_t odd[] = {0, -1, INT64_MAX, INT64_MIN};
	struct array array = {.item = item, .width = width, .ld = (int64_t)width};
	unsigned way = take(scene, 32);
	array.rows = batch >= 1 && batch <= 512 ? (size_t)batch : 4;
	if (way == 31)
		array.ld = odd[take(scene, 4)];
	else if (way == 30)
		array.ld -= 1;
	else if (way >= 20)
		array.ld += take(scene, 4);
	array.is_sound = array.ld >= (int64_t)width && array.ld < 1000 && way != 29;
	allocate(&array);
	if (way == 29)
		array.data = NULL;
	return array;
}

/* The same without a stride. */
static struct array begin_values(struct scene *scene, int64_t batch, size_t item)
{
	struct array array = {.item = item, .width = 1, .ld = 1, .is_sound = true};
	array.rows = batch >= 1 && batch <= 512 ? (size_t)batch : 4;
	allocate(&array);
	if (rarely(scene, 32)) {
		array.data = NULL;
		array.is_sound = false;
	}
	return array;
}

/* Nobody may touch the ends, nor even read them. */
static void guard(const struct array *array)
{
	ASAN_POISON_MEMORY_REGION(array->block, GUARD);
	ASAN_POISON_MEMORY_REGION(array->block + array->size - GUARD, GUARD);
}

static void unguard(const struct array *array)
{
	ASAN_UNPOISON_MEMORY_REGION(array->block, GUARD);
	ASAN_UNPOISON_MEMORY_REGION(array->block + array->size - GUARD, GUARD);
}

static size_t place(const struct array *array, size_t row, size_t i)
{
	size_t ld = array->ld >= (int64_t)array->width && array->ld < 1000 ? (size_t)array->ld
									   : array->width;
	return GUARD + (row * ld + i) * array->item;
}

double array_at(const struct array *array, size_t row, size_t i)
{
	float f32;
	double f64;
	if (array->item == sizeof(float)) {
		memcpy(&f32, array->block + place(array, row, i), sizeof(f32));
		return (double)f32;
	}
	memcpy(&f64, array->block + place(array, row, i), sizeof(f64));
	return f64;
}

void array_put(struct array *array, size_t row, size_t i, double value)
{
	float f32 = (float)value;
	if (array->item == sizeof(float))
		memcpy(array->block + place(array, row, i), &f32, sizeof(f32));
	else
		memcpy(array->block + place(array, row, i), &value, sizeof(value));
}

static double wild(struct scene *scene)
{
	static const double values[] = {INFINITY, -INFINITY, NAN, 1e38, -1e38,
					1e-45,    1e-40,     0,   -0.0};
	return values[random_integer(&scene->random, 0, 8)];
}

static void keep(struct array *array)
{
	array->copy = malloc(array->size);
	REQUIRE(array->copy != NULL, "out of memory");
	memcpy(array->copy, array->block, array->size);
	guard(array);
}

struct array array_in(struct scene *scene, int64_t batch, size_t width, size_t item)
{
	struct array array = begin(scene, batch, width, item);
	array.is_tame = !rarely(scene, 12);
	for (size_t row = 0; row < array.rows; row++)
		for (size_t i = 0; i < width; i++) {
			bool is_wild = !array.is_tame && random_real(&scene->random) > 0.8;
			array_put(&array, row, i,
				  is_wild ? wild(scene) : random_real(&scene->random));
		}
	keep(&array);
	return array;
}

static void finish_out(struct scene *scene, struct array *array, bool optional)
{
	if (optional && rarely(scene, 2)) {
		array->data = NULL;
		array->is_sound = false;
	}
	guard(array);
}

struct array array_out(struct scene *scene, int64_t batch, size_t width, size_t item, bool optional)
{
	struct array array = begin(scene, batch, width, item);
	finish_out(scene, &array, optional);
	return array;
}

struct array array_values(struct scene *scene, int64_t batch, size_t item, bool optional)
{
	struct array array = begin_values(scene, batch, item);
	finish_out(scene, &array, optional);
	return array;
}

struct array array_weights(struct scene *scene, int64_t batch, size_t item)
{
	struct array array = begin_values(scene, batch, item);
	array.is_tame = !rarely(scene, 16);
	if (rarely(scene, 2)) {
		array.data = NULL;
		array.is_sound = false;
	}
	for (size_t row = 0; row < array.rows; row++) {
		double value = array.is_tame ? fabs(random_real(&scene->random)) : wild(scene);
		array_put(&array, row, 0, value < 0.25 ? 0 : value);
	}
	keep(&array);
	return array;
}

struct array array_classes(struct scene *scene, int64_t batch, size_t width)
{
	struct array array = begin_values(scene, batch, sizeof(int64_t));
	array.is_tame = !rarely(scene, 8);
	for (size_t row = 0; row < array.rows; row++) {
		int64_t class = random_integer(&scene->random, 0, (int64_t)width - array.is_tame);
		memcpy(array.block + GUARD + row * sizeof(class), &class, sizeof(class));
	}
	keep(&array);
	return array;
}

double *array_fill(struct scene *scene, struct array *grad)
{
	double *before = calloc(grad->width, sizeof(double));
	REQUIRE(before != NULL, "out of memory");
	for (size_t i = 0; i < grad->width; i++) {
		array_put(grad, 0, i, 0.25 * take(scene, 2));
		before[i] = array_at(grad, 0, i);
	}
	return before;
}

void array_end(struct array *array, const char *what)
{
	unguard(array);
	if (array->copy != NULL)
		REQUIRE(memcmp(array->block, array->copy, array->size) == 0,
			"%s: an input has changed", what);
	size_t at = 0;
	for (size_t row = 0; row <= array->rows; row++) {
		size_t end = row < array->rows ? place(array, row, 0) : array->size;
		for (; at < end; at++)
			REQUIRE(array->block[at] == CANARY, "%s: byte %zu before row %zu", what, at,
				row);
		at = end + array->width * array->item;
	}
	free(array->block);
	free(array->copy);
}

void array_require_near(const struct array *array, const double *expected, const char *what)
{
	double largest = 1, tolerance = array->item == sizeof(float) ? 1e-3 : 1e-9;
	for (size_t i = 0; i < array->rows * array->width; i++)
		largest = fmax(largest, fabs(expected[i]));
	for (size_t row = 0; row < array->rows; row++)
		for (size_t i = 0; i < array->width; i++) {
			double is = array_at(array, row, i),
			       should = expected[row * array->width + i];
			REQUIRE(fabs(is - should) <= tolerance * largest,
				"%s: row %zu, place %zu: %.17g in place of %.17g", what, row, i, is,
				should);
		}
}
