/* What the two halves of the preloaded library share. */
#ifndef MLP_TESTS_FAULT_FAULTS_H
#define MLP_TESTS_FAULT_FAULTS_H

#include <stdbool.h>

/* Whether this call is the one that fails; errno is set then. */
bool fault_due(const char *name, const void *caller);

/* Whether it is to take half of what it could, instead of failing. */
bool fault_is_short(void);

/* Put a stream in place of stdout whose writes can fail. */
void fault_watch_stdout(void);

#endif
