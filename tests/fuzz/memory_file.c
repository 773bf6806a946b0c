/* A file in memory, by Linux's memfd_create(). */
#include "fuzz/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

struct memory_file memory_file_create(void)
{
	struct memory_file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
	REQUIRE(file.descriptor >= 0, "no file in memory");
	snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.descriptor);
	return file;
}

void memory_file_write(const struct memory_file *file, const void *bytes, size_t size)
{
	REQUIRE(ftruncate(file->descriptor, 0) == 0, "it cannot be emptied");
	ssize_t written = size > 0 ? pwrite(file->descriptor, bytes, size, 0) : 0;
	REQUIRE(written == (ssize_t)size, "%zd bytes written of %zu", written, size);
}
