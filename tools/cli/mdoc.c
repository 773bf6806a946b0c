/* The lists of options of mlp(1), from the table. They stand in man/mlp.1; a test compares. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

static void mdoc_line(const char *text, int length)
{
	if (length > 0 && (*text == '.' || *text == '\''))
		fputs("\\&", stdout);
	for (int i = 0; i < length; i++)
		fputs(text[i] == '\\' ? "\\e" : (char[]){text[i], '\0'}, stdout);
	putchar('\n');
}

static void mdoc_option(const struct option_row *row, const struct command *command)
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
	for (const char *line = row->help;; line += strcspn(line, "\n") + 1) {
		mdoc_line(line, (int)strcspn(line, "\n"));
		if (line[strcspn(line, "\n")] == '\0')
			break;
		puts(".br");
	}
	if (row->kind == OPTION_CHOICE)
		printf(".br\nOne of: %s.\n", row->choices);
}

/* The lists of options of mlp(1), one per command. */
void print_mdoc(void)
{
	for (size_t i = 0; i < command_count; i++) {
		printf(".Ss mlp %s Oo Ar option ... Oc", commands[i].name);
		if (*commands[i].arguments != '\0')
			printf(" %s", commands[i].arguments);
		putchar('\n');
		for (const char *line = commands[i].text;; line += strcspn(line, "\n") + 1) {
			int length = (int)strcspn(line, "\n");
			if (length == 0)
				puts(".Pp");
			else
				mdoc_line(line, length);
			if (line[length] == '\0')
				break;
		}
		puts(".Bl -tag -width Ds");
		for_each_option(&commands[i], mdoc_option);
		puts(".El");
	}
}
