/* The path for small products is taken for there only where OpenBLAS has it: by version and processor. This
 * program says of itself that it is one OpenBLAS after another. */
#include <stdbool.h>

#include "blas/provider.h"
#include "child.h"
#include "support/test.h"

static int parallel = 1;
static char *config;

int openblas_get_parallel(void);
char *openblas_get_config(void);

int openblas_get_parallel(void)
{
	return parallel;
}

char *openblas_get_config(void)
{
	return config;
}

struct library {
	const char *config;
	bool has_path;
};

static struct library libraries[] = {
	{"OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64", true},
	{"OpenBLAS 0.3.18 DYNAMIC_ARCH SapphireRapids MAX_THREADS=64", true},
	{"OpenBLAS 0.3.30.dev DYNAMIC_ARCH Cooperlake MAX_THREADS=64", true},
	{"OpenBLAS 1.0.0 SkylakeX", true},
	{"OpenBLAS 0.4.0 SkylakeX", true},
	{"OpenBLAS 0.3.17 DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64", false},
	{"OpenBLAS 0.3.3 SkylakeX", false},
	{"OpenBLAS 0.2.20 SkylakeX", false},
	{"OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64", false},
	{"OpenBLAS 0.3.21 DYNAMIC_ARCH Haswell", false},
	{"OpenBLAS 0.3 SkylakeX", false},
	{"OpenBLAS SkylakeX", false},
	{"NO_LAPACKE DYNAMIC_ARCH SkylakeX", false}, /* before versions were told */
	{"", false},
};

/* In a child of its own: what the BLAS says is asked once in a process. */
static int look(void *context)
{
	const struct library *library = context;
	char copy[128];
	snprintf(copy, sizeof(copy), "%s", library->config);
	config = copy;
	CHILD_EXPECTS(mlp_blas_has_small_path() == library->has_path);
	return 0;
}

static void path_is_known_by_version_and_processor(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		assert_child_succeeds(look, &libraries[i]);
}

static void only_openblas_has_it(void **state)
{
	(void)state;
	struct library other = {libraries[0].config, false};
	parallel = -1;
	assert_child_succeeds(look, &other);
	parallel = 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_is_known_by_version_and_processor),
		cmocka_unit_test(only_openblas_has_it),
	};
	return cmocka_run_group_tests_name("small_path", tests, NULL, NULL);
}
