/* The header of an .npy file: of Python's dictionaries just what NumPy writes. */
#include "data/npy_header.h"

#include <string.h>

/* What is left of the text; a failed step leaves `failed` set, and those after it do nothing. */
struct cursor {
	const char *at, *end;
	bool failed;
};

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL &&
	       *cursor->at != 0)
		cursor->at++;
}

/* Whether a character comes next, which is then taken. */
static bool take_if(struct cursor *cursor, char c)
{
	skip_blanks(cursor);
	if (cursor->failed || cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static void take(struct cursor *cursor, char c)
{
	if (!take_if(cursor, c))
		cursor->failed = true;
}

static bool take_word_if(struct cursor *cursor, const char *word)
{
	skip_blanks(cursor);
	size_t length = strlen(word);
	if (cursor->failed || (size_t)(cursor->end - cursor->at) < length ||
	    memcmp(cursor->at, word, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

/* A text in single or double quotes. */
static void take_text(struct cursor *cursor, char *text, size_t room)
{
	char quote = take_if(cursor, '\'') ? '\'' : '"';
	if (quote == '"')
		take(cursor, quote);
	size_t used = 0;
	while (!cursor->failed && cursor->at < cursor->end && *cursor->at != quote) {
		if (used + 1 == room)
			cursor->failed = true;
		else
			text[used++] = *cursor->at++;
	}
	text[used] = 0;
	take(cursor, quote);
}

static int64_t take_size(struct cursor *cursor)
{
	int64_t size = 0;
	skip_blanks(cursor);
	const char *begin = cursor->at;
	for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
		if (size > (INT64_MAX - 9) / 10) {
			cursor->failed = true;
			return 0;
		}
		size = size * 10 + (*cursor->at - '0');
	}
	cursor->failed = cursor->failed || cursor->at == begin;
	take_if(cursor, 'L'); /* Python 2 */
	return size;
}

static void take_shape(struct cursor *cursor, struct npy_header *header)
{
	take(cursor, '(');
	header->dimensions = 0;
	while (!cursor->failed && !take_if(cursor, ')')) {
		if (header->dimensions == NPY_MOST_DIMENSIONS) {
			cursor->failed = true;
			return;
		}
		header->shape[header->dimensions++] = take_size(cursor);
		if (!take_if(cursor, ',')) {
			take(cursor, ')');
			return;
		}
	}
}

static bool take_order(struct cursor *cursor)
{
	bool fortran = take_word_if(cursor, "True");
	if (!fortran && !take_word_if(cursor, "False"))
		cursor->failed = true;
	return fortran;
}

enum { HAS_TYPE = 1, HAS_ORDER = 2, HAS_SHAPE = 4, HAS_ALL = 7 };

static unsigned take_entry(struct cursor *cursor, struct npy_header *header)
{
	char key[NPY_TYPE_SIZE];
	take_text(cursor, key, sizeof key);
	take(cursor, ':');
	if (strcmp(key, "descr") == 0) {
		take_text(cursor, header->type, sizeof header->type);
		return HAS_TYPE;
	}
	if (strcmp(key, "fortran_order") == 0) {
		header->fortran_order = take_order(cursor);
		return HAS_ORDER;
	}
	if (strcmp(key, "shape") == 0) {
		take_shape(cursor, header);
		return HAS_SHAPE;
	}
	cursor->failed = true;
	return 0;
}

bool npy_header_parse(const char *text, size_t length, const char *name, struct npy_header *header,
		      struct data_error *error)
{
	struct cursor cursor = {.at = text, .end = text + length};
	unsigned has = 0;
	take(&cursor, '{');
	while (!cursor.failed && !take_if(&cursor, '}')) {
		has |= take_entry(&cursor, header);
		if (!take_if(&cursor, ',')) {
			take(&cursor, '}');
			break;
		}
	}
	if (!cursor.failed && has == HAS_ALL)
		return true;
	char quoted[DATA_QUOTE_SIZE];
	if (memchr(text, '[', length) != NULL)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected an array of numbers, found one of records", name);
	return data_fail(error, DATA_ERROR_CONTENT,
			 "%s: .npy header: expected 'descr', 'fortran_order' and 'shape', found %s",
			 name, data_quote(text, length, quoted));
}
