/* What the command says, and how it ends. */
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool quiet;
static void (*listener_of_complaints)(const char *text);

void hand_complaints_to(void (*listener)(const char *text))
{
	listener_of_complaints = listener;
}

static void put(FILE *file, const char *before, const char *format, va_list arguments)
{
	fputs(before, file);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vfprintf(file, format, arguments);
	fputc('\n', file);
}

void complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fflush(stdout);
	put(stderr, "mlp: ", format, arguments);
	va_end(arguments);
	if (listener_of_complaints == NULL)
		return;
	char text[1000];
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	void (*listener)(const char *) = listener_of_complaints;
	listener_of_complaints = NULL; /* what it complains of itself is not for it */
	listener(text);
	listener_of_complaints = listener;
}

void warn(const char *format, ...)
{
	if (quiet)
		return;
	va_list arguments;
	va_start(arguments, format);
	fflush(stdout);
	put(stderr, "mlp: warning: ", format, arguments);
	va_end(arguments);
}

void say(const char *format, ...)
{
	if (quiet)
		return;
	va_list arguments;
	va_start(arguments, format);
	put(stdout, "", format, arguments);
	va_end(arguments);
	fflush(stdout);
}

void messages_be_quiet(void)
{
	quiet = true;
}

static enum exit_code code_of(mlp_status status)
{
	switch (status) {
	case MLP_OK:
		return DONE;
	case MLP_ERR_FORMAT:
	case MLP_ERR_LIMIT:
		return BAD_FILE;
	default:
		return FAILED;
	}
}

enum exit_code judge(mlp_status status, const char *what)
{
	if (status != MLP_OK)
		complain("%s%s%s", what != NULL ? what : "", what != NULL ? ": " : "",
			 mlp_last_error());
	return code_of(status);
}

enum exit_code close_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && fclose(stdout) == 0)
		return DONE;
	complain("cannot write to standard output: %s", strerror(errno));
	return FAILED;
}
