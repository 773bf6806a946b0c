/* Notes: texts that travel with a network. */
#include "notes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

enum { MOST_KEY = 255 };

/* One note: this struct, the key and its 0, the text and its 0. Notes are in the order of their keys. */
struct mlp_note {
	struct mlp_note *next;
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
	**note = (struct mlp_note){NULL, bytes, key_bytes};
	char *rest = (char *)(*note + 1);
	memcpy(rest, key, key_bytes);
	memcpy(rest + key_bytes, text, text_bytes);
	return MLP_OK;
}

/* The link to the first note whose key is not before this one. */
static struct mlp_note **place_of(mlp_network *net, const char *key)
{
	struct mlp_note **link = &net->notes;
	while (*link != NULL && strcmp(key_of(*link), key) < 0)
		link = &(*link)->next;
	return link;
}

mlp_status mlp_network_set_note(mlp_network *net, const char *key, const char *text)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	struct mlp_note *made = NULL;
	mlp_status status = check_key(key);
	if (status == MLP_OK && text != NULL)
		status = check_text("text", text);
	if (status == MLP_OK && text != NULL)
		status = create(net, key, text, &made);
	if (status != MLP_OK)
		return status;
	struct mlp_note **link = place_of(net, key), *old = *link;
	if (old != NULL && strcmp(key_of(old), key) == 0) {
		*link = old->next;
		mlp_deallocate(&net->allocator, old, old->bytes);
	}
	if (made != NULL) {
		made->next = *link;
		*link = made;
	}
	return MLP_OK;
}

const char *mlp_network_note(const mlp_network *net, const char *key)
{
	if (net == NULL || key == NULL)
		return NULL;
	for (const struct mlp_note *note = net->notes; note != NULL; note = note->next)
		if (strcmp(key_of(note), key) == 0)
			return text_of(note);
	return NULL;
}

int64_t mlp_network_note_count(const mlp_network *net)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	int64_t count = 0;
	for (const struct mlp_note *note = net->notes; note != NULL; note = note->next)
		count++;
	return count;
}

const char *mlp_network_note_key(const mlp_network *net, int64_t i)
{
	const struct mlp_note *note = net != NULL && i >= 0 ? net->notes : NULL;
	for (; note != NULL && i > 0; i--)
		note = note->next;
	return note != NULL ? key_of(note) : NULL;
}

mlp_status mlp_notes_copy(const mlp_network *from, mlp_network *to)
{
	struct mlp_note **end = &to->notes;
	for (const struct mlp_note *note = from->notes; note != NULL; note = note->next) {
		mlp_status status = create(to, key_of(note), text_of(note), end);
		if (status != MLP_OK)
			return status;
		end = &(*end)->next;
	}
	return MLP_OK;
}

void mlp_notes_free(mlp_network *net)
{
	while (net->notes != NULL) {
		struct mlp_note *note = net->notes;
		net->notes = note->next;
		mlp_deallocate(&net->allocator, note, note->bytes);
	}
}
