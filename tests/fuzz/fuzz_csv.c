/* CSV. A table that was read is written, and read again: the same numbers and texts. */
#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/try_table.h"

static enum column_kind kind_of(const void *context, const struct column_names *names,
				int64_t place)
{
	(void)names;
	const struct table *table = context;
	return table->columns[place].texts != NULL ? COLUMN_TEXT : COLUMN_NUMBERS;
}

static const char *text_of(const struct table *table, int64_t row, int64_t column)
{
	double value = numbers_at(&table->columns[column].numbers, row);
	return isnan(value) ? "" : table->columns[column].texts->texts[(int64_t)value];
}

static void write_table(const struct table *table, const char *path)
{
	struct data_error error = {0};
	struct csv_writer *writer = csv_writer_open(path, ',', &error);
	REQUIRE(writer != NULL, "%s", error.line);
	for (int64_t i = 0; i < table->column_count; i++)
		csv_writer_text(writer, table->columns[i].name);
	csv_writer_end_row(writer);
	for (int64_t row = 0; row < table->rows; row++) {
		for (int64_t i = 0; i < table->column_count; i++)
			if (table->columns[i].texts != NULL)
				csv_writer_text(writer, text_of(table, row, i));
			else
				csv_writer_number(writer,
						  numbers_at(&table->columns[i].numbers, row),
						  MLP_F64);
		csv_writer_end_row(writer);
	}
	REQUIRE(csv_writer_close(writer, &error), "%s", error.line);
}

static void require_same_tables(const struct table *a, const struct table *b)
{
	REQUIRE(a->rows == b->rows && a->column_count == b->column_count,
		"%lld x %lld values become %lld x %lld", (long long)a->rows,
		(long long)a->column_count, (long long)b->rows, (long long)b->column_count);
	for (int64_t i = 0; i < a->column_count; i++) {
		REQUIRE(strcmp(a->columns[i].name, b->columns[i].name) == 0, "%s becomes %s",
			a->columns[i].name, b->columns[i].name);
		for (int64_t row = 0; row < a->rows; row++) {
			double value = numbers_at(&a->columns[i].numbers, row);
			double again = numbers_at(&b->columns[i].numbers, row);
			if (a->columns[i].texts != NULL)
				REQUIRE(strcmp(text_of(a, row, i), text_of(b, row, i)) == 0,
					"%s becomes %s", text_of(a, row, i), text_of(b, row, i));
			else
				REQUIRE(memcmp(&value, &again, sizeof value) == 0 ||
						(isnan(value) && isnan(again)),
					"%a becomes %a", value, again);
		}
	}
}

/* A row of one missing number is an empty line, which is no row. */
static void write_and_read(const struct table *table)
{
	static struct memory_file file;
	const struct read_options options = {.header = READ_HEADER_YES,
					     .delimiter = ',',
					     .decimal = '.',
					     .kind = kind_of,
					     .kind_context = table};
	struct data_error error = {0};
	struct table *again;
	if (table->format != TABLE_CSV || table->column_count == 1 || table->rows == 0)
		return;
	if (file.path[0] == 0)
		file = memory_file_create();
	write_table(table, file.path);
	REQUIRE(table_read(file.path, &options, &again, &error), "%s", error.line);
	require_same_tables(table, again);
	table_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_bytes(data, size, write_and_read);
	return 0;
}
