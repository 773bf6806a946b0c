/* IDX: images, and labels found by the option or by their usual names. After the choices two bytes tell how many
 * bytes at the end are the labels' file, one how it is found. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/try_table.h"

enum { HEAD = CHOICES + 3, LINKS = 4, BY_OPTION = LINKS, NOWHERE, A_FOLDER, WAYS };
enum { NAME_SIZE = 1024, PATH_SIZE = NAME_SIZE + 64 };

/* Images and where their labels are looked for; NULL: no such file. */
static const char *const usual[LINKS][2] = {
	{"a-images-idx3-ubyte", "a-labels-idx1-ubyte"},
	{"b-images-idx3-ubyte", "b-labels-idx1-ubyte.gz"},
	{"c-images-idx3-ubyte.gz", "c-labels-idx1-ubyte"},
	{"d-images-idx3-ubyte", NULL},
};

static struct memory_file images, labels;
static char folder[NAME_SIZE];

static void path_of(char path[PATH_SIZE], const char *name)
{
	snprintf(path, PATH_SIZE, "%s/%s", folder, name);
}

static void remove_folder(void)
{
	for (int way = 0; way < LINKS; way++)
		for (int i = 0; i < 2 && usual[way][i] != NULL; i++) {
			char path[PATH_SIZE];
			path_of(path, usual[way][i]);
			unlink(path);
		}
	rmdir(folder);
}

/* Links to the files in memory. */
static void make_folder(void)
{
	images = memory_file_create();
	labels = memory_file_create();
	const char *place = getenv("TMPDIR");
	int length = snprintf(folder, sizeof folder, "%s/mlp-fuzz-XXXXXX",
			      place != NULL ? place : "/tmp");
	REQUIRE(length < (int)sizeof folder, "the name of the folder is too long");
	REQUIRE(mkdtemp(folder) != NULL, "no folder");
	atexit(remove_folder);
	for (int way = 0; way < LINKS; way++)
		for (int i = 0; i < 2 && usual[way][i] != NULL; i++) {
			char path[PATH_SIZE];
			path_of(path, usual[way][i]);
			REQUIRE(symlink(i == 0 ? images.path : labels.path, path) == 0, "no link");
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices choices;
	if (size < HEAD)
		return 0;
	if (folder[0] == 0)
		make_folder();
	choices_decode(data, &choices);
	size_t count = data[CHOICES] | (size_t)data[CHOICES + 1] << 8U;
	int way = data[CHOICES + 2] % WAYS;
	count = count < size - HEAD ? count : size - HEAD;
	memory_file_write(&images, data + HEAD, size - HEAD - count);
	memory_file_write(&labels, data + size - count, count);
	char path[PATH_SIZE];
	if (way < LINKS) {
		path_of(path, usual[way][0]);
		try_table(path, &choices, NULL);
	} else {
		choices.read.labels = way == BY_OPTION ? labels.path
				      : way == NOWHERE ? "/nowhere"
						       : folder;
		try_table(images.path, &choices, NULL);
	}
	return 0;
}
