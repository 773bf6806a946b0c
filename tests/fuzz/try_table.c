/* Tables from any bytes, and what is made of them. */
#include "fuzz/try_table.h"

#include <math.h>
#include <string.h>

#include "data/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

enum { MOST_UNFOLDED = 1 << 16 };

void choices_decode(const uint8_t *bytes, struct choices *choices)
{
	static const char delimiters[] = {0, ',', ';', '\t', '|'}, decimals[] = {0, '.', ','};
	static const char *const targets[] = {NULL, "1", "y", "1,-1"};
	static const char *const weights[] = {NULL, "-1", "w", "2"};
	unsigned a = bytes[0], b = bytes[1], c = bytes[2];
	*choices = (struct choices){
		.read = {.header = (enum read_header)(a % 3),
			 .delimiter = delimiters[a / 3 % 5],
			 .decimal = decimals[a / 15 % 3],
			 .x = a / 45 % 3 == 1 ? "x" : NULL,
			 .y = a / 45 % 3 == 2 ? "b" : NULL,
			 .most_bytes = MOST_UNFOLDED},
		.encode = {.task = (enum data_task)(b % 3),
			   .missing = (enum data_missing)(b / 3 % 4),
			   .missing_text = (enum data_missing_text)(b / 12 % 2),
			   .unseen = (enum data_unseen)(b / 24 % 2),
			   .max_categories = b / 48 % 2 == 0 ? 0 : 3,
			   .target = targets[c % 4],
			   .weight = weights[c / 4 % 4],
			   .ignore = c / 16 % 2 == 0 ? NULL : "2",
			   .categorical = c / 32 % 2 == 0 ? NULL : "1",
			   .numeric = c / 64 % 2 == 0 ? NULL : "3"},
	};
	if (c / 128 != 0) {
		choices->read.kind = encoding_options_column_kind;
		choices->read.kind_context = &choices->encode;
	}
}

void require_line(const struct data_error *error)
{
	size_t length = strlen(error->line);
	REQUIRE(error->kind != DATA_NO_ERROR && length > 0, "a failure without a line");
	REQUIRE(error->kind != DATA_ERROR_MEMORY, "out of memory");
	for (size_t i = 0; i < length; i++)
		REQUIRE((unsigned char)error->line[i] >= ' ' && error->line[i] != 0x7f,
			"control characters in: %s", error->line);
}

static void require_text(const struct column *column, double value)
{
	int64_t place = (int64_t)value;
	REQUIRE((double)place == value && place >= 0 && place < column->texts->count,
		"text %g of %lld", value, (long long)column->texts->count);
	const char *text = column->texts->texts[place];
	REQUIRE(utf8_is_valid(text, strlen(text)), "text %g is no UTF-8", value);
	REQUIRE(strings_find(column->texts, text, strlen(text)) == place, "%s is there twice",
		text);
}

void require_sound(const struct table *table)
{
	REQUIRE(table->rows >= 0 && table->column_count > 0, "%lld rows, %lld columns",
		(long long)table->rows, (long long)table->column_count);
	REQUIRE(table->targets >= 0 && table->targets <= table->column_count, "%lld targets",
		(long long)table->targets);
	for (int64_t i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];
		REQUIRE(utf8_is_valid(column->name, strlen(column->name)),
			"column %lld has no name", (long long)i);
		for (int64_t row = 0; row < table->rows; row++) {
			double value = numbers_at(&column->numbers, row);
			if (column->texts != NULL && !isnan(value))
				require_text(column, value);
		}
	}
	char place[TABLE_PLACE_SIZE];
	for (int64_t row = 0; row < table->rows; row++)
		REQUIRE(strlen(table_place(table, row, row % table->column_count, place)) > 0,
			"row %lld is nowhere", (long long)row);
}

static void require_same(const void *a, const void *b, size_t size, const char *what)
{
	REQUIRE((a == NULL) == (b == NULL), "%s", what);
	REQUIRE(a == NULL || size == 0 || memcmp(a, b, size) == 0, "%s differ", what);
}

