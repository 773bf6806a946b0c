/* Which BLAS, for which processor, compiler and C library. */
#define _GNU_SOURCE /* dladdr, RTLD_DEFAULT */
#include "golden/key.h"

#include <dlfcn.h>
#include <limits.h>
#include <mlp/mlp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

/* The file that a function comes from, links followed; false if it is not known. */
static bool find_file_of(const char *function, char *path)
{
	Dl_info info;
	void *place = dlsym(RTLD_DEFAULT, function);
	return place != NULL && dladdr(place, &info) != 0 && realpath(info.dli_fname, path) != NULL;
}

/* The value of a line of /proc/cpuinfo: "cpu family	: 25" */
static void read_processor(const char *name, char *word)
{
	char line[256];
	FILE *file = fopen("/proc/cpuinfo", "r");
	snprintf(word, KEY_WORD, "unknown");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		char *colon = strchr(line, ':');
		if (colon == NULL || strncmp(line, name, strlen(name)) != 0 ||
		    strspn(line + strlen(name), " \t") != (size_t)(colon - line) - strlen(name))
			continue;
		sscanf(colon + 1, "%20s", word);
		break;
	}
	if (file != NULL)
		fclose(file);
}

/* A BLAS that does not say what it is. Netlib's is the same for every processor; others may look at it. */
static void name_by_file(struct key *key)
{
	static const char netlib[] = "/blas/libblas.so.3.";
	char path[PATH_MAX], vendor[KEY_WORD], family[KEY_WORD], model[KEY_WORD];
	if (!find_file_of("cblas_sgemm", path))
		return;
	const char *found = strstr(path, netlib), *name = strrchr(path, '/');
	if (found != NULL) {
		snprintf(key->provider, KEY_WORD, "netlib-3.%.40s", found + strlen(netlib));
		snprintf(key->core, KEY_WORD, "any");
		return;
	}
	while (name > path && name[-1] != '/')
		name--; /* its folder tells more than its name */
	snprintf(key->provider, KEY_WORD, "%.60s", name);
	read_processor("vendor_id", vendor);
	read_processor("cpu family", family);
	read_processor("model", model);
	snprintf(key->core, KEY_WORD, "%.20s-%.20s-%.20s", vendor, family, model);
}

/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64" */
static void name_openblas(const char *config, struct key *key)
{
	char text[256], *rest = NULL;
	snprintf(text, sizeof text, "%s", config);
	const char *word = strtok_r(text, " ", &rest), *version = strtok_r(NULL, " ", &rest);
	snprintf(key->provider, KEY_WORD, "%.20s-%.20s", word != NULL ? word : "OpenBLAS",
		 version != NULL ? version : "unknown");
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		if (strchr(word, '=') == NULL && strchr(word, '_') == NULL &&
		    strcmp(word, "USE64BITINT") != 0)
			snprintf(key->core, KEY_WORD, "%.60s", word);
}

static void name_blis(const char *version, struct key *key)
{
	/* POSIX's way around ISO C, which knows no pointers to functions as pointers to objects */
	int (*query_core)(void) = NULL;
	const char *(*name_core)(int) = NULL;
	*(void **)&query_core = dlsym(RTLD_DEFAULT, "bli_arch_query_id");
	*(void **)&name_core = dlsym(RTLD_DEFAULT, "bli_arch_string");
	snprintf(key->provider, KEY_WORD, "BLIS-%.50s", version);
	if (query_core != NULL && name_core != NULL)
		snprintf(key->core, KEY_WORD, "%.60s", name_core(query_core()));
	for (char *at = key->provider; *at != '\0'; at++)
		if (*at == ' ')
			*at = '-';
}

void key_of_this_process(struct key *key)
{
	const char *blas = mlp_build_info(MLP_BUILD_BLAS);
	const char *config = mlp_build_info(MLP_BUILD_BLAS_CONFIG);
	struct utsname machine;
	char compiler[KEY_WORD];
	int major = 0;
	snprintf(key->provider, KEY_WORD, "unknown");
	snprintf(key->core, KEY_WORD, "unknown");
	if (strcmp(blas, "OpenBLAS") == 0)
		name_openblas(config, key);
	else if (strcmp(blas, "BLIS") == 0)
		name_blis(config, key);
	else
		name_by_file(key);
	if (sscanf(mlp_build_info(MLP_BUILD_COMPILER), "%31s %d", compiler, &major) == 2)
		snprintf(key->compiler, KEY_WORD, "%.31s-%d/%.20s", compiler, major,
			 uname(&machine) >= 0 ? machine.machine : "unknown");
	else
		snprintf(key->compiler, KEY_WORD, "unknown");
#ifdef __GLIBC__
	snprintf(key->libc, KEY_WORD, "glibc-%.50s", gnu_get_libc_version());
#else
	snprintf(key->libc, KEY_WORD, "libc");
#endif
}
