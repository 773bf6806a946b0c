/* Reading of the command line. */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPTIONS = 100, LONGEST_NAME = 60 };

const char *word_of(const char *words, size_t i, size_t *length)
{
	for (; words != NULL && *words != '\0'; i--) {
		*length = strcspn(words, " ");
		if (i == 0)
			return words;
		words += *length;
		words += *words == ' ';
	}
	return NULL;
}

static bool is_one_of(const char *text, const char *words)
{
	size_t length = 0;
	const char *word;
	for (size_t i = 0; (word = word_of(words, i, &length)) != NULL; i++)
		if (strlen(text) == length && strncmp(text, word, length) == 0)
			return true;
	return false;
}

/* "a, b or c" of the words "a b c". */
static void list_words(const char *words, char *out, size_t room)
{
	size_t length = 0, used = 0, next = 0;
	for (size_t i = 0; word_of(words, i, &length) != NULL && used + length + 5 < room; i++) {
		bool last = word_of(words, i + 1, &next) == NULL;
		const char *word = word_of(words, i, &length);
		used += (size_t)snprintf(out + used, room - used, "%s%.*s",
					 i == 0 ? ""
					 : last ? " or "
						: ", ",
					 (int)length, word);
	}
}

/* Nothing that was given: see struct options. */
static struct options nothing_given(void)
{
	struct options options = {0};
	for (size_t g = 0; g < option_group_count; g++)
		for (size_t i = 0; i < option_groups[g].count; i++) {
			const struct option_row *row = &option_groups[g].rows[i];
			void *field = (char *)&options + row->offset;
			if (row->kind == OPTION_COUNT)
				*(int64_t *)field = -1;
			else if (row->kind == OPTION_NUMBER)
				*(double *)field = NAN;
		}
	return options;
}

static bool refuse(const struct command *command, const struct option_row *row, const char *text)
{
	char wanted[300];
	if (row->kind == OPTION_CHOICE)
		list_words(row->choices, wanted, sizeof wanted);
	else
		snprintf(wanted, sizeof wanted, "a %snumber from %.10g to %.10g",
			 row->kind == OPTION_COUNT ? "whole " : "", row->lowest, row->highest);
	complain("%s: --%s '%s': expected %s", command->name, row->name, text, wanted);
	return false;
}

static bool store(const struct command *command, const struct option_row *row, const char *text,
		  struct options *options)
{
	void *field = (char *)options + row->offset;
	char *end = NULL;
	errno = 0;
	if (row->kind == OPTION_FLAG) {
		*(bool *)field = true;
	} else if (row->kind == OPTION_NUMBER) {
		double number = strtod(text, &end);
		if (end == text || *end != '\0' ||
		    !(number >= row->lowest && number <= row->highest))
			return refuse(command, row, text);
		*(double *)field = number;
	} else if (row->kind == OPTION_COUNT) {
		long long number = strtoll(text, &end, 10);
		if (end == text || *end != '\0' || errno != 0 || (double)number < row->lowest ||
		    (double)number > row->highest)
			return refuse(command, row, text);
		*(int64_t *)field = number;
	} else {
		if (row->kind == OPTION_CHOICE && !is_one_of(text, row->choices))
			return refuse(command, row, text);
		*(const char **)field = text;
	}
	return true;
}

/* The options of a command, for getopt_long; rows[val - 1000] belongs to the option of that val. */
struct known {
	struct option longs[MOST_OPTIONS];
	const struct option_row *rows[MOST_OPTIONS];
	char letters[2 * MOST_OPTIONS + 3];
	int count;
};

enum { FIRST_VALUE = 1000 };

