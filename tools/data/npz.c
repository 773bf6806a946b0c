/* NumPy's .npz: arrays in a zip archive, which libzip opens in memory. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "data/formats.h"
#include "data/limits.h"
#include "data/npy.h"

/* One array of the archive, or none. */
struct member {
	unsigned char *bytes;
	size_t size;
	struct npy_array array;
	const char *entry; /* its name in the archive */
};

static bool fail_of_zip(const char *name, const char *words, struct data_error *error)
{
	return data_fail(error, DATA_ERROR_CONTENT, "%s: the .npz file cannot be read: %s", name,
			 words);
}

static zip_t *open_archive(const unsigned char *bytes, size_t size, const char *name,
			   struct data_error *error)
{
	zip_error_t reason;
	zip_error_init(&reason);
	zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &reason);
	zip_t *archive =
		source == NULL ? NULL
			       : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &reason);
	if (archive == NULL) {
		fail_of_zip(name, zip_error_strerror(&reason), error);
		zip_source_free(source);
	}
	zip_error_fini(&reason);
	return archive;
}

/* The bytes of an entry, with room made as they come: what the archive says of their number can be false. */
static bool unpack(zip_file_t *file, const char *name, uint64_t most, struct member *member,
		   struct data_error *error)
{
	size_t room = 0;
	for (;;) {
		if (member->size == room) {
			room = room + room / 2 + 65536;
			unsigned char *bytes = realloc(member->bytes, room);
			if (bytes == NULL)
				return data_fail_memory(error);
			member->bytes = bytes;
		}
		zip_int64_t count =
			zip_fread(file, member->bytes + member->size, room - member->size);
		if (count < 0)
			return fail_of_zip(name, zip_file_strerror(file), error);
		if (count == 0)
			return true;
		member->size += (size_t)count;
		if (member->size > most)
			return reader_fail_of_size(name, most, error);
	}
}

static bool load(zip_t *archive, zip_int64_t index, const char *name, uint64_t most,
		 struct member *member, struct data_error *error)
{
	member->entry = zip_get_name(archive, (zip_uint64_t)index, 0);
	zip_file_t *file = zip_fopen_index(archive, (zip_uint64_t)index, 0);
	if (file == NULL)
		return fail_of_zip(name, zip_strerror(archive), error);
	bool ok = unpack(file, name, most, member, error);
	if (zip_fclose(file) != 0 && ok)
		ok = fail_of_zip(name, "its end is missing", error);
	char place[512];
	snprintf(place, sizeof place, "%s: array '%s'", name, member->entry);
	return ok && npy_parse(member->bytes, member->size, place, &member->array, error);
}

static zip_int64_t find_entry(zip_t *archive, const char *name)
{
	char entry[256];
	snprintf(entry, sizeof entry, "%s.npy", name);
	zip_int64_t index = zip_name_locate(archive, entry, 0);
	return index >= 0 ? index : zip_name_locate(archive, name, 0);
}

/* By the user's name, or the first of the usual ones that is there; -1: none. */
static zip_int64_t find_array(zip_t *archive, const char *chosen, const char *const *usual)
{
	if (chosen != NULL)
		return find_entry(archive, chosen);
	zip_int64_t index = -1;
	for (; *usual != NULL && index < 0; usual++)
		index = find_entry(archive, *usual);
	return index;
}

static bool fail_to_find(zip_t *archive, const char *name, const char *wanted,
			 struct data_error *error)
{
	char names[256] = "";
	size_t used = 0;
	for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0) && used < sizeof names - 1;
	     i++) {
		const char *entry = zip_get_name(archive, (zip_uint64_t)i, 0);
		int length = snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
				      entry == NULL ? "?" : entry);
		used += length < 0 ? 0 : (size_t)length;
	}
	return data_fail(error, wanted != NULL ? DATA_ERROR_CHOICE : DATA_ERROR_CONTENT,
			 "%s: expected an array %s, found %s%s", name,
			 wanted != NULL ? wanted : "x, X or data", names[0] == 0 ? "none" : names,
			 wanted != NULL ? "" : "; --x and --y name those of inputs and targets");
}

/* x, and y unless there is none and nobody asked for it. */
static bool load_arrays(zip_t *archive, const char *name, const struct read_options *options,
			uint64_t most, struct member *x, struct member *y, struct data_error *error)
{
	static const char *const usual_x[] = {"x", "X", "data", NULL};
	static const char *const usual_y[] = {"y", "target", "labels", NULL};
	zip_int64_t x_index = find_array(archive, options->x, usual_x);
	zip_int64_t y_index = find_array(archive, options->y, usual_y);
	if (x_index < 0 && options->x == NULL && zip_get_num_entries(archive, 0) == 1)
		x_index = 0;
	if (x_index < 0)
		return fail_to_find(archive, name, options->x, error);
	if (y_index < 0 && options->y != NULL)
		return fail_to_find(archive, name, options->y, error);
	if (y_index == x_index)
		y_index = -1;
	if (!load(archive, x_index, name, most, x, error) ||
	    (y_index >= 0 && !load(archive, y_index, name, most, y, error)))
		return false;
	if (y_index >= 0 && y->array.rows != x->array.rows)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: array '%s' has %lld rows, expected %lld as in '%s'", name,
				 y->entry, (long long)y->array.rows, (long long)x->array.rows,
				 x->entry);
	return true;
}

/* The table takes the members' bytes. */
static bool make_table(const char *name, struct member *x, struct member *y, struct table **table,
		       struct data_error *error)
{
	int64_t columns = x->array.columns + y->array.columns;
	*table = table_create(TABLE_NPZ, name, columns);
	if (*table == NULL)
		return data_fail_memory(error);
	(*table)->rows = x->array.rows;
	(*table)->targets = y->bytes != NULL ? y->array.columns : columns > 1;
	(*table)->blocks[0] = x->bytes;
	(*table)->blocks[1] = y->bytes;
	x->bytes = y->bytes = NULL;
	npy_fill_columns(&x->array, *table, 0);
	npy_fill_columns(&y->array, *table, x->array.columns);
	return table_name_columns(*table, error) &&
	       table_set_note(*table, error, "NumPy archive, x: '%s' of %s%s%s%s%s", x->entry,
			      npy_type_name(x->array.type),
			      y->entry != NULL ? ", y: '" : ", no y (--y names one)",
			      y->entry != NULL ? y->entry : "", y->entry != NULL ? "' of " : "",
			      y->entry != NULL ? npy_type_name(y->array.type) : "");
}

bool npz_read(struct reader *reader, const struct read_options *options, struct table **table,
	      struct data_error *error)
{
	unsigned char *bytes;
	size_t size;
	*table = NULL;
	if (!reader_read_all(reader, 0, &bytes, &size, error))
		return false;
	const char *name = reader_name(reader);
	/* an array that is not compressed may be as large as the file */
	uint64_t most = options->most_bytes > 0 ? options->most_bytes : reader_usual_most();
	most = most > size ? most : size;
	zip_t *archive = open_archive(bytes, size, name, error);
	struct member x = {0}, y = {0};
	bool ok = archive != NULL && load_arrays(archive, name, options, most, &x, &y, error) &&
		  make_table(name, &x, &y, table, error);
	if (archive != NULL)
		zip_discard(archive);
	free(x.bytes);
	free(y.bytes);
	free(bytes);
	if (!ok) {
		table_free(*table);
		*table = NULL;
	}
	return ok;
}
