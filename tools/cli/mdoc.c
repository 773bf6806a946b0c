/* The lists of options of mlp(1), from the table. They stand in man/mlp.1; a test compares. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

enum { WIDTH = 78 };

/* A word, at the beginning of a line or behind others. */
static void put_word(const char *word, size_t length, int *column)
{
	if (*column > 0 && *column + 1 + (int)length > WIDTH) {
		putchar('\n');
		*column = 0;
	}
	if (*column > 0)
		*column += printf(" ");
	else if (*word == '.' || *word == '\'')
		fputs("\\&", stdout); /* else it would be a request */
	for (size_t i = 0; i < length; i++)
		fputs(word[i] == '\\' ? "\\e" : (char[]){word[i], '\0'}, stdout);
	*column += (int)length;
	/* a sentence ends its line, so that the space behind it comes out right */
	if (length > 1 && word[length - 1] == '.') {
		putchar('\n');
		*column = 0;
	}
}

static void end_line(int *column)
{
	if (*column > 0)
		putchar('\n');
	*column = 0;
}

/* Lines of help, filled; one that begins with "default" or "Default" stands by itself. */
static void put_help(const char *text)
{
	int column = 0;
	while (*text != '\0') {
		size_t length = strcspn(text, " \n");
		if (length > 0)
			put_word(text, length, &column);
		text += length;
		if (strncmp(text, "\ndefault", 8) == 0) {
			end_line(&column);
			puts(".br");
		}
		text += *text != '\0';
	}
	end_line(&column);
}

static void put_option(const struct option_row *row, const struct command *command)
{
	(void)command;
	fputs(".It", stdout);
	if (row->letter != 0) {
		printf(" Fl %c", row->letter);
		if (row->argument != NULL)
			printf(" Ar %s", row->argument);
		fputs(" ,", stdout);
	}
	printf(" Fl -%s", row->name);
	if (row->argument != NULL)
		printf(" Ar %s", row->argument);
	putchar('\n');
	put_help(row->help);
	if (row->kind == OPTION_CHOICE) {
		puts(".br");
		put_help("One of:");
		put_help(row->choices);
	}
}

/* A line of its own; quotes would group words there. */
static void put_example(const char *line, size_t length)
{
	fputs(".Dl ", stdout);
	for (size_t i = 0; i < length; i++)
		if (line[i] == '"')
			fputs("\\(dq", stdout);
		else
			putchar(line[i]);
	putchar('\n');
}

/* A command's text: paragraphs, and examples, which are indented there. */
static void put_text(const char *text)
{
	char paragraph[2000];
	while (*text != '\0') {
		const char *end = strstr(text, "\n\n");
		size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
		if (strncmp(text, "  ", 2) == 0) {
			for (size_t i = 0; i < length;) {
				size_t line = strcspn(text + i, "\n");
				line = line > length - i ? length - i : line;
				put_example(text + i + 2, line - 2);
				i += line + 1;
			}
		} else {
			snprintf(paragraph, sizeof paragraph, "%.*s", (int)length, text);
			put_help(paragraph);
		}
		text += length;
		if (*text != '\0') {
			puts(".Pp");
			text += 2;
		}
	}
}

void print_mdoc(void)
{
	for (size_t i = 0; i < command_count; i++) {
		printf(".Ss mlp %s\n", commands[i].name);
		printf(".D1 Nm Cm %s Oo Ar option ... Oc Ar %s\n.Pp\n", commands[i].name,
		       commands[i].arguments);
		put_text(commands[i].text);
		puts(".Bl -tag -width Ds");
		for_each_option(&commands[i], put_option);
		puts(".El");
	}
}
