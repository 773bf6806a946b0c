/* Version, ABI number, build info, features. */
#include "support/test.h"

static void version_of_library_is_version_of_header(void **state)
{
	(void)state;
	char expected[32];
	snprintf(expected, sizeof(expected), "%d.%d.%d", MLP_VERSION_MAJOR, MLP_VERSION_MINOR,
		 MLP_VERSION_PATCH);
	assert_int_equal(mlp_version(), MLP_VERSION);
	assert_int_equal(mlp_abi_version(), MLP_ABI_VERSION);
	assert_string_equal(mlp_version_string(), expected);
	assert_string_equal(mlp_build_info(MLP_BUILD_VERSION), expected);
	assert_ok(MLP_CHECK_HEADER());
}

static void header_of_other_abi_or_newer_version_is_refused(void **state)
{
	(void)state;
	assert_ok(mlp_check_header(MLP_VERSION - 1, MLP_ABI_VERSION));
	assert_fails(MLP_ERR_VERSION, "ABI 77", mlp_check_header(MLP_VERSION, 77));
	assert_fails(MLP_ERR_VERSION, "version 999999", mlp_check_header(999999, MLP_ABI_VERSION));
}

static void build_info_names_the_blas(void **state)
{
	(void)state;
	for (int item = MLP_BUILD_VERSION; item <= MLP_BUILD_RULE; item++) {
		assert_non_null(mlp_build_info((mlp_build_item)item));
		print_message("build info %d: %s\n", item, mlp_build_info((mlp_build_item)item));
	}
	assert_null(mlp_build_info((mlp_build_item)0));
	assert_null(mlp_build_info((mlp_build_item)(MLP_BUILD_RULE + 1)));
	const char *bits = mlp_build_info(MLP_BUILD_BLAS_INTEGER);
	assert_true(strcmp(bits, "32") == 0 || strcmp(bits, "64") == 0);
}

static void features_of_this_version_are_there_and_unknown_ones_are_not(void **state)
{
	(void)state;
	assert_int_equal(mlp_has_feature(MLP_FEATURE_F32), 1);
	assert_int_equal(mlp_has_feature(MLP_FEATURE_F64), 1);
	assert_int_equal(mlp_has_feature(MLP_FEATURE_TRACE), 1);
	assert_int_equal(mlp_has_feature(MLP_FEATURE_ALLOCATOR), 1);
	assert_int_equal(mlp_has_feature(MLP_FEATURE_POOL), 1);
	int serial = strcmp(mlp_build_info(MLP_BUILD_BLAS_THREADS), "serial") == 0;
	assert_int_equal(mlp_has_feature(MLP_FEATURE_BLAS_LOCK), serial);
	assert_int_equal(mlp_has_feature((mlp_feature)12345), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_of_library_is_version_of_header),
		cmocka_unit_test(header_of_other_abi_or_newer_version_is_refused),
		cmocka_unit_test(build_info_names_the_blas),
		cmocka_unit_test(features_of_this_version_are_there_and_unknown_ones_are_not),
	};
	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
