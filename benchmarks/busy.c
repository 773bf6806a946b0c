/* Busy processes: children that count. */
#include "busy.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static const int fatal_signals[] = {SIGHUP, SIGINT, SIGTERM};
enum { FATAL_SIGNALS = sizeof fatal_signals / sizeof *fatal_signals };

static pid_t children[BUSY_LIMIT];
static volatile sig_atomic_t child_count;
static struct sigaction former[FATAL_SIGNALS];

/* Only what a signal handler may call. Returns whether all children ran until now. */
static bool end_children(void)
{
	bool all_ran = true;
	for (int i = 0; i < child_count; i++)
		all_ran = waitpid(children[i], NULL, WNOHANG) == 0 && all_ran;
	for (int i = 0; i < child_count; i++)
		kill(children[i], SIGKILL);
	for (int i = 0; i < child_count; i++)
		while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	child_count = 0;
	return all_ran;
}

static void handle_fatal_signal(int number)
{
	end_children();
	signal(number, SIG_DFL);
	raise(number); /* delivered when this handler returns */
}

static void stop_at_exit(void)
{
	busy_stop();
}

static _Noreturn void be_busy(pid_t parent, const sigset_t *mask, unsigned seconds)
{
	for (int i = 0; i < FATAL_SIGNALS; i++)
		signal(fatal_signals[i], SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	alarm(seconds);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the parent ends, even by SIGKILL */
#endif
	if (getppid() != parent) /* it ended before the line above */
		_exit(0);
	for (volatile unsigned count = 0;; count = count + 1)
		continue;
}

void busy_start(int64_t count, unsigned seconds)
{
	static bool is_registered = false;
	if (!is_registered)
		atexit(stop_at_exit);
	is_registered = true;

	struct sigaction action = {.sa_handler = handle_fatal_signal};
	sigset_t fatal, mask;
	sigemptyset(&fatal);
	for (int i = 0; i < FATAL_SIGNALS; i++)
		sigaddset(&fatal, fatal_signals[i]);
	action.sa_mask = fatal;
	sigprocmask(SIG_BLOCK, &fatal, &mask); /* until every child is in the list */
	for (int i = 0; i < FATAL_SIGNALS; i++)
		sigaction(fatal_signals[i], &action, &former[i]);

	pid_t self = getpid(), child = 0;
	fflush(NULL);
	while (child >= 0 && child_count < count) {
		child = fork();
		if (child == 0)
			be_busy(self, &mask, seconds);
		if (child > 0)
			children[child_count++] = child;
	}
	int error = errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (child < 0) {
		fprintf(stderr, "mlp-bench: cannot start a busy process: %s\n", strerror(error));
		exit(1);
	}
}

bool busy_stop(void)
{
	if (child_count == 0)
		return true;
	bool all_ran = end_children();
	for (int i = 0; i < FATAL_SIGNALS; i++)
		sigaction(fatal_signals[i], &former[i], NULL);
	return all_ran;
}
