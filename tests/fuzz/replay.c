/* Gives files to a fuzz target, without a fuzzer: replay_TARGET FILE-OR-FOLDER... */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

/* A target may have one. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	REQUIRE(file != NULL && fseek(file, 0, SEEK_END) == 0, "%s cannot be read", path);
	long size = ftell(file);
	REQUIRE(size >= 0, "%s cannot be read", path);
	rewind(file);
	uint8_t *bytes = malloc((size_t)size + (size == 0)); /* of just this size, for sanitizers */
	REQUIRE(bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size,
		"%s cannot be read", path);
	fclose(file);
	fprintf(stderr, "%s\n", path); /* the last line names the culprit */
	LLVMFuzzerTestOneInput(bytes, (size_t)size);
	free(bytes);
}

static int replay_folder(const char *path)
{
	int count = 0;
	DIR *folder = opendir(path);
	REQUIRE(folder != NULL, "%s cannot be read", path);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char name[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		replay_file(name);
		count++;
	}
	closedir(folder);
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		struct stat about;
		REQUIRE(stat(argv[i], &about) == 0, "%s is not there", argv[i]);
		if (S_ISDIR(about.st_mode)) {
			count += replay_folder(argv[i]);
		} else {
			replay_file(argv[i]);
			count++;
		}
	}
	printf("%d files\n", count);
	return count == 0; /* an empty corpus shows nothing */
}
