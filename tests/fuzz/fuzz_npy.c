/* NumPy's .npy. */
#include "fuzz/fuzz.h"
#include "fuzz/try_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_bytes(data, size, NULL);
	return 0;
}
