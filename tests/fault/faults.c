/* A library to be preloaded (LD_PRELOAD): the n-th call of the kind that the environment names fails, once or from
 * then on. Counting begins with main(); what a BLAS or the dynamic linker asks for is not counted, for those
 * may end the process as they please.
 *
 *     MLP_FAULT_CALLS   memory, or names of faults_system.c with commas between them
 *     MLP_FAULT_NTH     number of the call that fails, from 1; 0: none, the calls are counted
 *     MLP_FAULT_ON      not empty: so do all after it
 *     MLP_FAULT_ERROR   number of the error; 0: reads and writes that take half of what they could
 *     MLP_FAULT_LOG     a file, to which "hit NAME" is written when a call fails, and "calls NUMBER" at the end */
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The C library's own, under names that nobody takes the place of. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum { MOST_RANGES = 64 };

static struct {
	const char *calls, *log;
	long nth;
	int error;
	bool on, logged;
	atomic_bool active;
	atomic_long count;
	struct {
		uintptr_t first, end;
	} left_out[MOST_RANGES]; /* code of libraries whose calls are not counted */
	int left_out_count;
} plan;

/* ---- telling -------------------------------------------------------------------------------- */

/* By calls of the kernel alone: the C library's functions are those that fail. */
static void write_log(const char *word, const char *rest)
{
	char line[80];
	if (plan.log == NULL)
		return;
	long file = syscall(SYS_openat, AT_FDCWD, plan.log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (file < 0)
		return;
	int length = snprintf(line, sizeof line, "%s %s\n", word, rest);
	syscall(SYS_write, file, line, (size_t)length);
	syscall(SYS_close, file);
}

/* ---- who calls ------------------------------------------------------------------------------ */

static bool is_left_out(const void *caller)
{
	for (int i = 0; i < plan.left_out_count; i++)
		if ((uintptr_t)caller >= plan.left_out[i].first &&
		    (uintptr_t)caller < plan.left_out[i].end)
			return true;
	return false;
}

static int look_at_object(struct dl_phdr_info *object, size_t size, void *context)
{
	static const char *const names[] = {"blas",     "blis",   "gomp",      "gfortran",
					    "quadmath", "mkl",    "ld-linux",  "libgcc",
					    "faults",   "crypto", "libpthread"};
	(void)size;
	(void)context;
	const char *slash = strrchr(object->dlpi_name, '/');
	const char *file = slash != NULL ? slash + 1 : object->dlpi_name;
	bool leave_out = false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		leave_out = leave_out || strstr(file, names[i]) != NULL;
	for (int i = 0; leave_out && i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		if (part->p_type != PT_LOAD || plan.left_out_count == MOST_RANGES)
			continue;
		plan.left_out[plan.left_out_count].first = object->dlpi_addr + part->p_vaddr;
		plan.left_out[plan.left_out_count++].end =
			object->dlpi_addr + part->p_vaddr + part->p_memsz;
	}
	return 0;
}

/* ---- whether it fails ----------------------------------------------------------------------- */

static bool is_named(const char *name)
{
	size_t length = strlen(name);
	for (const char *at = plan.calls; (at = strstr(at, name)) != NULL; at += length)
		if ((at == plan.calls || at[-1] == ',') && (at[length] == ',' || at[length] == 0))
			return true;
	return false;
}

bool fault_due(const char *name, const void *caller)
{
	if (!atomic_load(&plan.active) || !is_named(name) || is_left_out(caller))
		return false;
	long number = atomic_fetch_add(&plan.count, 1) + 1;
	if (plan.nth == 0 || number < plan.nth || (number > plan.nth && !plan.on))
		return false;
	if (!plan.logged)
		write_log("hit", name);
	plan.logged = true;
	errno = plan.error;
	return true;
}

bool fault_is_short(void)
{
	return plan.error == 0;
}

/* ---- memory --------------------------------------------------------------------------------- */

void *malloc(size_t size)
{
	return fault_due("memory", __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fault_due("memory", __builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fault_due("memory", __builtin_return_address(0)) ? NULL
								: __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fault_due("memory", __builtin_return_address(0)) ? NULL
								: __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	if (fault_due("memory", __builtin_return_address(0)))
		return ENOMEM;
	*memory = __libc_memalign(alignment, size);
	return *memory != NULL ? 0 : ENOMEM;
}

/* ---- the program ---------------------------------------------------------------------------- */

typedef int main_function(int argc, char **argv, char **environment);
typedef int start_function(main_function *program, int argc, char **argv, void (*init)(void),
			   void (*fini)(void), void (*end)(void), void *stack);

static main_function *program_main;

static int watched_main(int argc, char **argv, char **environment)
{
	const char *nth = getenv("MLP_FAULT_NTH"), *on = getenv("MLP_FAULT_ON"),
		   *error = getenv("MLP_FAULT_ERROR");
	plan.calls = getenv("MLP_FAULT_CALLS");
	plan.log = getenv("MLP_FAULT_LOG");
	plan.nth = nth != NULL ? strtol(nth, NULL, 10) : 0;
	plan.on = on != NULL && *on != '\0';
	plan.error = error != NULL ? (int)strtol(error, NULL, 10) : ENOMEM;
	dl_iterate_phdr(look_at_object, NULL);
	fault_watch_stdout();
	atomic_store(&plan.active, plan.calls != NULL);
	int code = program_main(argc, argv, environment);
	atomic_store(&plan.active, false);
	return code;
}

/* What was counted, also if the program ended by exit(). */
__attribute__((destructor)) static void tell_count(void)
{
	char number[24];
	atomic_store(&plan.active, false);
	snprintf(number, sizeof number, "%ld", atomic_load(&plan.count));
	write_log("calls", number);
}

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*end)(void), void *stack);

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*end)(void), void *stack)
{
	start_function *start;
	void *address = dlsym(RTLD_NEXT, "__libc_start_main");
	memcpy(&start, &address, sizeof start); /* ISO C has no cast for it */
	program_main = program;
	return start(watched_main, argc, argv, init, fini, end, stack);
}
