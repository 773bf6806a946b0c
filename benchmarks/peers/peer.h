/* A peer: one implementation of the training step that all of them make, in a program of its own.
 *
 * The network has ReLU in its hidden layers and identity at its output; the loss is 1/2 sum of
 * (x(L) - t)^2 over the outputs, mean over the batch; the update is plain gradient descent. serve.c
 * has main() and speaks with compare.py; a peer defines the functions below. */
#ifndef PEERS_PEER_H
#define PEERS_PEER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be learned, as make-problem wrote it. Layers 0 .. layer_count-1 here. */
struct problem {
	size_t layer_count, batch;
	size_t *widths; /* layer_count + 1 */
	double eta;
	float **w, **b;    /* layer l: widths[l+1] x widths[l], row-major; widths[l+1] */
	float *x, *target; /* batch x widths[0], batch x widths[layer_count], row-major */
};

/* Makes the network with the problem's weights and eta, on so many threads. The problem stays for as
 * long as the program runs. Returns one line about what it is (version, way), which stays as well. */
const char *peer_open(const struct problem *given, int threads);

void peer_set_eta(double value);

/* What is timed: the outputs for the batch; one training step. */
void peer_forward(void);
void peer_step(void);

/* The outputs of the last peer_forward(), batch x widths[layer_count], row-major. */
void peer_output(float *values);

/* NULL, or the reason why this peer's losses cannot be those of libmlp. */
extern const char *const peer_incomparable;

/* For the peers to use. */

/* Ends the program: this peer cannot do this problem, for a reason like printf's. */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void peer_skip(const char *reason, ...);

/* count floats at a multiple of 64 bytes, zero; ends the program when there is no memory. */
float *peer_floats(size_t count);

#ifdef __cplusplus
}
#endif

#endif
