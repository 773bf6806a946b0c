/* A test program that a hang cannot outlast: it runs in a child, which is killed with all that it started when its
 * time is up, whatever its threads wait for and whichever signals they block. */
#ifndef MLP_TESTS_SUPPORT_WATCHDOG_H
#define MLP_TESTS_SUPPORT_WATCHDOG_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

enum { WATCHDOG_EXPIRED = 124, WATCHDOG_SIGNALED = 128 };

/* Times as long for a program that is asked to do `factor` times as much: its first argument. */
static inline int watchdog_factor(int argc, char **argv)
{
	int factor = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;
	return factor > 0 ? factor : 1;
}

/* Wait for the end of a child for at most so long; whether it came. SIGCHLD is blocked. */
static inline int watchdog_wait(pid_t child, double seconds, int *status)
{
	struct timespec now, end;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	end.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
	for (;;) {
		if (waitpid(child, status, WNOHANG) == child)
			return 1;
		clock_gettime(CLOCK_MONOTONIC, &now);
		double rest = (double)(end.tv_sec - now.tv_sec) +
			      (double)(end.tv_nsec - now.tv_nsec) * 1e-9;
		if (rest <= 0)
			return 0;
		struct timespec most = {.tv_sec = rest < 1 ? 0 : 1,
					.tv_nsec = rest < 1 ? (long)(rest * 1e9) : 0};
		sigset_t ended;
		sigemptyset(&ended);
		sigaddset(&ended, SIGCHLD);
		(void)sigtimedwait(&ended, NULL, &most); /* looks again however it ends */
	}
}

/* run(context) in a child, for at most so many seconds. Returns what it returned, WATCHDOG_SIGNALED + n if signal
 * n ended it, WATCHDOG_EXPIRED if it had to be killed. To be called before the program has threads. */
static inline int watchdog_run(double seconds, int (*run)(void *context), void *context)
{
	sigset_t ended, before;
	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	fflush(NULL);
	pid_t child = fork();
	if (child < 0) {
		perror("watchdog: fork");
		return EXIT_FAILURE;
	}
	if (child == 0) {
		setpgid(0, 0); /* what it starts is killed with it */
#if defined(__linux__)
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* nor does it outlast the watchdog */
#endif
		sigprocmask(SIG_SETMASK, &before, NULL);
		exit(run(context));
	}
	setpgid(child, child); /* whichever of the two comes first */
	int status = 0, in_time = watchdog_wait(child, seconds, &status);
	kill(-child, SIGKILL); /* also what a child that came to its end left behind */
	if (!in_time) {
		fprintf(stderr, "watchdog: no end after %g s: killed\n", seconds);
		waitpid(child, &status, 0);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!in_time)
		return WATCHDOG_EXPIRED;
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "watchdog: ended by signal %d\n", WTERMSIG(status));
		return WATCHDOG_SIGNALED + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

#endif
