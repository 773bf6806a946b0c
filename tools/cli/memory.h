/* Memory and strings that cannot fail: out of memory ends the command. */
#ifndef MLP_TOOLS_MEMORY_H
#define MLP_TOOLS_MEMORY_H

#include <stddef.h>

/* Memory of count * size bytes, all zero; free() takes it back. Ends the command if there is none. */
void *make(size_t count, size_t size);

/* The same without setting it to zero, as malloc() is called. */
void *make_bytes(size_t size);

/* For what asks for memory otherwise and got none. */
_Noreturn void end_without_memory(void);

/* A new string as by sprintf. */
char *make_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
