/* What fails when told to. */
#define _GNU_SOURCE
#include "fault/faulty.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault/wrapped.h"

struct fault_plan plan;

static bool fails(enum fault_kind kind, const char *name)
{
	if (plan.kind != kind)
		return false;
	int64_t number = ++plan.calls;
	if (plan.fails_at == 0 || number < plan.fails_at ||
	    (number > plan.fails_at && !plan.and_after))
		return false;
	if (plan.failed == NULL)
		plan.failed = name;
	errno = plan.error;
	return true;
}

/* ---- memory --------------------------------------------------------------------------------- */

void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
json_t *__real_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *memory);
json_t *__wrap_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error);

/* What the library has: free() is the test's as well. */
enum { MOST_BLOCKS = 4096 };
static void *blocks[MOST_BLOCKS];

static void *note(void *memory)
{
	for (int i = 0; i < MOST_BLOCKS && memory != NULL; i++)
		if (blocks[i] == NULL) {
			blocks[i] = memory;
			plan.blocks++;
			return memory;
		}
	return memory;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails(FAULT_MEMORY, "aligned_alloc") ? NULL
						    : note(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *memory)
{
	for (int i = 0; i < MOST_BLOCKS && memory != NULL; i++)
		if (blocks[i] == memory) {
			blocks[i] = NULL;
			plan.blocks--;
			break;
		}
	__real_free(memory);
}

/* Within jansson's parser (2.14) none fails: it reads and writes beyond a string that it had no memory for. The
 * library sees to it that there is memory before it parses, and that look can fail. */
static void *json_allocate(size_t size)
{
	if (!plan.parsing && fails(FAULT_MEMORY, "json_malloc"))
		return NULL;
	plan.blocks++;
	return malloc(size);
}

static void json_release(void *memory)
{
	if (memory != NULL)
		plan.blocks--;
	__real_free(memory);
}

json_t *__wrap_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error)
{
	plan.parsing = true;
	json_t *value = __real_json_loadb(text, size, flags, error);
	plan.parsing = false;
	return value;
}

void faulty_begin(void)
{
	json_set_alloc_funcs(json_allocate, json_release);
}

/* ---- the system ----------------------------------------------------------------------------- */

/* Short reads and writes are for those two alone. */
static bool refuses(const char *name)
{
	return fails(FAULT_SYSTEM, name) && plan.error != 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (refuses("open"))
		return -1;
	int file = __real_open(path, flags);
	plan.opened += file >= 0;
	return file;
}

int __wrap_openat(int folder, const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	mode_t mode = (mode_t)va_arg(rest, int);
	va_end(rest);
	if (refuses("openat"))
		return -1;
	int file = __real_openat(folder, path, flags, mode);
	plan.opened += file >= 0;
	return file;
}

ssize_t __wrap_write(int file, const void *data, size_t size)
{
	if (!fails(FAULT_SYSTEM, "write"))
		return __real_write(file, data, size);
	return plan.error != 0 ? -1 : __real_write(file, data, size > 0);
}

ssize_t __wrap_read(int file, void *data, size_t size)
{
	if (!fails(FAULT_SYSTEM, "read"))
		return __real_read(file, data, size);
	return plan.error != 0 ? -1 : __real_read(file, data, size > 0);
}

/* The disk is not waited for: there are thousands of these. */
int __wrap_fsync(int file)
{
	(void)file;
	return refuses("fsync") ? -1 : 0;
}

int __wrap_fchmod(int file, mode_t mode)
{
	return refuses("fchmod") ? -1 : __real_fchmod(file, mode);
}

int __wrap_fstat(int file, struct stat *facts)
{
	return refuses("fstat") ? -1 : __real_fstat(file, facts);
}

int __wrap_lstat(const char *path, struct stat *facts)
{
	return refuses("lstat") ? -1 : __real_lstat(path, facts);
}

/* The descriptor is gone whatever close says. */
int __wrap_close(int file)
{
	plan.opened--;
	int result = __real_close(file);
	return refuses("close") ? -1 : result;
}

int __wrap_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	if (refuses("renameat"))
		return -1;
	plan.renamed = true;
	return __real_renameat(from_folder, from, to_folder, to);
}
