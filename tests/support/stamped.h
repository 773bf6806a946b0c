/* Networks whose parameters say which version they are: all of them carry its number. */
#ifndef MLP_TESTS_SUPPORT_STAMPED_H
#define MLP_TESTS_SUPPORT_STAMPED_H

#include "support/test.h"

enum { P = 3 * 40 + 40 + 40 * 2 + 2 };

static const int64_t widths[] = {3, 40, 2};

static inline mlp_network *create(const mlp_allocator *allocator)
{
	mlp_network *net;
	assert_ok(mlp_network_create_with(MLP_F32, widths, 3, allocator, &net));
	return net;
}

static inline void stamp(mlp_network *net, uint64_t version)
{
	float *p = mlp_network_parameters_f32(net);
	for (int i = 0; i < P; i++)
		p[i] = (float)version;
}

static inline bool is_stamped(const mlp_network *net, uint64_t version)
{
	const float *p = mlp_network_const_parameters_f32(net);
	for (int i = 0; i < P; i++)
		if (p[i] != (float)version)
			return false;
	return true;
}

#endif
