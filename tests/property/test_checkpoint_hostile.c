/* Checkpoints made to do harm: well-formed, with a right checksum, and numbers that no trainer has. */
#include <stdlib.h>

#include "file/input.h"
#include "property/resuming.h"
#include "support/heap.h"

/* What is put in place of what the file has. */
struct forgery {
	const char *key, *text; /* of the metadata; NULL: nothing */
	const char *tensor;     /* this one; NULL: none */
	mlp_tensor_type type;   /* gets another type, */
	int64_t rank, shape[3]; /* another shape, */
	const double *data;     /* other elements; NULL: its own */
	const char *dropped;    /* tensors with this prefix are left out; NULL: none */
};

struct copying {
	const struct forgery *forgery;
	struct mlp_tensor_writer *writer;
	void *elements[64];
	int64_t count;
};

static mlp_status copy_text(void *context, const char *key, const char *text)
{
	struct copying *copying = context;
	const struct forgery *forgery = copying->forgery;
	if (strcmp(key, MLP_METADATA_CRC) == 0)
		return MLP_OK;
	if (forgery->key != NULL && strcmp(key, forgery->key) == 0)
		text = forgery->text;
	return mlp_tensor_writer_text(copying->writer, key, text);
}

static void *place(void *context, const struct mlp_tensor *tensor)
{
	struct copying *copying = context;
	return copying->elements[tensor->index] = malloc((size_t)tensor->bytes + 1);
}

static void copy_tensors(struct copying *copying, struct mlp_tensor_reader *reader)
{
	const struct forgery *forgery = copying->forgery;
	copying->count = mlp_tensor_reader_count(reader);
	assert_in_range(copying->count, 1, 64);
	assert_ok(mlp_tensor_reader_read(reader, place, NULL, copying));
	for (int64_t i = 0; i < copying->count; i++) {
		const struct mlp_tensor *t = mlp_tensor_reader_at(reader, i);
		const void *data = copying->elements[t->index];
		if (forgery->dropped != NULL &&
		    strncmp(t->name, forgery->dropped, strlen(forgery->dropped)) == 0)
			continue;
		if (forgery->tensor == NULL || strcmp(forgery->tensor, t->name) != 0)
			assert_ok(mlp_tensor_writer_add(copying->writer, t->name, t->type, t->rank,
							t->shape, data));
		else
			assert_ok(mlp_tensor_writer_add(
				copying->writer, t->name, forgery->type, forgery->rank,
				forgery->shape, forgery->data != NULL ? forgery->data : data));
	}
}

static int put(void *context, const void *data, size_t size)
{
	return fwrite(data, 1, size, context) == size ? 0 : 1;
}

/* The file `path`, forged, as `forged`. */
static void forge(const struct forgery *forgery, const char *forged)
{
	const struct mlp_tensor_limits limits = {1 << 20, 1000};
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	struct copying copying = {.forgery = forgery};
	struct mlp_tensor_reader *reader;
	struct mlp_input input;
	assert_ok(mlp_input_open(&input, path, 1 << 20, &allocator));
	assert_ok(mlp_tensor_reader_open(&input.source, &limits, &allocator, &reader));
	assert_ok(mlp_tensor_writer_create(&allocator, &copying.writer));
	assert_ok(mlp_tensor_reader_texts(reader, "", copy_text, &copying));
	copy_tensors(&copying, reader);
	FILE *file = fopen(forged, "wb");
	assert_ok(mlp_tensor_writer_write(copying.writer, put, file));
	assert_int_equal(fclose(file), 0);
	for (int64_t i = 0; i < copying.count; i++)
		free(copying.elements[i]);
	mlp_tensor_writer_free(copying.writer);
	mlp_tensor_reader_free(reader);
	assert_ok(mlp_input_close(&input, MLP_OK));
	assert_int_equal(heap.blocks, 0);
}

/* An allocator that has a megabyte. */
static void *allocate_little(void *context, size_t alignment, size_t size)
{
	struct heap *heap = context;
	if (size > (1 << 20) - (size_t)heap->in_use) {
		heap->refused++;
		return NULL;
	}
	return heap_allocate(heap, alignment, size);
}

/* The forged file resumed, by a trainer whose memory is small. */
static mlp_status resume_forged(const struct forgery *forgery, mlp_optimizer_kind kind)
{
	static const char forged[] = "forged.safetensors";
	struct heap heap = {0};
	mlp_allocator allocator = heap_allocator(&heap);
	allocator.allocate = allocate_little;
	mlp_load_options *options;
	mlp_network *net;
	char name[96];
	snprintf(name, sizeof(name), "%s-%s", path, forged);
	forge(forgery, name);
	assert_ok(mlp_load_options_create(&options));
	assert_ok(mlp_load_options_set_allocator(options, &allocator));
	assert_ok(mlp_network_load(path, options, &net));
	mlp_trainer *trainer = trainer_make(net, kind, 0);
	mlp_status status = mlp_trainer_resume(trainer, name, NULL);
	assert_int_equal(heap.refused, 0); /* nobody asked for more than there is */
	assert_int_equal(mlp_trainer_epochs_done(trainer), status == MLP_OK ? 5 : 0);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_load_options_free(options);
	assert_int_equal(remove(name), 0);
	assert_int_equal(heap.blocks, 0);
	return status;
}

