/* Which library a function comes from. */
#ifndef MLP_BASE_LIBRARY_H
#define MLP_BASE_LIBRARY_H

typedef void (*mlp_function)(void);

/* The function `name` of the library that `neighbour` comes from, or of one that it is linked to; NULL if they
 * have none. `visible` is what the linker found under that name, which may be another library's or NULL: the
 * answer where the platform tells no more. */
mlp_function mlp_function_beside(mlp_function neighbour, const char *name, mlp_function visible);

#endif
