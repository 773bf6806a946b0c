/* What the command says, and how it ends. */
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/utf8.h"

static bool quiet;
static int output_error; /* of the first failure to write to standard output */
static void (*listener_of_complaints)(const char *text);
static bool complaints; /* there were some */
static bool listening;  /* what the listener complains of itself comes of what was complained of */

void hand_complaints_to(void (*listener)(const char *text))
{
	listener_of_complaints = listener;
}

void flush_output(void)
{
	if (fflush(stdout) != 0 && output_error == 0)
		output_error = errno;
}

/* Names of files, columns and categories can hold anything; a terminal must not obey it. Control characters, those
 * of the upper half too, and bytes that are no UTF-8 are shown as \xNN. */
static void put_clean(FILE *file, const char *text)
{
	for (size_t length = strlen(text); length > 0;) {
		const unsigned char *c = (const unsigned char *)text;
		size_t size = utf8_size(text, length);
		bool is_control = size == 0 || c[0] < 0x20 || c[0] == 0x7f ||
				  (c[0] == 0xc2 && c[1] < 0xa0); /* U+0080 .. U+009F */
		size = size > 0 ? size : 1;
		for (size_t i = 0; i < size && is_control; i++)
			fprintf(file, "\\x%02x", (unsigned)c[i]);
		if (!is_control)
			fwrite(text, 1, size, file);
		text += size;
		length -= size;
	}
}

/* A line, all of it in one call of the system where it fits into the file's buffer. False, and nothing is written,
 * if there is no memory for it; on stderr it is cut then. */
static bool put(FILE *file, const char *before, const char *format, va_list arguments)
{
	char small[500], *large = NULL;
	va_list again;
	va_copy(again, arguments);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	int length = vsnprintf(small, sizeof small, format, arguments);
	if (length >= (int)sizeof small && (large = malloc((size_t)length + 1)) != NULL)
		vsnprintf(large, (size_t)length + 1, format, again);
	va_end(again);
	if (length >= (int)sizeof small && large == NULL && file != stderr)
		return false;
	fputs(before, file);
	put_clean(file, large != NULL ? large : small);
	fputc('\n', file);
	free(large);
	return true;
}

bool has_complained(void)
{
	return complaints;
}

void complain(const char *format, ...)
{
	va_list arguments;
	if (listening)
		return;
	complaints = true;
	va_start(arguments, format);
	flush_output();
	(void)put(stderr, "mlp: ", format, arguments);
	va_end(arguments);
	if (listener_of_complaints == NULL)
		return;
	char text[1000];
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	listening = true;
	listener_of_complaints(text);
	listening = false;
}

static void put_warning(const char *format, va_list arguments)
{
	flush_output();
	(void)put(stderr, "mlp: warning: ", format, arguments);
}

void warn(const char *format, ...)
{
	if (quiet)
		return;
	va_list arguments;
	va_start(arguments, format);
	put_warning(format, arguments);
	va_end(arguments);
}

void warn_always(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	put_warning(format, arguments);
	va_end(arguments);
}

static void put_answer(const char *format, va_list arguments)
{
	if (put(stdout, "", format, arguments))
		return;
	complain("out of memory"); /* half of an answer is none */
	exit(FAILED);
}

void say(const char *format, ...)
{
	if (quiet)
		return;
	va_list arguments;
	va_start(arguments, format);
	put_answer(format, arguments);
	va_end(arguments);
	flush_output();
}

void answer(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	put_answer(format, arguments);
	va_end(arguments);
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

enum exit_code judge_numbers(mlp_status status)
{
	if (status != MLP_ERR_VALUE)
		return judge(status, NULL);
	complain("the data: %s", mlp_last_error());
	return BAD_FILE;
}

enum exit_code close_output(enum exit_code code)
{
	flush_output();
	bool failed = ferror(stdout) != 0;
	if (fclose(stdout) != 0 && !failed) {
		failed = errno !=
			 EBADF; /* closed before, which is no harm where nothing was written */
		output_error = errno;
	}
	if (!failed)
		return code;
	if (code == DONE) /* else there was a complaint, perhaps about this */
		complain("cannot write to standard output%s%s", output_error != 0 ? ": " : "",
			 output_error != 0 ? strerror(output_error) : "");
	return code != DONE ? code : FAILED;
}
