/* A table of columns. */
#include "data/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_free(struct table *table)
{
	if (table == NULL)
		return;
	for (int64_t i = 0; i < table->column_count; i++) {
		free(table->columns[i].name);
		strings_free(table->columns[i].texts);
		free(table->columns[i].texts);
	}
	for (size_t i = 0; i < sizeof table->blocks / sizeof *table->blocks; i++)
		free(table->blocks[i]);
	free(table->columns);
	free(table->lines);
	free(table->note);
	free(table->name);
	free(table);
}

struct table *table_create(enum table_format format, const char *name, int64_t column_count)
{
	struct table *table = calloc(1, sizeof *table);
	if (table == NULL)
		return NULL;
	table->format = format;
	table->name = strdup(name);
	table->columns = calloc((size_t)column_count + 1, sizeof *table->columns);
	if (table->name == NULL || table->columns == NULL) {
		table_free(table);
		return NULL;
	}
	table->column_count = column_count;
	return table;
}

bool table_name_columns(struct table *table, struct data_error *error)
{
	for (int64_t i = 0; i < table->column_count; i++) {
		if (table->columns[i].name != NULL)
			continue;
		char name[32];
		snprintf(name, sizeof name, "c%lld", (long long)i + 1);
		table->columns[i].name = strdup(name);
		if (table->columns[i].name == NULL)
			return data_fail_memory(error);
	}
	return true;
}

bool table_set_note(struct table *table, struct data_error *error, const char *format, ...)
{
	char note[256];
	va_list arguments;
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(note, sizeof note, format, arguments);
	va_end(arguments);
	free(table->note);
	table->note = strdup(note);
	return table->note != NULL || data_fail_memory(error);
}

/* The line of a row, or -1. */
static int64_t line_of(const struct table *table, int64_t row)
{
	int64_t low = 0, high = table->line_count; /* lines[low - 1].row <= row < lines[high].row */
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (table->lines[middle].row <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? -1 : row + table->lines[low - 1].offset;
}

const char *table_place(const struct table *table, int64_t row, int64_t column,
			char place[TABLE_PLACE_SIZE])
{
	long long line = line_of(table, row), number = (long long)column + 1;
	char quoted[DATA_QUOTE_SIZE] = "";
	if (column >= 0 && table->has_names) {
		const char *name = table->columns[column].name;
		data_quote(name, strlen(name), quoted);
	}
	const char *named = quoted[0] == 0 ? "" : ": column ";
	if (line >= 0 && column >= 0)
		snprintf(place, TABLE_PLACE_SIZE, "%s:%lld:%lld%s%s", table->name, line, number,
			 named, quoted);
	else if (line >= 0)
		snprintf(place, TABLE_PLACE_SIZE, "%s:%lld", table->name, line);
	else if (column >= 0)
		snprintf(place, TABLE_PLACE_SIZE, "%s: row %lld, column %lld", table->name,
			 (long long)row + 1, number);
	else
		snprintf(place, TABLE_PLACE_SIZE, "%s: row %lld", table->name, (long long)row + 1);
	return place;
}
