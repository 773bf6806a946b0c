/* For check_numpy.py: reads a file and prints its table, or what went wrong; with a second argument writes
 * the table as one array of double to that .npy or .npz file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/data.h"

static void print(const struct table *table)
{
	char text[NUMBER_TEXT_SIZE];
	printf("%lld %lld %lld\n", (long long)table->rows, (long long)table->column_count,
	       (long long)table->targets);
	for (int64_t i = 0; i < table->rows; i++)
		for (int64_t k = 0; k < table->column_count; k++)
			printf("%s%c",
			       number_to_text(numbers_at(&table->columns[k].numbers, i), MLP_F64,
					      text),
			       k + 1 == table->column_count ? '\n' : ' ');
}

static bool write_array(const struct table *table, const char *path, struct data_error *error)
{
	double *values = malloc((size_t)(table->rows * table->column_count) * sizeof *values);
	if (values == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < table->rows; i++)
		for (int64_t k = 0; k < table->column_count; k++)
			values[i * table->column_count + k] =
				numbers_at(&table->columns[k].numbers, i);
	const struct array array = {"w", values, NUMBER_F64, 2, {table->rows, table->column_count}};
	bool ok = strstr(path, ".npz") != NULL ? npz_write(path, &array, 1, error)
					       : npy_write(path, &array, error);
	free(values);
	return ok;
}

int main(int argc, char **argv)
{
	struct data_error error = {0};
	struct table *table = NULL;
	if (argc < 2)
		return 2;
	bool ok = table_read(argv[1], NULL, &table, &error);
	if (ok && argc > 2)
		ok = write_array(table, argv[2], &error);
	else if (ok)
		print(table);
	if (!ok)
		fprintf(stderr, "%s\n", error.line);
	table_free(table);
	return ok ? 0 : 1;
}
