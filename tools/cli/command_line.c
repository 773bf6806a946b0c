/* The command line as it was typed. */
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "command/commands.h"

static char *typed;

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
	free(typed);
	typed = quoted(argv[0]);
	for (int i = 1; i < argc; i++) {
		char *word = quoted(argv[i]), *longer = make_text("%s %s", typed, word);
		free(word);
		free(typed);
		typed = longer;
	}
}

char *command_line(const char *added)
{
	return make_text("%s%s", typed, added);
}
