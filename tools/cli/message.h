/* What the command says, and how it ends. */
#ifndef MLP_TOOLS_MESSAGE_H
#define MLP_TOOLS_MESSAGE_H

#include <mlp/status.h>
#include <stdbool.h>

/* The exit status, as in mlp(1). */
enum exit_code {
	DONE = 0,
	FAILED = 1,       /* something went wrong at work: memory, a file that cannot be written */
	BAD_USAGE = 2,    /* the command line */
	BAD_FILE = 3,     /* a file that is read is missing, or not what it should be */
	DIVERGED = 4,     /* training ran into numbers that are not finite */
	CHECK_FAILED = 5, /* mlp check: the gradients disagree */
	/* 128 and the signal's number; what was trained is in the checkpoint */
	HUNG_UP = 129,
	INTERRUPTED = 130,
	TERMINATED = 143
};

/* All of these write one line, in which no control character gets to the terminal: it is shown as \xNN. */

/* On stderr: "mlp: " and the message. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether anything was complained of: what there is no memory for then is not worth another line. */
bool has_complained(void);

/* From now on every complaint is handed on too, without the "mlp: ". */
void hand_complaints_to(void (*listener)(const char *text));

/* As complain(), a warning: "mlp: warning: ...". Not written after messages_be_quiet(). */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As warn(), written also after messages_be_quiet(): of answers that are none. */
void warn_always(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* On stdout for people. Not written after messages_be_quiet(). */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* On stdout: what the command was called for, written also after messages_be_quiet(). */
void answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* say() or answer(). */
typedef void (*line_writer)(const char *format, ...);

void messages_be_quiet(void);

/* Complains about a call of the library that failed, and gives the exit status for it; DONE, silently, for
 * MLP_OK. `what` is what was being done, such as a file's name; NULL: nothing is put before. */
enum exit_code judge(mlp_status status, const char *what);

/* The same of a call that was given numbers of a file: those it refuses are the file's fault. */
enum exit_code judge_numbers(mlp_status status);

/* Writes what stdout has kept so far; a failure is told at the end. */
void flush_output(void);

/* Closes stdout, so that a full disk is noticed: FAILED then, unless `code` says already that something failed. */
enum exit_code close_output(enum exit_code code);

#endif
