/* Checkpoints as files: through functions, damaged, of other networks. */
#include "property/resuming.h"

/* ---- through functions ---------------------------------------------------------------------- */

struct stream {
	char bytes[1 << 17];
	size_t size, at;
	bool fails;
};

static int put(void *context, const void *data, size_t size)
{
	struct stream *stream = context;
	if (stream->fails || size > sizeof(stream->bytes) - stream->size)
		return 1;
	memcpy(stream->bytes + stream->size, data, size);
	stream->size += size;
	return 0;
}

static int64_t get(void *context, void *data, size_t size)
{
	struct stream *stream = context;
	size_t left = stream->size - stream->at, count = left < size ? left : size;
	if (stream->fails)
		return -1;
	count = count < 1000 ? count : 1000;
	memcpy(data, stream->bytes + stream->at, count);
	stream->at += count;
	return (int64_t)count;
}

static void a_checkpoint_goes_through_functions_too_and_has_limits(void **state)
{
	(void)state;
	static struct stream stream;
	mlp_network *nets[2] = {make_network(), make_network()};
	mlp_trainer *one = make_trainer(nets[0], MLP_ADAM),
		    *two = trainer_make(nets[1], MLP_SGD, 0);
	mlp_load_options *options;
	assert_ok(mlp_trainer_run(one));
	assert_ok(mlp_trainer_save_to(one, put, &stream));
	assert_ok(mlp_trainer_save(one, path));
	assert_ok(mlp_load_options_create(&options));
	assert_ok(mlp_load_options_set(options, MLP_LOAD_MAX_BYTES, (int64_t)stream.size - 1));
	assert_fails(MLP_ERR_LIMIT, "limit", mlp_trainer_resume_from(two, get, &stream, options));
	assert_fails(MLP_ERR_LIMIT, "limit", mlp_trainer_resume(two, path, options));
	assert_ok(mlp_load_options_set(options, MLP_LOAD_MAX_BYTES, (int64_t)stream.size));
	assert_ok(mlp_load_options_set(options, MLP_LOAD_MAX_TENSORS, 3));
	assert_fails(MLP_ERR_LIMIT, "", mlp_trainer_resume(two, path, options));
	assert_ok(mlp_load_options_set(options, MLP_LOAD_MAX_TENSORS, 100));
	stream.at = 0;
	assert_ok(mlp_trainer_resume_from(two, get, &stream, options));
	give_data(two);
	assert_same_trainers(one, two);
	stream.fails = true;
	assert_fails(MLP_ERR_CALLBACK, "", mlp_trainer_resume_from(two, get, &stream, NULL));
	assert_fails(MLP_ERR_CALLBACK, "", mlp_trainer_save_to(one, put, &stream));
	assert_fails(MLP_ERR_NULL, "read", mlp_trainer_resume_from(two, NULL, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_resume_from(NULL, get, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "write", mlp_trainer_save_to(one, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_save_to(NULL, put, NULL));
	mlp_load_options_free(options);
	mlp_trainer_free(one);
	mlp_trainer_free(two);
	mlp_network_free(nets[0]);
	mlp_network_free(nets[1]);
}

/* ---- files that are not taken --------------------------------------------------------------- */

static size_t read_file(char *bytes, size_t most)
{
	FILE *file = fopen(path, "rb");
	size_t size = fread(bytes, 1, most, file);
	fclose(file);
	return size;
}

static void write_file(const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void a_damaged_checkpoint_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	static char bytes[1 << 17], damaged[1 << 17];
	mlp_network *net = make_network(), *other = make_network();
	mlp_trainer *trainer = make_trainer(net, MLP_ADAM),
		    *untouched = make_trainer(other, MLP_ADAM);
	struct stop stops[2] = {{.after_batches = 7}, {.after_batches = 7}};
	assert_ok(mlp_trainer_set_progress(trainer, stop_progress, &stops[0]));
	assert_ok(mlp_trainer_set_progress(untouched, stop_progress, &stops[1]));
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_run(untouched));
	assert_ok(mlp_trainer_save(trainer, path));
	size_t size = read_file(bytes, sizeof(bytes));
	assert_in_range(size, 1000, sizeof(bytes) - 1);
	for (size_t at = 0; at < size; at += 11) {
		memcpy(damaged, bytes, size);
		damaged[at] ^= (char)(1 << (at % 7));
		write_file(damaged, size);
		mlp_status status = mlp_trainer_resume(trainer, path, NULL);
		if (status ==
		    MLP_OK) /* what says nothing about training: a space, the version, ... */
			fail_msg("byte %zu of %zu may be flipped", at, size);
		assert_true(status == MLP_ERR_FORMAT || status == MLP_ERR_LIMIT ||
			    status == MLP_ERR_SHAPE);
	}
	for (size_t length = 0; length < size; length += 97) {
		write_file(bytes, length);
		assert_fails(MLP_ERR_FORMAT, "", mlp_trainer_resume(trainer, path, NULL));
	}
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_run(untouched));
	assert_same_trainers(trainer, untouched);
	mlp_trainer_free(trainer);
	mlp_trainer_free(untouched);
	mlp_network_free(net);
	mlp_network_free(other);
}

static void what_is_no_checkpoint_of_this_network_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network(), *other;
	mlp_trainer *trainer = make_trainer(net, MLP_ADAM);
	assert_ok(mlp_network_save(net, path));
	assert_fails(MLP_ERR_FORMAT, "no checkpoint", mlp_trainer_resume(trainer, path, NULL));
	unlink(path);
	assert_fails(MLP_ERR_IO, path, mlp_trainer_resume(trainer, path, NULL));
	assert_fails(MLP_ERR_IO, "/no/such", mlp_trainer_save(trainer, "/no/such/folder/file"));
	assert_ok(mlp_trainer_set_checkpoint(trainer, "/no/such/folder/file", 1));
	assert_fails(MLP_ERR_IO, "checkpoint after epoch 0, batch 1: ", mlp_trainer_run(trainer));
	assert_fails(MLP_ERR_SIZE, "every is -1", mlp_trainer_set_checkpoint(trainer, path, -1));
	assert_ok(mlp_trainer_set_checkpoint(trainer, NULL, -1));
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_save(trainer, path));
	for (int change = 0; change < 6; change++) {
		const int64_t widths[] = {IN, 8, OUT};
		other = make_network();
		if (change == 0)
			assert_ok(mlp_network_set_activation(other, 1, MLP_SIN));
		if (change == 1)
			assert_ok(mlp_network_set_dropout(other, 1, 0.2));
		if (change == 2)
			assert_ok(mlp_network_set_input_scaling(other, NULL, NULL));
		if (change == 3)
			assert_ok(mlp_network_set_frozen(other, 1, 1));
		if (change == 4)
			assert_ok(mlp_network_set_bias(other, 1, 1));
		if (change == 5) {
			mlp_network_free(other);
			assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &other));
		}
		mlp_trainer *wrong = trainer_make(other, MLP_ADAM, 0);
		assert_fails(MLP_ERR_SHAPE, "", mlp_trainer_resume(wrong, path, NULL));
		mlp_trainer_free(wrong);
		mlp_network_free(other);
	}
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_resume(NULL, path, NULL));
	assert_fails(MLP_ERR_NULL, "path", mlp_trainer_resume(trainer, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_save(NULL, path));
	assert_fails(MLP_ERR_NULL, "path", mlp_trainer_save(trainer, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_checkpoint(NULL, path, 1));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checkpoint_goes_through_functions_too_and_has_limits),
		cmocka_unit_test(a_damaged_checkpoint_is_refused_and_changes_nothing),
		cmocka_unit_test(what_is_no_checkpoint_of_this_network_is_refused),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