static void require_same_matrices(const struct matrices *a, const struct matrices *b)
{
	size_t rows = (size_t)a->rows, real = a->dtype == MLP_F32 ? sizeof(float) : sizeof(double);
	REQUIRE(a->rows == b->rows && a->inputs == b->inputs && a->outputs == b->outputs,
		"matrices of another shape");
	require_same(a->x, b->x, rows * (size_t)a->inputs * real, "inputs");
	require_same(a->target, b->target, rows * (size_t)a->outputs * real, "targets");
	require_same(a->classes, b->classes, rows * sizeof(int64_t), "classes");
	require_same(a->weight, b->weight, rows * real, "weights");
	require_same(a->row_of, b->row_of, rows * sizeof(int64_t), "rows");
	for (size_t n = 0; n < rows && a->classes != NULL; n++)
		REQUIRE(a->classes[n] >= 0 && a->classes[n] < a->outputs, "class %lld of %lld",
			(long long)a->classes[n], (long long)a->outputs);
}

/* Both encodings treat the table alike. */
static void fill(const struct encoding *encoding, const struct encoding *again,
		 const struct table *table, enum matrices_targets targets, mlp_dtype dtype)
{
	struct data_error error = {0}, error_again = {0};
	struct matrices *matrices, *matrices_again;
	bool ok = matrices_create(encoding, table, targets, dtype, &matrices, &error);
	bool ok_again =
		matrices_create(again, table, targets, dtype, &matrices_again, &error_again);
	REQUIRE(ok == ok_again, "%s%s", error.line, error_again.line);
	if (ok) {
		require_same_matrices(matrices, matrices_again);
	} else {
		REQUIRE(matrices == NULL && matrices_again == NULL, "a failure has a result");
		require_line(&error);
		REQUIRE(strcmp(error.line, error_again.line) == 0, "%s, and %s", error.line,
			error_again.line);
	}
	matrices_free(matrices);
	matrices_free(matrices_again);
}

void try_encoding(const struct encoding *encoding, const struct table *table)
{
	struct data_error error = {0};
	struct encoding *again = NULL;
	char *json = NULL, *json_again = NULL, *words = NULL;
	REQUIRE(encoding_to_json(encoding, &json, &error), "%s", error.line);
	REQUIRE(encoding_from_json(json, "model", &again, &error), "%s: %s", error.line, json);
	REQUIRE(encoding_to_json(again, &json_again, &error), "%s", error.line);
	REQUIRE(strcmp(json, json_again) == 0, "%s becomes %s", json, json_again);
	REQUIRE(encoding_describe(again, &words, &error), "%s", error.line);
	for (int64_t i = 0; i < encoding_output_count(again); i++)
		REQUIRE(encoding_output_name(again, i) != NULL, "output %lld has no name",
			(long long)i);
	fill(encoding, again, table, TARGETS_YES, MLP_F32);
	fill(encoding, again, table, TARGETS_NO, MLP_F64);
	fill(encoding, again, table, TARGETS_IF_THERE, MLP_F64);
	encoding_free(again);
	free(json);
	free(json_again);
	free(words);
}

void try_table(const char *path, const struct choices *choices, table_function more)
{
	struct data_error error = {0};
	struct table *table = (struct table *)&error;
	if (!table_read(path, &choices->read, &table, &error)) {
		REQUIRE(table == NULL, "a failure has a result");
		require_line(&error);
		return;
	}
	require_sound(table);
	struct encoding *encoding = (struct encoding *)&error;
	if (encoding_create(table, &choices->encode, &encoding, &error)) {
		try_encoding(encoding, table);
	} else {
		REQUIRE(encoding == NULL, "a failure has a result");
		require_line(&error);
	}
	encoding_free(encoding);
	if (more != NULL)
		more(table);
	table_free(table);
}

void try_bytes(const uint8_t *data, size_t size, table_function more)
{
	static struct memory_file file;
	struct choices choices;
	if (size < CHOICES)
		return;
	if (file.path[0] == 0)
		file = memory_file_create();
	choices_decode(data, &choices);
	memory_file_write(&file, data + CHOICES, size - CHOICES);
	try_table(file.path, &choices, more);
}