static void find_known(const struct command *command, struct known *known)
{
	char *letter = known->letters;
	*letter++ = ':';
	known->count = 0;
	for (size_t g = 0; g < option_group_count; g++)
		for (size_t i = 0; i < option_groups[g].count; i++) {
			const struct option_row *row = &option_groups[g].rows[i];
			if (!(row->commands & command->bit) || known->count == MOST_OPTIONS - 1)
				continue;
			int takes = row->kind == OPTION_FLAG ? no_argument : required_argument;
			known->longs[known->count] =
				(struct option){row->name, takes, NULL, FIRST_VALUE + known->count};
			known->rows[known->count++] = row;
			if (row->letter != 0) {
				*letter++ = row->letter;
				if (takes == required_argument)
					*letter++ = ':';
			}
		}
	known->longs[known->count] = (struct option){0};
	*letter = '\0';
}

static const struct option_row *row_of(const struct known *known, int value)
{
	if (value >= FIRST_VALUE)
		return known->rows[value - FIRST_VALUE];
	for (int i = 0; i < known->count; i++)
		if (known->rows[i]->letter == value)
			return known->rows[i];
	return NULL;
}

/* Edits from one text to the other (Levenshtein), of names up to LONGEST_NAME. */
static int distance(const char *a, const char *b)
{
	int row[LONGEST_NAME + 1], n = (int)strlen(b);
	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] != '\0'; i++) {
		int above_left = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int change = above_left + (a[i - 1] != b[j - 1]);
			int other = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);
			above_left = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[n];
}

/* The options that `name` is the beginning of, or, if there are none, those it is nearly: " --a, --b". */
static int list_candidates(const struct known *known, const char *name, char *out, size_t room)
{
	int count = 0;
	size_t used = 0, length = strlen(name);
	*out = '\0';
	for (int pass = 0; pass < 2 && count == 0 && length > 0; pass++)
		for (int i = 0; i < known->count; i++) {
			const char *other = known->longs[i].name;
			bool fits = pass == 0 ? strncmp(other, name, length) == 0
					      : length > 3 && strlen(other) <= LONGEST_NAME &&
							distance(name, other) <= 2;
			if (fits && used + strlen(other) + 5 < room)
				used += (size_t)snprintf(out + used, room - used, "%s --%s",
							 count++ > 0 ? "," : "", other);
		}
	return count;
}

/* A long option that is none, or that is the beginning of several. */
static void complain_of_name(const struct command *command, const struct known *known,
			     const char *given)
{
	char name[LONGEST_NAME + 1], candidates[300];
	snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given + 2);
	if (list_candidates(known, name, candidates, sizeof candidates) == 0)
		complain("%s: unknown option --%s; see mlp %s --help", command->name, name,
			 command->name);
	else
		complain("%s: unknown or ambiguous option --%s; is it%s?", command->name, name,
			 candidates);
}

static enum exit_code complain_of(const struct command *command, const struct known *known,
				  int result, char *const *argv)
{
	const char *given = argv[optind - 1];
	if (result == ':')
		complain("%s: %s needs an argument", command->name, given);
	else if (optopt >= FIRST_VALUE) /* a flag with "=something" */
		complain("%s: %s: this option takes no argument", command->name, given);
	else if (optopt != 0)
		complain("%s: unknown option -%c; see mlp %s --help", command->name, optopt,
			 command->name);
	else
		complain_of_name(command, known, given);
	return BAD_USAGE;
}

enum exit_code read_options(const struct command *command, int argc, char **argv,
			    struct options *options, int *first)
{
	struct known known = {0};
	find_known(command, &known);
	*options = nothing_given();
	opterr = 0;
	for (;;) {
		int result = getopt_long(argc, argv, known.letters, known.longs, NULL);
		if (result == -1)
			break;
		const struct option_row *row = row_of(&known, result);
		if (row == NULL)
			return complain_of(command, &known, result, argv);
		if (!store(command, row, optarg, options))
			return BAD_USAGE;
		if (options->help)
			return DONE;
	}
	*first = optind;
	int count = argc - optind;
	if (count < command->fewest || count > command->most) {
		complain("%s: expected %s, found %d argument%s; see mlp %s --help", command->name,
			 *command->arguments != '\0' ? command->arguments : "no argument", count,
			 count == 1 ? "" : "s", command->name);
		return BAD_USAGE;
	}
	return DONE;
}
