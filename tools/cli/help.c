/* --help. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

enum { HELP_COLUMN = 30 };

/* "  -t, --target COLUMN", padded, and its length. */
static void print_option(const struct option_row *row)
{
	char left[80];
	int length = snprintf(
		left, sizeof left, row->letter != 0 ? "  -%c, --%s%s%s" : "  %c   --%s%s%s",
		row->letter != 0 ? row->letter : ' ', row->name, row->argument != NULL ? " " : "",
		row->argument != NULL ? row->argument : "");
	printf("%-*s", HELP_COLUMN, left);
	if (length >= HELP_COLUMN - 1)
		printf("\n%-*s", HELP_COLUMN, "");
	for (const char *c = row->help; *c != '\0'; c++) {
		putchar(*c);
		if (*c == '\n')
			printf("%-*s", HELP_COLUMN, "");
	}
	putchar('\n');
	if (row->kind == OPTION_CHOICE) {
		int column = printf("%-*s", HELP_COLUMN, "");
		size_t word_length = 0;
		for (size_t i = 0; word_of(row->choices, i, &word_length) != NULL; i++) {
			const char *word = word_of(row->choices, i, &word_length);
			if (i > 0 && column + (int)word_length + 2 > 100) {
				printf("\n%-*s", HELP_COLUMN, "");
				column = HELP_COLUMN;
			}
			column += printf("%s%.*s",
					 i == 0                  ? "["
					 : column == HELP_COLUMN ? ""
								 : " ",
					 (int)word_length, word);
		}
		puts("]");
	}
}

void print_command_help(const struct command *command)
{
	printf("usage: mlp %s [option...]%s%s\n\n%s\n", command->name,
	       *command->arguments != '\0' ? " " : "", command->arguments, command->text);
	for (size_t g = 0; g < option_group_count; g++) {
		const struct option_group *group = &option_groups[g];
		bool titled = false;
		for (size_t i = 0; i < group->count; i++) {
			if (!(group->rows[i].commands & command->bit))
				continue;
			if (!titled)
				printf("\n%s\n", group->title);
			titled = true;
			print_option(&group->rows[i]);
		}
	}
}

void print_help(void)
{
	puts("usage: mlp COMMAND [option...] [argument...]\n\n"
	     "Trains and runs multilayer perceptrons on files of numbers.\n\n"
	     "Commands");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-9s %-20s %s\n", commands[i].name, commands[i].arguments,
		       commands[i].summary);
	puts("\nTo begin\n"
	     "  mlp train houses.csv --target price     learns, and writes houses.safetensors\n"
	     "  mlp predict houses.safetensors new.csv  writes a line for each row of new.csv\n\n"
	     "mlp help COMMAND tells the options of a command, man mlp everything,\n"
	     "mlp --version which version of the library and which BLAS it runs on.\n\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a file is not what it should be,\n"
	     "4 training diverged, 5 gradients disagree (check),\n"
	     "129, 130, 143 interrupted by SIGHUP, SIGINT, SIGTERM.");
}
