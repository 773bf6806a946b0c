/* Running a few lines in a forked child, with a watchdog: a child that hangs is ended by a signal. */
#ifndef MLP_TESTS_FAULT_CHILD_H
#define MLP_TESTS_FAULT_CHILD_H

#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

enum { CHILD_SECONDS = 20 };

/* run(context) returns 0 in a child, or the line number of what went wrong. CMocka's assertions may not
 * be used in it. */
static inline void assert_child_succeeds(int (*run)(void *context), void *context)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(CHILD_SECONDS);
		_exit(run(context));
	}
	int status;
	assert_true(waitpid(child, &status, 0) == child);
	if (WIFSIGNALED(status))
		fail_msg("the child was ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		fail_msg("the child failed at line %d (modulo 256)", WEXITSTATUS(status));
}

/* For use in such a function. */
#define CHILD_EXPECTS(condition)                                                                   \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__;                                                           \
	} while (0)

#endif
