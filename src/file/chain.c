/* Finding a network in the tensors of a file. Names tell the order of layers, and which bias goes with which
 * weights; shapes must then agree. */
#include "file/chain.h"

#include <string.h>

#include "base/status.h"

/* ---- names ---------------------------------------------------------------------------------- */

/* What two tensors of one layer have in common: the name up to its last dot; without dots, the digits at
 * its end. */
struct key {
	const char *begin;
	size_t length;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct key key_of(const struct mlp_tensor *tensor)
{
	const char *end = tensor->name + strlen(tensor->name), *at = end;
	while (at > tensor->name && at[-1] != '.')
		at--;
	if (at > tensor->name)
		return (struct key){tensor->name, (size_t)(at - 1 - tensor->name)};
	for (at = end; at > tensor->name && is_digit(at[-1]);)
		at--;
	return (struct key){at, (size_t)(end - at)};
}

/* The digits at the front of a key, without zeros before them, are taken away from it. */
static struct key take_number(struct key *key)
{
	while (key->length > 0 && *key->begin == '0') {
		key->begin++;
		key->length--;
	}
	struct key number = {key->begin, 0};
	while (key->length > 0 && is_digit(*key->begin)) {
		number.length++;
		key->begin++;
		key->length--;
	}
	return number;
}

/* < 0, 0 or > 0: numbers by their value, everything else byte by byte. */
static int compare_keys(struct key a, struct key b)
{
	while (a.length > 0 && b.length > 0) {
		if (is_digit(*a.begin) && is_digit(*b.begin)) {
			struct key m = take_number(&a), n = take_number(&b);
			if (m.length != n.length)
				return m.length < n.length ? -1 : 1;
			int order = memcmp(m.begin, n.begin, m.length);
			if (order != 0)
				return order;
		} else {
			if (*a.begin != *b.begin)
				return (unsigned char)*a.begin < (unsigned char)*b.begin ? -1 : 1;
			a.begin++;
			b.begin++;
			a.length--;
			b.length--;
		}
	}
	return (a.length > 0) - (b.length > 0);
}

/* By layers, weights before biases. */
static bool comes_before(const struct mlp_tensor *a, const struct mlp_tensor *b)
{
	int order = compare_keys(key_of(a), key_of(b));
	if (order != 0)
		return order < 0;
	return a->rank != b->rank ? a->rank > b->rank : strcmp(a->name, b->name) < 0;
}

static bool same_layer(const struct mlp_tensor *a, const struct mlp_tensor *b)
{
	return compare_keys(key_of(a), key_of(b)) == 0;
}

/* ---- shapes --------------------------------------------------------------------------------- */

static mlp_status check_tensor(const struct mlp_tensor *tensor)
{
	switch (tensor->type) {
	case MLP_TENSOR_F16:
	case MLP_TENSOR_BF16:
	case MLP_TENSOR_F32:
	case MLP_TENSOR_F64:
		break;
	default:
		return mlp_fail_tensor(MLP_ERR_FORMAT, tensor->name,
				       " is of an element type that networks do not have");
	}
	if (tensor->rank != 1 && tensor->rank != 2)
		return mlp_fail_tensor(
			MLP_ERR_FORMAT, tensor->name,
			" has % dimensions; dense layers have weights of 2 and biases of 1",
			tensor->rank);
	if (tensor->count == 0)
		return mlp_fail_tensor(MLP_ERR_FORMAT, tensor->name, " is empty");
	return MLP_OK;
}

static mlp_status check_weights(const struct mlp_tensor *w, const struct mlp_link *before)
{
	if (w->rank != 2)
		return mlp_fail_tensor(
			MLP_ERR_FORMAT, w->name,
			" is a bias of % values, but no weights have a name that goes with it",
			w->shape[0]);
	if (before != NULL && w->shape[1] != before->w->shape[0])
		return mlp_fail_tensor(MLP_ERR_FORMAT, w->name,
				       " is % x %, but the layer before it has % outputs",
				       w->shape[0], w->shape[1], before->w->shape[0]);
	return MLP_OK;
}

static mlp_status check_bias(const struct mlp_tensor *b, const struct mlp_link *link)
{
	if (b->rank == 2)
		return mlp_fail_tensor(
			MLP_ERR_FORMAT, b->name,
			" is % x %, but its layer has other weights, of % x %: which "
			"comes first is not clear",
			b->shape[0], b->shape[1], link->w->shape[0], link->w->shape[1]);
	if (link->b != NULL)
		return mlp_fail_tensor(MLP_ERR_FORMAT, b->name,
				       " has % values, but its layer has another bias, of %",
				       b->shape[0], link->b->shape[0]);
	if (b->shape[0] != link->w->shape[0])
		return mlp_fail_tensor(MLP_ERR_FORMAT, b->name,
				       " has % values, but the weights of its layer are % x %",
				       b->shape[0], link->w->shape[0], link->w->shape[1]);
	return MLP_OK;
}

mlp_status mlp_find_chain(struct mlp_tensor *tensors, size_t count, struct mlp_link *links,
			  size_t *layers)
{
	mlp_status status = MLP_OK;
	*layers = 0;
	for (size_t i = 0; i < count && status == MLP_OK; i++)
		status = check_tensor(&tensors[i]);
	if (status == MLP_OK)
		mlp_sort_tensors(tensors, count, comes_before);
	for (size_t i = 0; i < count && status == MLP_OK; i++) {
		struct mlp_link *last = *layers > 0 ? &links[*layers - 1] : NULL;
		if (last != NULL && same_layer(last->w, &tensors[i])) {
			status = check_bias(&tensors[i], last);
			last->b = &tensors[i];
		} else {
			status = check_weights(&tensors[i], last);
			links[(*layers)++] = (struct mlp_link){.w = &tensors[i]};
		}
	}
	return status;
}
