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

static void catch (int number)
{
	/* SA_RESETHAND: the second signal finds the default action */
	struct sigaction action = {.sa_handler = note_interrupt,
				   .sa_flags = SA_RESETHAND | SA_RESTART};
	struct sigaction before;
	sigemptyset(&action.sa_mask);
	/* what the parent had ignored, as nohup does, stays so */
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void catch_interrupts(void)
{
	catch (SIGINT);
	catch (SIGTERM);
}

bool is_interrupted(void)
{
	return interrupted != 0;
}
