/* Text that grows. The first failure sticks: append as much as it takes, look at the status once. */
#ifndef MLP_FILE_TEXT_H
#define MLP_FILE_TEXT_H

#include <mlp/mlp.h>

struct mlp_text {
	const mlp_allocator *allocator;
	char *bytes; /* ends with '\0'; NULL while empty */
	size_t length, capacity;
	mlp_status status;
};

void mlp_text_put(struct mlp_text *text, const char *more);
void mlp_text_put_unsigned(struct mlp_text *text, uint64_t number);
void mlp_text_put_hex(struct mlp_text *text, double number);

/* Make it empty; what it holds stays allocated until mlp_text_free(). */
void mlp_text_clear(struct mlp_text *text);
void mlp_text_free(struct mlp_text *text);

#endif
