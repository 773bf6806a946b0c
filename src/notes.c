/* Notes: texts that travel with a network. */
#include "notes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

enum { MOST_KEY = 255 };

/* One note: this struct, the key and its 0, the text and its 0. A network has an array of them, in the order of
 * their keys. */
struct mlp_note {
	size_t bytes, text_offset;
};

static const char *key_of(const struct mlp_note *note)
{
	return (const char *)(note + 1);
}

static const char *text_of(const struct mlp_note *note)
{
	return key_of(note) + note->text_offset;
}

/* Length of the UTF-8 sequence that begins here; 0 if it is none. */
static size_t sequence_length(const unsigned char *c)
{
	size_t length = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (c[0] >= 0xf5)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what lies above U+10FFFF */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] >= 0xa0) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90))
		return 0;
	return length;
}

static mlp_status check_text(const char *name, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	while (*c != 0) {
		size_t length = sequence_length(c);
		if (length == 0)
			return mlp_fail_named(MLP_ERR_VALUE, name, " is no UTF-8 at byte %",
					      (int64_t)(c - (const unsigned char *)text));
		c += length;
	}
	return MLP_OK;
}

static mlp_status check_key(const char *key)
{
	if (key == NULL)
		return mlp_fail(MLP_ERR_NULL, "key is NULL");
	size_t length = strlen(key);
	if (length < 1 || length > MOST_KEY)
		return mlp_fail(MLP_ERR_SIZE, "key has % bytes, must have 1 .. %", (int64_t)length,
				MOST_KEY);
	return check_text("key", key);
}

static mlp_status create(const mlp_network *net, const char *key, const char *text,
			 struct mlp_note **note)
{
	size_t key_bytes = strlen(key) + 1, text_bytes = strlen(text) + 1;
	size_t bytes = sizeof(struct mlp_note) + key_bytes + text_bytes;
	void *memory;
	mlp_status status = mlp_allocate(&net->allocator, bytes, &memory);
	if (status != MLP_OK)
		return status;
	*note = memory;
	**note = (struct mlp_note){bytes, key_bytes};
	char *rest = (char *)(*note + 1);
	memcpy(rest, key, key_bytes);
	memcpy(rest + key_bytes, text, text_bytes);
	return MLP_OK;
}

/* The number of the first note whose key is not before this one; *found: it has this key. */
static size_t place_of(const mlp_network *net, const char *key, bool *found)
{
	size_t begin = 0, end = net->note_count;
	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		if (strcmp(key_of(net->notes[middle]), key) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	*found = begin < net->note_count && strcmp(key_of(net->notes[begin]), key) == 0;
	return begin;
}

/* Room for `count` notes at least. */
static mlp_status reserve(mlp_network *net, size_t count)
{
	enum { FIRST = 8 };
	if (count <= net->note_capacity)
		return MLP_OK;
	size_t capacity = net->note_capacity == 0 ? FIRST : 2 * net->note_capacity;
	if (capacity < count)
		capacity = count;
	void *memory;
	mlp_status status =
		mlp_allocate(&net->allocator, capacity * sizeof(struct mlp_note *), &memory);
	if (status != MLP_OK)
		return status;
	if (net->note_count > 0)
		memcpy(memory, net->notes, net->note_count * sizeof(struct mlp_note *));
	mlp_deallocate(&net->allocator, net->notes, net->note_capacity * sizeof(struct mlp_note *));
	net->notes = memory;
	net->note_capacity = capacity;
	return MLP_OK;
}

static void take_away(mlp_network *net, size_t place)
{
	struct mlp_note **at = net->notes + place;
	mlp_deallocate(&net->allocator, *at, (*at)->bytes);
	memmove(at, at + 1, (--net->note_count - place) * sizeof(struct mlp_note *));
}

mlp_status mlp_network_set_note(mlp_network *net, const char *key, const char *text)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	mlp_status status = check_key(key);
	if (status == MLP_OK && text != NULL)
		status = check_text("text", text);
	if (status != MLP_OK)
		return status;
	bool found;
	const size_t place = place_of(net, key, &found);
	if (text == NULL) {
		if (found)
			take_away(net, place);
		return MLP_OK;
	}
	struct mlp_note *made;
	if (!found)
		status = reserve(net, net->note_count + 1);
	if (status == MLP_OK)
		status = create(net, key, text, &made);
	if (status != MLP_OK)
		return status;
	struct mlp_note **at = net->notes + place;
	if (found)
		mlp_deallocate(&net->allocator, *at, (*at)->bytes);
	else
		memmove(at + 1, at, (net->note_count++ - place) * sizeof(struct mlp_note *));
	*at = made;
	return MLP_OK;
}

const char *mlp_network_note(const mlp_network *net, const char *key)
{
	bool found;
	if (net == NULL || key == NULL)
		return NULL;
	const size_t place = place_of(net, key, &found);
	return found ? text_of(net->notes[place]) : NULL;
}

int64_t mlp_network_note_count(const mlp_network *net)
{
	return net != NULL ? (int64_t)net->note_count : mlp_fail(MLP_ERR_NULL, "net is NULL");
}

const char *mlp_network_note_key(const mlp_network *net, int64_t i)
{
	if (net == NULL || i < 0 || i >= (int64_t)net->note_count)
		return NULL;
	return key_of(net->notes[i]);
}

/* ---- many at once --------------------------------------------------------------------------- */

static mlp_status append(mlp_network *net, const char *key, const char *text)
{
	mlp_status status = reserve(net, net->note_count + 1);
	if (status == MLP_OK)
		status = create(net, key, text, &net->notes[net->note_count]);
	net->note_count += status == MLP_OK;
	return status;
}

mlp_status mlp_notes_append(mlp_network *net, const char *key, const char *text)
{
	mlp_status status = check_key(key);
	if (status == MLP_OK)
		status = check_text("text", text);
	return status == MLP_OK ? append(net, key, text) : status;
}

/* Restore the order below a node of a heap, whose root is the last in order. */
static void sift_down(struct mlp_note **notes, size_t node, size_t count)
{
	for (size_t child; (child = 2 * node + 1) < count; node = child) {
		if (child + 1 < count && strcmp(key_of(notes[child]), key_of(notes[child + 1])) < 0)
			child++;
		if (strcmp(key_of(notes[node]), key_of(notes[child])) >= 0)
			return;
		struct mlp_note *other = notes[node];
		notes[node] = notes[child];
		notes[child] = other;
	}
}

void mlp_notes_sort(mlp_network *net)
{
	for (size_t i = net->note_count / 2; i-- > 0;)
		sift_down(net->notes, i, net->note_count);
	for (size_t last = net->note_count; last-- > 1;) {
		struct mlp_note *other = net->notes[0];
		net->notes[0] = net->notes[last];
		net->notes[last] = other;
		sift_down(net->notes, 0, last);
	}
}

mlp_status mlp_notes_copy(const mlp_network *from, mlp_network *to)
{
	mlp_status status = reserve(to, from->note_count);
	for (size_t i = 0; i < from->note_count && status == MLP_OK; i++)
		status = append(to, key_of(from->notes[i]), text_of(from->notes[i]));
	return status;
}

void mlp_notes_free(mlp_network *net)
{
	for (size_t i = 0; i < net->note_count; i++)
		mlp_deallocate(&net->allocator, net->notes[i], net->notes[i]->bytes);
	mlp_deallocate(&net->allocator, net->notes, net->note_capacity * sizeof(struct mlp_note *));
}
