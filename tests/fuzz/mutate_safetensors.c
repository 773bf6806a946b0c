/* New safetensors files from old ones. Bytes changed at random would only ever meet the checksum: here the header is
 * taken apart, some of it changed, and the length, the places of the tensors and the checksum made right again. */
#include <jansson.h>
#include <string.h>
#include <zlib.h>

#include "fuzz/fuzz.h"

enum { MOST = 1 << 16, TEXT = 256 };

static unsigned long long state;

/* 0 .. n - 1 */
static size_t pick(size_t n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (size_t)((state >> 33) % n);
}

struct file {
	json_t *header, *metadata;
	uint8_t data[MOST];
	size_t size;
};

/* ---- apart ---------------------------------------------------------------------------------- */

static int take_apart(struct file *file, const uint8_t *bytes, size_t size)
{
	uint64_t length = 0;
	if (size < 8 || size > MOST)
		return 0;
	for (int i = 0; i < 8; i++)
		length |= (uint64_t)bytes[i] << (8 * i);
	if (length > size - 8)
		return 0;
	file->header = json_loadb((const char *)bytes + 8, (size_t)length, 0, NULL);
	if (!json_is_object(file->header)) {
		json_decref(file->header);
		return 0;
	}
	file->metadata = json_object_get(file->header, "__metadata__");
	file->size = size - 8 - (size_t)length;
	memcpy(file->data, bytes + 8 + length, file->size);
	return 1;
}

/* A random key of an object, NULL if it has none; never the metadata themselves. */
static const char *pick_key(json_t *object)
{
	size_t count = json_object_size(object), at = count > 0 ? pick(count) : 0;
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
		if (at-- == 0)
			return strcmp(key, "__metadata__") == 0 ? NULL : key;
	return NULL;
}

/* ---- changes -------------------------------------------------------------------------------- */

static json_t *changed_text(const char *text)
{
	static const char *const words[] = {
		"",     "0",       "1",          "2",         "nan",       "inf",
		"-inf", "0x1p+0",  "-0x1.8p-3",  "0x1p+1023", "0x1p-1074", "18446744073709551615",
		"relu", "softmax", "elu:0x1p+0", "identity",  "network",   "checkpoint",
		"sgd",  "lbfgs",   "rprop"};
	char changed[TEXT];
	size_t length = strlen(text) < TEXT ? strlen(text) : TEXT;
	if (pick(3) == 0)
		return json_string(words[pick(sizeof(words) / sizeof(words[0]))]);
	memcpy(changed, text, length);
	length = LLVMFuzzerMutate((uint8_t *)changed, length, TEXT);
	for (size_t i = 0; i < length; i++)
		if (pick(20) > 0) /* JSON is UTF-8 */
			changed[i] = (char)(changed[i] & 0x7f);
	json_t *made = json_stringn(changed, length);
	return made != NULL ? made : json_string("?");
}

static void change_metadata(json_t *metadata)
{
	static const char *const keys[] = {
		"mlp.format",       "mlp.kind",          "mlp.activations",    "mlp.frozen",
		"mlp.dropout",      "mlp.input_shift",   "mlp.input_scale",    "mlp.output_shift",
		"mlp.output_scale", "mlp.domain_lowest", "mlp.domain_highest", "mlp.note.a",
		"mlp.optimizer"};
	const char *key = pick_key(metadata), *other = pick_key(metadata);
	if (key == NULL)
		return;
	json_t *value = json_object_get(metadata, key);
	switch (pick(6)) {
	case 0:
		json_object_del(metadata, key);
		break;
	case 1:
		json_object_set(metadata, keys[pick(sizeof(keys) / sizeof(keys[0]))], value);
		break;
	case 2:
		if (other != NULL)
			json_object_set(metadata, key, json_object_get(metadata, other));
		break;
	default:
		json_object_set_new(
			metadata, key,
			changed_text(json_is_string(value) ? json_string_value(value) : ""));
	}
}

static json_int_t changed_size(json_int_t size)
{
	static const json_int_t sizes[] = {0, 1, 2, 3, 4, 5, 64, 1024, -1, 1LL << 31, INT64_MAX};
	if (size > 0 && size < INT64_MAX && pick(2) == 0)
		return size + (pick(2) == 0 ? 1 : -1);
	return sizes[pick(pick(8) == 0 ? 11 : 7)];
}

static void change_shape(json_t *shape)
{
	size_t rank = json_array_size(shape), at = rank > 0 ? pick(rank) : 0;
	json_int_t first = json_integer_value(json_array_get(shape, 0));
	switch (pick(5)) {
	case 0:
		json_array_append_new(shape, json_integer(changed_size(1)));
		break;
	case 1:
		json_array_remove(shape, at);
		break;
	case 2: /* transposed */
		json_array_append_new(shape, json_integer(first));
		json_array_remove(shape, 0);
		break;
	default:
		json_array_set_new(
			shape, at,
			json_integer(changed_size(json_integer_value(json_array_get(shape, at)))));
	}
}