/* A checkpoint at the end of five epochs. */
static void save(mlp_optimizer_kind kind)
{
	mlp_network *net = make_network();
	mlp_trainer *trainer = make_trainer(net, kind);
	trainer_set(trainer, MLP_TRAINER_PATIENCE, 0);
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_save(trainer, path));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static void what_is_not_forged_is_taken(void **state)
{
	(void)state;
	const struct forgery none = {0};
	save(MLP_ADAM);
	assert_ok(resume_forged(&none, MLP_ADAM));
	save(MLP_LBFGS);
	assert_ok(resume_forged(&none, MLP_LBFGS));
}

static void a_history_of_another_shape_costs_no_memory(void **state)
{
	(void)state;
	const char *const key = "mlp.trainer.epochs_done", *const epochs = "268435456";
	const char *const name = "trainer.history";
	const struct forgery forgeries[] = {
		{key, epochs, name, MLP_TENSOR_F64, 3, {1 << 28, 0, 5}, NULL, NULL},
		{key, epochs, name, MLP_TENSOR_F64, 3, {1 << 28, 2, 0}, NULL, NULL},
		{NULL, NULL, name, MLP_TENSOR_F32, 3, {5, 2, 5}, NULL, NULL},
		{NULL, NULL, name, MLP_TENSOR_F64, 2, {5, 10}, NULL, NULL},
		{key, epochs, NULL, MLP_TENSOR_F64, 0, {0}, NULL, NULL},
		{.dropped = name},
	};
	save(MLP_ADAM);
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++)
		assert_fails(MLP_ERR_FORMAT, "", resume_forged(&forgeries[i], MLP_ADAM));
}

static void pairs_that_are_not_there_cost_no_memory(void **state)
{
	(void)state;
	const struct forgery forgeries[] = {
		{.key = "mlp.hyper.history", .text = "0x1p+10"},
		{.key = "mlp.hyper.history", .text = "0x1p+1"},
		{.dropped = "trainer.slot.history_y_1"},
	};
	save(MLP_LBFGS);
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++)
		assert_fails(MLP_ERR_FORMAT, "history", resume_forged(&forgeries[i], MLP_LBFGS));
}

static void places_where_training_cannot_be_are_refused(void **state)
{
	(void)state;
	static const char *const forged[][2] = {
		{"batches_done", "4611686018427387905"},
		{"rows_done", "4611686018427387905"},
		{"rows_done", "18446744073709551615"},
		{"epoch_rows", "4611686018427387905"},
		{"steps", "9223372036854775807"},
		{"best_epoch", "6"},
		{"bad_epochs", "6"},
		{"outcome", "6"},
		{"outcome", "0"},
		{"shows_best", "2"},
		{"losses", "nan"},
		{"weights", "inf"},
		{"weights", "-0x1p+0"},
		{"best_value", "nan"},
	};
	save(MLP_ADAM);
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		char key[64];
		snprintf(key, sizeof(key), "mlp.trainer.%s", forged[i][0]);
		const struct forgery forgery = {.key = key, .text = forged[i][1]};
		assert_fails(MLP_ERR_FORMAT, "", resume_forged(&forgery, MLP_ADAM));
	}
}

static void class_weights_that_cannot_be_are_refused(void **state)
{
	(void)state;
	const double wrong[][OUT] = {{1, -1, 1}, {1, 1, NAN}, {INFINITY, 1, 1}};
	save(MLP_ADAM);
	for (int i = 0; i < 3; i++) {
		const struct forgery forgery = {.tensor = "trainer.class_weights",
						.type = MLP_TENSOR_F64,
						.rank = 1,
						.shape = {OUT},
						.data = wrong[i]};
		assert_fails(MLP_ERR_FORMAT, "weight of class", resume_forged(&forgery, MLP_ADAM));
	}
}

#if MLP_REAL_BITS == 64
/* One that is narrower than the others is converted, as mlp_network_load() does. */
static void parameters_of_a_narrower_type_are_converted(void **state)
{
	(void)state;
	const float bias[OUT] = {0.5F, -2, 3};
	double padded[OUT];
	memcpy(padded, bias, sizeof(bias));
	const struct forgery forgery = {.tensor = "2.bias",
					.type = MLP_TENSOR_F32,
					.rank = 1,
					.shape = {OUT},
					.data = padded};
	char name[96];
	save(MLP_SGD);
	snprintf(name, sizeof(name), "%s-narrow", path);
	forge(&forgery, name);
	mlp_network *net = make_network(), *loaded;
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0);
	assert_ok(mlp_trainer_resume(trainer, name, NULL));
	assert_ok(mlp_network_load(name, NULL, &loaded));
	assert_ok(mlp_trainer_save(trainer, name));
	mlp_network *again;
	assert_ok(mlp_network_load(name, NULL, &again));
	assert_same_parameters(loaded, again); /* weights to go on from */
	mlp_network_free(again);
	mlp_network_free(loaded);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	assert_int_equal(remove(name), 0);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_forged_is_taken),
		cmocka_unit_test(a_history_of_another_shape_costs_no_memory),
		cmocka_unit_test(pairs_that_are_not_there_cost_no_memory),
		cmocka_unit_test(places_where_training_cannot_be_are_refused),
		cmocka_unit_test(class_weights_that_cannot_be_are_refused),
#if MLP_REAL_BITS == 64
		cmocka_unit_test(parameters_of_a_narrower_type_are_converted),
#endif
	};
	return cmocka_run_group_tests(tests, begin, end);
}
