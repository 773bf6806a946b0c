/* Ctrl-C and SIGTERM. */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void catch_signal(int number)
{
	/* SA_RESETHAND: the second signal finds the default action */
	struct sigaction action = {.sa_handler = note_interrupt};
	struct sigaction before;
	action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
	sigemptyset(&action.sa_mask);
	/* what the parent had ignored, as nohup does, stays so */
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void catch_interrupts(void)
{
	catch_signal(SIGINT);
	catch_signal(SIGTERM);
}

bool is_interrupted(void)
{
	return interrupted != 0;
}
