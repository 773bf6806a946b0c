/* Notes: texts that travel with a network. */
#include <string.h>

#include "base/alloc.h"
#include "file/model.h"
#include "file/safetensors.h"
#include "support/bytes.h"
#include "support/heap.h"
#include "support/test.h"

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){2, 1}, 2, &net));
	return net;
}

static void notes_are_kept_in_the_order_of_their_keys(void **state)
{
	(void)state;
	mlp_network *net = make();
	assert_int_equal(mlp_network_note_count(net), 0);
	assert_null(mlp_network_note(net, "b"));
	assert_null(mlp_network_note_key(net, 0));
	assert_ok(mlp_network_set_note(net, "b", "second"));
	assert_ok(mlp_network_set_note(net, "c", ""));
	assert_ok(mlp_network_set_note(net, "a", "first \xc3\xa9 \xf0\x9f\x99\x82"));
	assert_int_equal(mlp_network_note_count(net), 3);
	assert_string_equal(mlp_network_note_key(net, 0), "a");
	assert_string_equal(mlp_network_note_key(net, 1), "b");
	assert_string_equal(mlp_network_note_key(net, 2), "c");
	assert_null(mlp_network_note_key(net, 3));
	assert_null(mlp_network_note_key(net, -1));
	assert_string_equal(mlp_network_note(net, "a"), "first \xc3\xa9 \xf0\x9f\x99\x82");
	assert_string_equal(mlp_network_note(net, "c"), "");
	mlp_network_free(net);
}

static void a_note_can_be_set_again_and_taken_away(void **state)
{
	(void)state;
	mlp_network *net = make();
	assert_ok(mlp_network_set_note(net, "key", "old"));
	/* its own text, which is freed by this */
	assert_ok(mlp_network_set_note(net, "key", mlp_network_note(net, "key")));
	assert_string_equal(mlp_network_note(net, "key"), "old");
	assert_ok(mlp_network_set_note(net, "key", "new"));
	assert_int_equal(mlp_network_note_count(net), 1);
	assert_string_equal(mlp_network_note(net, "key"), "new");
	assert_ok(mlp_network_set_note(net, "key", NULL));
	assert_ok(mlp_network_set_note(net, "key", NULL));
	assert_int_equal(mlp_network_note_count(net), 0);
	mlp_network_free(net);
}

static void what_is_taken_away_gives_its_memory_back(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net;
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){2, 1}, 2, &allocator, &net));
	assert_ok(mlp_network_set_note(net, "a", "1"));
	const int64_t blocks = heap.blocks, bytes = heap.in_use;
	assert_ok(mlp_network_set_note(net, "b", "a text that is longer"));
	assert_ok(mlp_network_set_note(net, "b", "2"));
	assert_ok(mlp_network_set_note(net, "b", NULL));
	assert_int_equal(heap.blocks, blocks);
	assert_int_equal(heap.in_use, bytes);
	mlp_network_free(net);
	assert_int_equal(heap.blocks, 0);
	assert_int_equal(heap.in_use, 0);
}

static void copies_have_notes_of_their_own(void **state)
{
	(void)state;
	mlp_network *net = make(), *clone, *copy;
	assert_ok(mlp_network_set_note(net, "a", "1"));
	assert_ok(mlp_network_set_note(net, "b", "2"));
	assert_ok(mlp_network_clone(net, &clone));
	assert_ok(mlp_network_convert(net, MLP_F64, &copy));
	mlp_network_free(net);
	assert_int_equal(mlp_network_note_count(clone), 2);
	assert_string_equal(mlp_network_note(clone, "b"), "2");
	assert_string_equal(mlp_network_note(copy, "a"), "1");
	mlp_network_free(clone);
	mlp_network_free(copy);
}

static void bad_notes_are_refused_and_change_nothing(void **state)
{
	(void)state;
	static const char *const not_utf8[] = {"\xff",
					       "\xc3",
					       "\xc0\xaf",
					       "\xe0\x9f\xbf",
					       "\xed\xa0\x80",
					       "\xf4\x90\x80\x80",
					       "a\x80",
					       "\xf0\x8f\xbf\xbf",
					       "\xf5\x80\x80\x80"};
	char long_key[257];
	memset(long_key, 'k', 256);
	long_key[256] = '\0';
	mlp_network *net = make();
	assert_ok(mlp_network_set_note(net, "key", "text"));
	assert_int_equal(mlp_network_set_note(NULL, "key", "x"), MLP_ERR_NULL);
	assert_int_equal(mlp_network_set_note(net, NULL, "x"), MLP_ERR_NULL);
	assert_int_equal(mlp_network_set_note(net, "", "x"), MLP_ERR_SIZE);
	assert_int_equal(mlp_network_set_note(net, long_key, "x"), MLP_ERR_SIZE);
	for (size_t i = 0; i < sizeof not_utf8 / sizeof not_utf8[0]; i++) {
		assert_int_equal(mlp_network_set_note(net, "key", not_utf8[i]), MLP_ERR_VALUE);
		assert_int_equal(mlp_network_set_note(net, not_utf8[i], "x"), MLP_ERR_VALUE);
	}
	assert_int_equal(mlp_network_note_count(net), 1);
	assert_string_equal(mlp_network_note(net, "key"), "text");
	assert_ok(mlp_network_set_note(net, long_key + 1, "x"));
	assert_null(mlp_network_note(NULL, "key"));
	assert_null(mlp_network_note(net, NULL));
	assert_int_equal(mlp_network_note_count(NULL), MLP_ERR_NULL);
	assert_null(mlp_network_note_key(NULL, 0));
	mlp_network_free(net);
}

