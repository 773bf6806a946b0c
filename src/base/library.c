/* Needs more than POSIX where there are ELF's libraries. */
#ifdef __ELF__
#define _GNU_SOURCE /* NOLINT: the name is the C library's */
#include <dlfcn.h>
#endif

#include "base/library.h"

#include <stddef.h>
#include <string.h>

#ifdef __ELF__

/* A program that is altogether static has no use for them, and need not bring them in; C libraries before
 * glibc 2.34 have them in a library of their own. */
#pragma weak dladdr
#pragma weak dlopen
#pragma weak dlsym
#pragma weak dlclose
#pragma weak dlerror

/* Where the object begins that has the function; NULL: not known. ISO C has no conversion between pointers to
 * functions and to objects, POSIX gives them one form. */
static void *object_of(mlp_function function, Dl_info *info)
{
	void *address;
	memcpy(&address, &function, sizeof(address));
	return dladdr(address, info) != 0 ? info->dli_fbase : NULL;
}

mlp_function mlp_function_beside(mlp_function neighbour, const char *name, mlp_function visible)
{
	Dl_info home, other;
	if (dladdr == NULL || dlopen == NULL || dlsym == NULL || dlclose == NULL || dlerror == NULL)
		return visible;
	void *base = object_of(neighbour, &home);
	if (base == NULL || (visible != NULL && object_of(visible, &other) == base))
		return visible;
	void *library = dlopen(home.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (library == NULL) { /* the program itself */
		(void)dlerror(); /* NOLINT(concurrency-mt-unsafe): of this thread, in glibc, musl and macOS */
		return visible;
	}
	mlp_function found;
	void *address = dlsym(library, name); /* looks into what it is linked to as well */
	memcpy(&found, &address, sizeof(found));
	dlclose(library);
	(void)dlerror(); /* not the host's affair; NOLINT(concurrency-mt-unsafe) */
	return found;
}

#else

mlp_function mlp_function_beside(mlp_function neighbour, const char *name, mlp_function visible)
{
	(void)neighbour;
	(void)name;
	return visible;
}

#endif
