/* Ctrl-C, SIGTERM, and a terminal that is closed. */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

enum { SIGNALS = 3 };
static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
static struct sigaction before[SIGNALS];

static volatile sig_atomic_t received; /* the signal's number; 0: none */

static void note_interrupt(int number)
{
	received = number;
}

static void (*last_work)(void);

/* By a note and not by the thread's mask: the BLAS has threads of its own, one of which would get the signal. */
static volatile sig_atomic_t holding, held; /* held: the signal's number; 0: none */

/* The default action is there again, and the signal is not blocked (SA_NODEFER): the command ends in raise(). */
static void end(int number)
{
	if (holding) {
		held = number;
		return;
	}
	last_work();
	raise(number);
}

void hold_signals(void)
{
	holding = 1;
}

void let_signals_come(void)
{
	holding = 0;
	if (held != 0)
		end(held);
}

void clean_up_at_signals(void (*clean_up)(void))
{
	struct sigaction action = {.sa_handler = end}, old;
	action.sa_flags = (int)SA_RESETHAND | SA_NODEFER;
	sigemptyset(&action.sa_mask);
	last_work = clean_up;
	for (int i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

void catch_interrupts(void)
{
	/* SA_RESETHAND: the second signal finds the default action */
	struct sigaction action = {.sa_handler = note_interrupt};
	action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
	sigemptyset(&action.sa_mask);
	/* what the parent had ignored, as nohup does, stays so */
	for (int i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

void release_interrupts(void)
{
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
}

void outlive_readers(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
}

bool is_interrupted(void)
{
	return received != 0;
}

enum exit_code interruption(void)
{
	return received == SIGHUP ? HUNG_UP : received == SIGTERM ? TERMINATED : INTERRUPTED;
}
