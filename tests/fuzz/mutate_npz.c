/* For the .npz target: entries of the archive are changed and the archive is made anew, with right checksums. */
#include <string.h>
#include <zip.h>

#include "fuzz/fuzz.h"
#include "fuzz/mutate_npy.h"
#include "fuzz/try_table.h"

enum { ENTRIES = 4, MOST = 1 << 12 };

struct entry {
	char name[32];
	uint8_t bytes[MOST];
	size_t size;
};

/* Entries of an archive; 0 if it is none. */
static int take_apart(const uint8_t *bytes, size_t size, struct entry *entries)
{
	zip_source_t *source = zip_source_buffer_create(bytes, size, 0, NULL);
	zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, NULL);
	int count = 0;
	if (archive == NULL) {
		zip_source_free(source);
		return 0;
	}
	for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0) && count < ENTRIES; i++) {
		const char *name = zip_get_name(archive, (zip_uint64_t)i, 0);
		zip_file_t *file = zip_fopen_index(archive, (zip_uint64_t)i, 0);
		zip_int64_t got = file == NULL ? -1 : zip_fread(file, entries[count].bytes, MOST);
		if (file != NULL)
			zip_fclose(file);
		if (got < 0 || name == NULL)
			continue;
		snprintf(entries[count].name, sizeof(entries[count].name), "%s", name);
		entries[count++].size = (size_t)got;
	}
	zip_discard(archive);
	return count;
}

static void change(struct entry *entry, unsigned seed)
{
	static const char *const names[] = {"x.npy", "y.npy", "X",          "data.npy",
					    "b.npy", "y",     "labels.npy", "other"};
	size_t made = 0;
	if (seed % 8 == 0)
		strcpy(entry->name, names[seed / 8 % 8]);
	else if (seed % 8 < 4)
		made = mutate_npy(entry->bytes, entry->size, MOST, seed / 8 * 2654435761U);
	else
		made = LLVMFuzzerMutate(entry->bytes, entry->size, MOST);
	entry->size = made > 0 ? made : entry->size;
}

static void add(zip_t *archive, const struct entry *entry, unsigned seed)
{
	zip_source_t *part = zip_source_buffer(archive, entry->bytes, entry->size, 0);
	zip_int64_t index = zip_file_add(archive, entry->name, part, 0);
	if (index < 0) {
		zip_source_free(part);
		return;
	}
	zip_set_file_compression(archive, (zip_uint64_t)index,
				 seed & 1 ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
	zip_file_set_mtime(archive, (zip_uint64_t)index, 0, 0);
}

static size_t put_together(const struct entry *entries, int count, unsigned seed, uint8_t *bytes,
			   size_t most)
{
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *archive = source == NULL
				 ? NULL
				 : zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	if (archive == NULL) {
		zip_source_free(source);
		return 0;
	}
	zip_source_keep(source);
	for (int i = 0; i < count; i++)
		add(archive, &entries[i], seed >> i);
	zip_int64_t got = 0;
	if (zip_close(archive) != 0)
		zip_discard(archive);
	else if (zip_source_open(source) == 0) {
		zip_stat_t about;
		zip_stat_init(&about);
		if (zip_source_stat(source, &about) == 0 && about.size <= most)
			got = zip_source_read(source, bytes, most);
		zip_source_close(source);
	}
	zip_source_free(source);
	return got > 0 ? (size_t)got : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static struct entry entries[ENTRIES + 1];
	if (size <= CHOICES || seed % 4 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	int count = take_apart(data + CHOICES, size - CHOICES, entries);
	if (count == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	unsigned more = seed / 4;
	change(&entries[more % (unsigned)count], more / 8);
	if (more / 64 % 16 == 0)
		entries[count++] = entries[0];
	else if (more / 64 % 16 == 1 && count > 1)
		count--;
	size_t made = put_together(entries, count, more / 128, data + CHOICES, max_size - CHOICES);
	return made > 0 ? CHOICES + made : LLVMFuzzerMutate(data, size, max_size);
}
