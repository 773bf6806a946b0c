/* Ctrl-C and SIGTERM: work is asked to end, and a second signal ends it at once. */
#ifndef MLP_TOOLS_INTERRUPT_H
#define MLP_TOOLS_INTERRUPT_H

#include <stdbool.h>

void catch_interrupts(void);
bool is_interrupted(void);

#endif
