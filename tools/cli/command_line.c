/* The command line as it was typed. */
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "command/commands.h"

static char *program, *arguments; /* "mlp train", " data.csv ..." */

/* Whether a shell takes the word as it is. */
static int is_plain(const char *word)
{
	return *word != '\0' &&
	       word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "-_./,:=+@%")] == '\0';
}

/* The word in quotes: ' becomes '\''. From malloc. */
static char *quoted(const char *word)
{
	if (is_plain(word))
		return make_text("%s", word);
	char *text = make(4 * strlen(word) + 3, 1), *end = text;
	*end++ = '\'';
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			*end++ = '\'';
			*end++ = '\\';
			*end++ = '\'';
		}
		*end++ = *word;
	}
	*end = '\'';
	return text;
}

void remember_command_line(int argc, char **argv)
{
	free(program);
	free(arguments);
	program = make_text("%s", "");
	arguments = make_text("%s", "");
	for (int i = 0; i < argc; i++) {
		char **part = i < 2 ? &program : &arguments;
		char *word = quoted(argv[i]);
		char *longer = make_text("%s%s%s", *part, i > 0 ? " " : "", word);
		free(word);
		free(*part);
		*part = longer;
	}
}

char *command_line(const char *option)
{
	return make_text("%s%s%s%s", program, *option != '\0' ? " " : "", option, arguments);
}
