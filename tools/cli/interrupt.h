/* Ctrl-C, SIGTERM, and a terminal that is closed: work is asked to end, and a second signal ends it at once. */
#ifndef MLP_TOOLS_INTERRUPT_H
#define MLP_TOOLS_INTERRUPT_H

#include <stdbool.h>

#include "cli/message.h"

/* From here to the end of the command a signal ends it as ever, but `clean_up` is called before; it does only what
 * a handler of signals may. */
void clean_up_at_signals(void (*clean_up)(void));

/* From here to the second call the signals are noted; outside they end the command at once. */
void catch_interrupts(void);
void release_interrupts(void);

/* A signal that comes between the two calls comes at the second: the library is writing a file, which is to be whole
 * or not there. The second signal ends the command at once. Not nested. */
void hold_signals(void);
void let_signals_come(void);

/* From here on a pipe that nobody reads any more is an error of writing, and not the end: who read the log may have got
 * the same Ctrl-C, and be gone sooner. */
void outlive_readers(void);

bool is_interrupted(void);

/* The exit status for the signal that came. */
enum exit_code interruption(void);

#endif
