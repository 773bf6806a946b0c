/* The file that make-problem writes and every peer reads. */
#ifndef PEERS_PROBLEM_H
#define PEERS_PROBLEM_H

#include "peer.h"

/* The file: a line "mlp-problem WIDTHS BATCH ETA", as in "mlp-problem 17-64-64-6 32 0.01", then
 * floats as they are in memory: w and b of each layer, x, target. Ends the program by peer_skip()
 * if it cannot be read. */
void problem_read(struct problem *problem, const char *name);

#endif
