/* What every test includes: CMocka and the assertions of this project. */
#ifndef MLP_TESTS_SUPPORT_TEST_H
#define MLP_TESTS_SUPPORT_TEST_H

/* CMocka wants these four before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mlp/mlp.h>
#include <stdio.h>
#include <string.h>

#include "support/allclose.h"
#include "support/random.h"

/* The call succeeds; otherwise its error line is shown. */
#define assert_ok(call)                                                                            \
	do {                                                                                       \
		mlp_status status_ = (call);                                                       \
		if (status_ != MLP_OK)                                                             \
			fail_msg("%s: %s: %s", #call, mlp_status_name(status_), mlp_last_error()); \
	} while (0)

/* The call fails with this status, and its line contains `words`. */
#define assert_fails(expected, words, call)                                                        \
	do {                                                                                       \
		mlp_status status_ = (mlp_status)(call);                                           \
		if (status_ != (expected))                                                         \
			fail_msg("%s: %s instead of %s", #call, mlp_status_name(status_),          \
				 mlp_status_name(expected));                                       \
		if (strstr(mlp_last_error(), (words)) == NULL)                                     \
			fail_msg("%s: the line \"%s\" lacks \"%s\"", #call, mlp_last_error(),      \
				 (words));                                                         \
	} while (0)

#endif
