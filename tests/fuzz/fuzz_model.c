/* Model files from memory: refused as the header says, or a network that can be used, saved and loaded again. */
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/try_network.h"

static const mlp_status allowed[] = {MLP_ERR_FORMAT, MLP_ERR_LIMIT, MLP_ERR_OVERFLOW, MLP_OK};

/* In pieces through a function it is the same file. */
static void load_in_pieces(const uint8_t *data, size_t size, mlp_status expected)
{
	struct bytes bytes = given(data, size);
	mlp_network *net;
	mlp_status status = mlp_network_load_from(bytes_read, &bytes, small_options(), &net);
	REQUIRE(status == expected, "%s in one piece, %s in many", mlp_status_name(expected),
		mlp_status_name(status));
	mlp_network_free(net);
}

/* And in a file. */
static void load_from_file(const uint8_t *data, size_t size, mlp_status expected)
{
	static struct memory_file file;
	if (file.path[0] == 0)
		file = memory_file_create();
	memory_file_write(&file, data, size);
	mlp_network *net;
	mlp_status status = mlp_network_load(file.path, small_options(), &net);
	REQUIRE(status == expected, "%s in memory, %s in a file", mlp_status_name(expected),
		mlp_status_name(status));
	mlp_network_free(net);
}

static void load_as(const uint8_t *data, size_t size, mlp_dtype dtype)
{
	mlp_network *net;
	mlp_load_options_set_dtype(small_options(), dtype);
	mlp_status status = mlp_network_load_memory(data, size, small_options(), &net);
	require_status(status, allowed, "load as another type");
	REQUIRE(status != MLP_OK || mlp_network_dtype(net) == dtype, "not the type asked for");
	mlp_network_free(net);
	mlp_load_options_set_dtype(small_options(), 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mlp_network *net = (mlp_network *)&net;
	mlp_status status = mlp_network_load_memory(data, size, small_options(), &net);
	require_status(status, allowed, "load");
	load_in_pieces(data, size, status);
	load_from_file(data, size, status);
	load_as(data, size, MLP_F32);
	load_as(data, size, MLP_F64);
	if (status == MLP_OK)
		try_network(net);
	else
		REQUIRE(net == NULL, "a failure has a result");
	mlp_network_free(net);
	return 0;
}