static void change_tensor(json_t *header)
{
	static const char *const types[] = {"F32", "F64", "F16", "BF16", "I64", "F8", ""};
	static const char *const names[] = {
		"0.weight", "0.bias", "2.weight", "2.bias",          "4.weight",
		"w1",       "b1",     "a.10.w",   "trainer.history", "trainer.best.0.weight"};
	const char *key = pick_key(header), *other = pick_key(header);
	if (key == NULL)
		return;
	json_t *entry = json_object_get(header, key);
	char name[TEXT];
	switch (pick(7)) {
	case 0:
		json_object_set_new(entry, "dtype", json_string(types[pick(7)]));
		break;
	case 1:
		json_object_del(header, key);
		break;
	case 2:
		json_object_set_new(header, names[pick(10)], json_deep_copy(entry));
		break;
	case 3:
		snprintf(name, sizeof(name), "%.200s%s", key, pick(2) == 0 ? "1" : ".1");
		json_object_set_new(header, name, json_deep_copy(entry));
		break;
	case 4:
		if (other != NULL)
			json_object_set_new(entry, "shape",
					    json_deep_copy(json_object_get(
						    json_object_get(header, other), "shape")));
		break;
	default:
		change_shape(json_object_get(entry, "shape"));
	}
}

/* ---- together ------------------------------------------------------------------------------- */

/* Bytes of a tensor by its type and shape; nothing where that makes no sense. */
static size_t bytes_of(const json_t *entry)
{
	const char *type = json_string_value(json_object_get(entry, "dtype"));
	size_t size = type == NULL ? 0 : strstr(type, "64") ? 8 : strstr(type, "32") ? 4 : 2;
	const json_t *shape = json_object_get(entry, "shape");
	for (size_t i = 0; i < json_array_size(shape); i++) {
		json_int_t n = json_integer_value(json_array_get(shape, i));
		size = n < 0 || n > MOST ? 0 : size * (size_t)n;
		if (size > MOST)
			return 0;
	}
	return size;
}

/* The tensors one after another, each with the bytes it had, as far as it had them. */
static int lay_out(struct file *file)
{
	static uint8_t data[MOST];
	size_t size = 0;
	const char *key;
	json_t *entry;
	json_object_foreach(file->header, key, entry) {
		if (entry == file->metadata)
			continue;
		size_t bytes = bytes_of(entry);
		json_int_t begin = json_integer_value(
			json_array_get(json_object_get(entry, "data_offsets"), 0));
		if (size + bytes > MOST)
			return 0;
		for (size_t i = 0; i < bytes; i++)
			data[size + i] = begin >= 0 && (size_t)begin + i < file->size
						 ? file->data[(size_t)begin + i]
						 : (uint8_t)(i % 4 == 3 ? 0x3e : 0);
		json_object_set_new(
			entry, "data_offsets",
			json_pack("[I, I]", (json_int_t)size, (json_int_t)(size + bytes)));
		size += bytes;
	}
	memcpy(file->data, data, size);
	file->size = size;
	return 1;
}

/* As docs/files.md says. */
static void sign(struct file *file)
{
	json_t *covered = json_copy(file->header), *ours = json_object();
	const char *key;
	json_t *value;
	char digits[9];
	json_object_foreach(file->metadata, key, value)
		if (strncmp(key, "mlp.", 4) == 0 && strcmp(key, "mlp.crc32") != 0)
			json_object_set(ours, key, value);
	json_object_set_new(covered, "__metadata__", ours);
	char *text = json_dumps(covered, JSON_COMPACT | JSON_SORT_KEYS);
	uLong crc = crc32(crc32(0, NULL, 0), file->data, (uInt)file->size);
	if (text != NULL)
		crc = crc32(crc, (const Bytef *)text, (uInt)strlen(text));
	snprintf(digits, sizeof(digits), "%08lx", crc);
	json_object_set_new(file->metadata, "mlp.crc32", json_string(digits));
	free(text);
	json_decref(covered);
}

static size_t put_together(const struct file *file, uint8_t *bytes, size_t most)
{
	char *text = json_dumps(file->header, JSON_COMPACT);
	size_t length = text != NULL ? strlen(text) : 0, padded = (length + 8 + 63) / 64 * 64 - 8;
	size_t size = 8 + padded + file->size;
	if (text == NULL || size > most) {
		free(text);
		return 0;
	}
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)padded >> (8 * i));
	memset(bytes + 8, ' ', padded);
	memcpy(bytes + 8, text, length);
	memcpy(bytes + 8 + padded, file->data, file->size);
	free(text);
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static struct file file;
	state = seed;
	if (pick(12) == 0 || !take_apart(&file, data, size))
		return LLVMFuzzerMutate(data, size, max_size);
	for (size_t i = 1 + pick(3); i > 0; i--) {
		size_t what = pick(8);
		if (what < 4 && json_is_object(file.metadata))
			change_metadata(file.metadata);
		else if (what < 7)
			change_tensor(file.header);
		else
			file.size = LLVMFuzzerMutate(file.data, file.size, MOST / 2);
	}
	if (pick(30) == 0 || lay_out(&file))
		if (pick(30) > 0 && json_object_get(file.metadata, "mlp.crc32") != NULL)
			sign(&file);
	size_t made = put_together(&file, data, max_size);
	json_decref(file.header);
	return made > 0 ? made : LLVMFuzzerMutate(data, size, max_size);
}
