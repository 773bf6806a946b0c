/* A list of different texts: an array in order of arrival, and a hash table of places in it. */
#include "data/strings.h"

#include <stdlib.h>
#include <string.h>

#include "data/number.h"

void strings_free(struct strings *strings)
{
	if (strings == NULL)
		return;
	for (int64_t i = 0; i < strings->count; i++)
		free(strings->texts[i]);
	free(strings->texts);
	free(strings->slots);
	*strings = (struct strings){0};
}

/* FNV-1a, its bits mixed once more as the low ones choose the slot. */
static uint64_t hash(const char *text, size_t length)
{
	uint64_t value = 0xcbf29ce484222325U;
	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)text[i]) * 0x100000001b3U;
	return value ^ value >> 32U;
}

/* The slot that has the text, or the free one where it belongs. */
static int64_t find_slot(const struct strings *strings, const char *text, size_t length)
{
	uint64_t mask = (uint64_t)strings->slot_count - 1;
	for (uint64_t slot = hash(text, length) & mask;; slot = (slot + 1) & mask) {
		int64_t number = strings->slots[slot];
		if (number < 0)
			return (int64_t)slot;
		const char *there = strings->texts[number];
		if (strncmp(there, text, length) == 0 && there[length] == 0)
			return (int64_t)slot;
	}
}

static void fill_slots(struct strings *strings)
{
	memset(strings->slots, 0xff, (size_t)strings->slot_count * sizeof *strings->slots);
	for (int64_t i = 0; i < strings->count; i++) {
		const char *text = strings->texts[i];
		strings->slots[find_slot(strings, text, strlen(text))] = i;
	}
}

/* Room for one more text, at most half of the slots in use. */
static bool grow(struct strings *strings)
{
	if (strings->count < strings->room)
		return true;
	int64_t room = strings->room == 0 ? 8 : 2 * strings->room;
	char **texts = realloc(strings->texts, (size_t)room * sizeof *texts);
	if (texts == NULL)
		return false;
	strings->texts = texts;
	int64_t *slots = malloc((size_t)(2 * room) * sizeof *slots);
	if (slots == NULL)
		return false;
	free(strings->slots);
	strings->slots = slots;
	strings->slot_count = 2 * room;
	strings->room = room;
	fill_slots(strings);
	return true;
}

int64_t strings_find(const struct strings *strings, const char *text, size_t length)
{
	return strings->count == 0 ? -1 : strings->slots[find_slot(strings, text, length)];
}

int64_t strings_add(struct strings *strings, const char *text, size_t length)
{
	int64_t number = strings_find(strings, text, length);
	if (number >= 0)
		return number;
	char *copy = malloc(length + 1);
	if (copy == NULL || !grow(strings)) {
		free(copy);
		return -1;
	}
	memcpy(copy, text, length);
	copy[length] = 0;
	strings->slots[find_slot(strings, copy, length)] = strings->count;
	strings->texts[strings->count] = copy;
	return strings->count++;
}

struct entry {
	char *text;
	double number;
	int64_t before;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

static int by_number(const void *a, const void *b)
{
	double x = ((const struct entry *)a)->number, y = ((const struct entry *)b)->number;
	return x < y ? -1 : x > y ? 1 : by_text(a, b);
}

bool strings_sort(struct strings *strings, int64_t **order)
{
	size_t count = (size_t)strings->count;
	struct entry *entries = malloc((count + 1) * sizeof *entries);
	*order = malloc((count + 1) * sizeof **order);
	if (entries == NULL || *order == NULL) {
		free(entries);
		free(*order);
		*order = NULL;
		return false;
	}
	bool are_numbers = true;
	for (size_t i = 0; i < count; i++) {
		char *text = strings->texts[i];
		entries[i] = (struct entry){.text = text, .before = (int64_t)i};
		are_numbers = are_numbers && text_to_number(text, strlen(text), &entries[i].number);
	}
	qsort(entries, count, sizeof *entries, are_numbers ? by_number : by_text);
	for (size_t i = 0; i < count; i++) {
		strings->texts[i] = entries[i].text;
		(*order)[entries[i].before] = (int64_t)i;
	}
	if (count > 0)
		fill_slots(strings);
	free(entries);
	return true;
}
