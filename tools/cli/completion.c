/* Completion scripts for the shells, from the table of options. They are installed from tools/completion; a
 * test compares those with what is written here. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

void for_each_option(const struct command *command, option_writer write)
{
	for (size_t g = 0; g < option_group_count; g++)
		for (size_t i = 0; i < option_groups[g].count; i++)
			if (option_groups[g].rows[i].commands & command->bit)
				write(&option_groups[g].rows[i], command);
}

/* The first line of an option's help. */
static int first_line(const struct option_row *row)
{
	return (int)strcspn(row->help, "\n");
}

static void bash_name(const struct option_row *row, const struct command *command)
{
	(void)command;
	printf(" --%s", row->name);
}

/* What follows an option that takes an argument: "train,--target|train,-t) return ;;". */
static void bash_choices(const struct option_row *row, const struct command *command)
{
	if (row->kind == OPTION_FLAG)
		return;
	printf("\t%s,--%s", command->name, row->name);
	if (row->letter != 0)
		printf(" | %s,-%c", command->name, row->letter);
	if (row->choices != NULL)
		printf(") words='%s' ;;\n", row->choices);
	else
		puts(row->kind == OPTION_FILE ? ") files=yes ;;" : ") return ;;");
}

static void print_bash(void)
{
	puts("# bash completion for mlp, made by `mlp completion bash`.\n"
	     "_mlp() {\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tlocal command=${COMP_WORDS[1]} words='' files=''\n"
	     "\tCOMPREPLY=()\n"
	     "\tif ((COMP_CWORD == 1)); then");
	printf("\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < command_count; i++)
		printf("%s ", commands[i].name);
	puts("--help --version' -- \"$word\")\n\t\treturn\n\tfi\n\tcase $command,$before in");
	for (size_t i = 0; i < command_count; i++)
		for_each_option(&commands[i], bash_choices);
	puts("\t*)\n\t\tfiles=yes\n\t\t[[ $word == -* ]] && case $command in");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t\t%s) words='", commands[i].name);
		for_each_option(&commands[i], bash_name);
		puts("' files='' ;;");
	}
	puts("\t\tesac");
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].words != NULL)
			printf("\t\t[[ $word != -* && $command == %s ]] && words='%s' files=''\n",
			       commands[i].name, commands[i].words);
	puts("\t\t;;\n\tesac\n"
	     "\tif [[ -n $files ]]; then\n"
	     "\t\tcompopt -o filenames 2>/dev/null\n"
	     "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
	     "\telse\n"
	     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	     "\tfi\n"
	     "}\n"
	     "complete -F _mlp mlp");
}

/* Text between the brackets of zsh's _arguments, inside single quotes. */
static void zsh_text(const char *text, int length)
{
	for (int i = 0; i < length; i++) {
		if (text[i] == '\'')
			fputs("'\\'", stdout);
		else if (text[i] == '[' || text[i] == ']' || text[i] == ':')
			putchar('\\');
		putchar(text[i]);
	}
}

static void zsh_option(const struct option_row *row, const struct command *command)
{
	(void)command;
	fputs("\t\t\t", stdout);
	if (row->letter != 0)
		printf("'(-%c --%s)'{-%c%s,--%s%s}'[", row->letter, row->name, row->letter,
		       row->kind == OPTION_FLAG ? "" : "+", row->name,
		       row->kind == OPTION_FLAG ? "" : "=");
	else
		printf("'--%s%s[", row->name, row->kind == OPTION_FLAG ? "" : "=");
	zsh_text(row->help, first_line(row));
	putchar(']');
	if (row->choices != NULL)
		printf(":%s:(%s)", row->name, row->choices);
	else if (row->kind == OPTION_FILE)
		printf(":%s:_files", row->name);
	else if (row->kind != OPTION_FLAG)
		printf(":%s: ", row->name);
	puts("' \\");
}

static void print_zsh(void)
{
	puts("#compdef mlp\n"
	     "# zsh completion for mlp, made by `mlp completion zsh`.\n"
	     "_mlp() {\n"
	     "\tlocal -a commands=(");
	for (size_t i = 0; i < command_count; i++)
		printf("\t\t'%s:%s'\n", commands[i].name, commands[i].summary);
	puts("\t)\n"
	     "\tif ((CURRENT == 2)); then\n"
	     "\t\t_describe command commands\n"
	     "\t\t_arguments '--help[write help]' '--version[write the version]'\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tlocal command=$words[2]\n"
	     "\tshift words\n"
	     "\t((CURRENT--))\n"
	     "\tcase $command in");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t%s)\n\t\t_arguments -s \\\n", commands[i].name);
		for_each_option(&commands[i], zsh_option);
		if (commands[i].words != NULL)
			printf("\t\t\t'*:word:(%s)'\n\t\t;;\n", commands[i].words);
		else
			puts("\t\t\t'*:file:_files'\n\t\t;;");
	}
	puts("\tesac\n}\n_mlp \"$@\"");
}

static void fish_option(const struct option_row *row, const struct command *command)
{
	printf("complete -c mlp -n '__fish_seen_subcommand_from %s' -l %s", command->name,
	       row->name);
	if (row->letter != 0)
		printf(" -s %c", row->letter);
	if (row->choices != NULL)
		printf(" -x -a '%s'", row->choices);
	else if (row->kind != OPTION_FLAG)
		fputs(row->kind == OPTION_FILE ? " -r -F" : " -x", stdout);
	fputs(" -d '", stdout);
	for (int i = 0; i < first_line(row); i++)
		printf(row->help[i] == '\'' ? "\\%c" : "%c", row->help[i]);
	puts("'");
}

static void print_fish(void)
{
	puts("# fish completion for mlp, made by `mlp completion fish`.\n"
	     "complete -c mlp -n __fish_use_subcommand -f -l help -d 'write help'\n"
	     "complete -c mlp -n __fish_use_subcommand -f -l version -d 'write the version'");
	for (size_t i = 0; i < command_count; i++) {
		printf("complete -c mlp -n __fish_use_subcommand -f -a %s -d '%s'\n",
		       commands[i].name, commands[i].summary);
		if (commands[i].words != NULL)
			printf("complete -c mlp -n '__fish_seen_subcommand_from %s' -f -a '%s'\n",
			       commands[i].name, commands[i].words);
	}
	for (size_t i = 0; i < command_count; i++)
		for_each_option(&commands[i], fish_option);
}

bool print_completion(const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		print_bash();
	else if (strcmp(shell, "zsh") == 0)
		print_zsh();
	else if (strcmp(shell, "fish") == 0)
		print_fish();
	else
		return false;
	return true;
}
