/* The digest of a network: CRC-32 of what was set, and of the parameters. */
#include <string.h>

#include "base/status.h"
#include "check.h"
#include "engine/objects.h"
#include "file/checksum.h"
#include "file/safetensors.h"

/* ---- what was set: 64-bit words, in the byte order of files --------------------------------- */

static void add_word(uint32_t *crc, uint64_t word)
{
	unsigned char bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(word >> (8 * i) & 0xff);
	*crc = mlp_checksum(*crc, bytes, sizeof(bytes));
}

static void add_reals(uint32_t *crc, const double *reals, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bits;
		memcpy(&bits, &reals[i], sizeof(bits));
		add_word(crc, bits);
	}
}

/* Two lists that are there together or not at all. */
static void add_lists(uint32_t *crc, bool is_set, const double *first, const double *second,
		      size_t count)
{
	add_word(crc, is_set);
	if (is_set) {
		add_reals(crc, first, count);
		add_reals(crc, second, count);
	}
}

/* Layer 0 has a dropout alone, the last one none. */
static void add_layer(uint32_t *crc, const mlp_network *net, size_t l)
{
	const struct mlp_layer *layer = &net->layers[l];
	/* a file keeps no rate of -0 */
	const double rate = l < net->layer_count && layer->dropout > 0 ? layer->dropout : 0;
	if (l > 0) {
		add_word(crc, layer->n_out);
		add_word(crc, (uint64_t)layer->activation);
		add_reals(crc, &layer->parameter, 1);
		add_word(crc, layer->has_bias);
		add_word(crc, layer->is_frozen);
	}
	add_reals(crc, &rate, 1);
}

static uint32_t settings_digest(const mlp_network *net)
{
	uint32_t crc = 0;
	add_word(&crc, (uint64_t)net->dtype);
	add_word(&crc, net->layer_count);
	add_word(&crc, net->layers[1].n_in);
	for (size_t l = 0; l <= net->layer_count; l++)
		add_layer(&crc, net, l);
	add_lists(&crc, net->input.is_set, net->input.shift, net->input.scale, net->input.count);
	add_lists(&crc, net->output.is_set, net->output.shift, net->output.scale,
		  net->output.count);
	add_lists(&crc, net->domain.is_set, net->domain.lowest, net->domain.highest,
		  net->input.count);
	return crc;
}

/* ---- parameters ----------------------------------------------------------------------------- */

/* `count` elements, piece by piece if they must be turned around. */
static void add_elements(uint32_t *crc, const void *elements, size_t count, size_t size)
{
	char piece[4096]; /* a multiple of every element's size */
	const size_t most = mlp_is_file_order() ? count : sizeof(piece) / size;
	for (size_t done = 0; done < count;) {
		const void *from = (const char *)elements + done * size;
		const size_t left = count - done, taken = left < most ? left : most;
		if (!mlp_is_file_order()) {
			memcpy(piece, from, taken * size);
			mlp_swap_to_file_order(piece, (int64_t)taken, (int64_t)size);
			from = piece;
		}
		*crc = mlp_checksum(*crc, from, taken * size);
		done += taken;
	}
}

static uint32_t parameters_digest(const mlp_network *net)
{
	const size_t size = mlp_dtype_size(net->dtype);
	const char *parameters = net->parameters;
	uint32_t crc = 0;
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		add_elements(&crc, parameters + layer->w_offset * size, layer->n_out * layer->n_in,
			     size);
		if (layer->has_bias)
			add_elements(&crc, parameters + layer->b_offset * size, layer->n_out, size);
	}
	return crc;
}

mlp_status mlp_network_digest(const mlp_network *net, uint64_t *digest)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK)
		status = mlp_check_pointer("digest", digest);
	if (status == MLP_OK)
		*digest = (uint64_t)settings_digest(net) << 32 | parameters_digest(net);
	return status;
}
