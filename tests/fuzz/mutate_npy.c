/* For the .npy target: half of the files are well-formed. */
#include "fuzz/mutate_npy.h"

#include "fuzz/fuzz.h"
#include "fuzz/try_table.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	size_t made = 0;
	if (size > CHOICES && seed % 4 == 0)
		made = mutate_npy(data + CHOICES, size - CHOICES, max_size - CHOICES,
				  seed / 4 * 2654435761U);
	return made > 0 ? CHOICES + made : LLVMFuzzerMutate(data, size, max_size);
}