static void without_memory_a_note_stays_and_a_clone_leaks_nothing(void **state)
{
	(void)state;
	struct heap heap = {0};
	mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net, *clone;
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){2, 1}, 2, &allocator, &net));
	assert_ok(mlp_network_set_note(net, "a", "1"));
	assert_ok(mlp_network_set_note(net, "b", "2"));
	heap.refuses_at = heap.calls + 1;
	assert_int_equal(mlp_network_set_note(net, "a", "3"), MLP_ERR_MEMORY);
	assert_string_equal(mlp_network_note(net, "a"), "1");
	int64_t blocks = heap.blocks;
	for (int64_t nth = 1; nth <= 4; nth++) { /* the network, the list, and each note */
		heap.refuses_at = heap.calls + nth;
		assert_int_equal(mlp_network_clone(net, &clone), MLP_ERR_MEMORY);
		assert_null(clone);
		assert_int_equal(heap.blocks, blocks);
	}
	mlp_network_free(net);
	assert_int_equal(heap.blocks, 0);
}

static struct bytes save(const mlp_network *net)
{
	struct bytes bytes = {0};
	assert_ok(mlp_network_save_to(net, bytes_write, &bytes));
	return bytes;
}

static void files_keep_notes(void **state)
{
	(void)state;
	mlp_network *net = make(), *loaded;
	assert_ok(mlp_network_set_note(net, "columns", "{\"x\": [\"\xc3\xa9\", 1]}\n\ttab"));
	assert_ok(mlp_network_set_note(net, "a \"key\"", ""));
	struct bytes bytes = save(net);
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &loaded));
	assert_int_equal(mlp_network_note_count(loaded), 2);
	assert_string_equal(mlp_network_note(loaded, "columns"),
			    "{\"x\": [\"\xc3\xa9\", 1]}\n\ttab");
	assert_string_equal(mlp_network_note(loaded, "a \"key\""), "");
	mlp_network_free(net);
	mlp_network_free(loaded);
	bytes_free(&bytes);
}

/* ---- many ------------------------------------------------------------------------------------- */

/* Were it one by one through a list, each of the tests below would take minutes. */
enum { MANY = 100000, DIGITS = 5 };

/* Keys 00000 .. 99999 */
static void print_key(char key[DIGITS + 1], int number)
{
	for (int d = DIGITS; d-- > 0; number /= 10)
		key[d] = (char)('0' + number % 10);
	key[DIGITS] = '\0';
}

static void check_many(const mlp_network *net)
{
	char key[DIGITS + 1];
	assert_true(mlp_network_note_count(net) == MANY);
	for (int i = 0; i < MANY; i++) {
		print_key(key, i);
		/* no assert_string_equal, which takes its time */
		if (strcmp(mlp_network_note_key(net, i), key) != 0 ||
		    strcmp(mlp_network_note(net, key), "") != 0)
			fail_msg("note %d is wrong", i);
	}
}

static void many_notes_are_found_copied_and_saved(void **state)
{
	(void)state;
	mlp_network *net = make(), *clone, *loaded;
	char key[DIGITS + 1];
	for (int i = 0; i < MANY; i++) {
		print_key(key, i);
		assert_ok(mlp_network_set_note(net, key, ""));
	}
	check_many(net);
	assert_ok(mlp_network_clone(net, &clone));
	check_many(clone);
	struct bytes bytes = save(clone);
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &loaded));
	check_many(loaded);
	mlp_network_free(net);
	mlp_network_free(clone);
	mlp_network_free(loaded);
	bytes_free(&bytes);
}

/* A file that has them from the last to the first. */
static struct bytes reversed_file(void)
{
	mlp_network *net = make();
	struct bytes bytes = {0};
	struct mlp_tensor_writer *writer;
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	assert_ok(mlp_tensor_writer_create(&allocator, &writer));
	for (int i = MANY; i-- > 0;) {
		char key[sizeof("mlp.note.") + DIGITS] = "mlp.note.";
		print_key(key + strlen(key), i);
		assert_ok(mlp_tensor_writer_text(writer, key, ""));
	}
	assert_ok(mlp_model_describe(net, "network", writer));
	assert_ok(mlp_tensor_writer_write(writer, bytes_write, &bytes));
	mlp_tensor_writer_free(writer);
	mlp_network_free(net);
	return bytes;
}

static void many_notes_in_any_order_are_loaded(void **state)
{
	(void)state;
	struct bytes bytes = reversed_file();
	mlp_network *loaded;
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &loaded));
	check_many(loaded);
	/* and they are notes like others */
	assert_ok(mlp_network_set_note(loaded, "50000x", "between"));
	assert_string_equal(mlp_network_note_key(loaded, 50001), "50000x");
	assert_ok(mlp_network_set_note(loaded, "50000x", NULL));
	check_many(loaded);
	mlp_network_free(loaded);
	bytes_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_are_kept_in_the_order_of_their_keys),
		cmocka_unit_test(a_note_can_be_set_again_and_taken_away),
		cmocka_unit_test(what_is_taken_away_gives_its_memory_back),
		cmocka_unit_test(copies_have_notes_of_their_own),
		cmocka_unit_test(bad_notes_are_refused_and_change_nothing),
		cmocka_unit_test(files_keep_notes),
		cmocka_unit_test(many_notes_are_found_copied_and_saved),
		cmocka_unit_test(many_notes_in_any_order_are_loaded),
		cmocka_unit_test(without_memory_a_note_stays_and_a_clone_leaks_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
