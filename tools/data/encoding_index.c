/* What the columns of other data are read as: by names, or by places if either has no names. Without names the
 * data has all columns of the training data, or all but the targets, or the inputs alone. */
#include <stdlib.h>
#include <string.h>

#include "data/encoding_parts.h"

/* What is known of a column. */
struct role {
	enum column_kind kind; /* COLUMN_GUESS: nothing */
	bool is_input;
};

struct encoding_index {
	struct role *by_place; /* [column_count of training] */
	struct strings names;  /* of the columns that have a role */
	struct role *by_name;  /* [names.count] */
	int64_t *left;         /* places of all but the targets */
	int64_t left_count;
};

void encoding_index_free(struct encoding_index *index)
{
	if (index == NULL)
		return;
	free(index->by_place);
	free(index->by_name);
	free(index->left);
	strings_free(&index->names);
	free(index);
}

/* The first role of a name or a place holds. */
static bool add(struct encoding_index *index, const char *name, int64_t place, struct role role)
{
	int64_t number = strings_add(&index->names, name, strlen(name));
	if (number < 0)
		return false;
	if (index->by_name[number].kind == COLUMN_GUESS)
		index->by_name[number] = role;
	if (index->by_place[place].kind == COLUMN_GUESS)
		index->by_place[place] = role;
	return true;
}

static bool fill(const struct encoding *encoding, struct encoding_index *index)
{
	bool ok = true;
	for (int64_t i = 0; i < encoding->input_count && ok; i++) {
		const struct encoded_input *input = &encoding->inputs[i];
		struct role role = {input->categories == NULL ? COLUMN_NUMBERS : COLUMN_TEXT, true};
		ok = add(index, input->name, input->place, role);
	}
	/* several columns of classes are of 0 and 1 */
	bool text = encoding->task == TASK_CLASSES && encoding->target_count == 1 &&
		    encoding->class_values == NULL;
	for (int64_t i = 0; i < encoding->target_count && ok; i++)
		ok = add(index, encoding->targets[i].name, encoding->targets[i].place,
			 (struct role){text ? COLUMN_TEXT : COLUMN_NUMBERS, false});
	if (encoding->weight != NULL && ok)
		ok = add(index, encoding->weight, encoding->weight_place,
			 (struct role){COLUMN_NUMBERS, false});
	return ok;
}

static void find_left(const struct encoding *encoding, struct encoding_index *index)
{
	for (int64_t i = 0; i < encoding->target_count; i++)
		index->left[encoding->targets[i].place] = -1;
	for (int64_t place = 0; place < encoding->column_count; place++)
		if (index->left[place] >= 0)
			index->left[index->left_count++] = place;
}

bool encoding_index_create(struct encoding *encoding, struct data_error *error)
{
	size_t columns = (size_t)encoding->column_count;
	size_t known = (size_t)(encoding->input_count + encoding->target_count) + 1;
	struct encoding_index *index = calloc(1, sizeof *index);
	encoding->index = index;
	if (index == NULL)
		return data_fail_memory(error);
	index->by_place = calloc(columns, sizeof *index->by_place);
	index->by_name = calloc(known, sizeof *index->by_name);
	index->left = calloc(columns, sizeof *index->left);
	if (index->by_place == NULL || index->by_name == NULL || index->left == NULL ||
	    !fill(encoding, index))
		return data_fail_memory(error);
	find_left(encoding, index);
	return true;
}

int64_t encoding_training_place(const struct encoding *encoding, int64_t count, int64_t i)
{
	if (count == encoding->column_count)
		return i;
	if (count == encoding->index->left_count)
		return encoding->index->left[i];
	return count == encoding->input_count ? encoding->inputs[i].place : -1;
}

static enum column_kind kind_of(const struct encoding *encoding, const struct column_names *names,
				int64_t place, bool want_targets)
{
	const struct encoding_index *index = encoding->index;
	struct role role = {COLUMN_GUESS, false};
	if (encoding->has_names && names->names != NULL) {
		const char *name = names->names[place];
		int64_t number = strings_find(&index->names, name, strlen(name));
		if (number >= 0)
			role = index->by_name[number];
	} else {
		int64_t then = encoding_training_place(encoding, names->count, place);
		if (then < 0)
			return COLUMN_GUESS;
		role = index->by_place[then];
	}
	bool wanted = role.kind != COLUMN_GUESS && (role.is_input || want_targets);
	return wanted ? role.kind : COLUMN_SKIP;
}

enum column_kind encoding_column_kind(const void *encoding, const struct column_names *names,
				      int64_t place)
{
	return kind_of(encoding, names, place, true);
}

enum column_kind encoding_input_kind(const void *encoding, const struct column_names *names,
				     int64_t place)
{
	return kind_of(encoding, names, place, false);
}
