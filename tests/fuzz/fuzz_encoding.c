/* The description of the data in a model file: JSON from anybody, applied to tables. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/try_table.h"

/* The first has names, the second goes by places. */
static const char *const texts[] = {
	"a,b,c,y,w\n1,red,0.5,yes,1\n2,green,-3,no,0\n,NA,1e9,yes,2\n-1,blue,,no,1\n",
	"1,0,2\n0,1,-1\n5,0,7\n,1,3\n",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory_file files[2];
	struct data_error error = {0};
	struct encoding *encoding = (struct encoding *)&error;
	char *json = malloc(size + 1);
	REQUIRE(json != NULL, "out of memory");
	memcpy(json, data, size);
	json[size] = 0;
	bool ok = encoding_from_json(json, "model", &encoding, &error);
	free(json);
	if (!ok) {
		REQUIRE(encoding == NULL, "a failure has a result");
		require_line(&error);
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		if (files[i].path[0] == 0) {
			files[i] = memory_file_create();
			memory_file_write(&files[i], texts[i], strlen(texts[i]));
		}
		const struct read_options options = {.header = i == 0 ? READ_HEADER_YES
								      : READ_HEADER_NO,
						     .kind = encoding_column_kind,
						     .kind_context = encoding};
		struct table *table;
		error = (struct data_error){0};
		if (table_read(files[i].path, &options, &table, &error)) {
			try_encoding(encoding, table);
			table_free(table);
		} else {
			require_line(&error);
		}
	}
	encoding_free(encoding);
	return 0;
}
