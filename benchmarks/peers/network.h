/* A network of libmlp from a problem. */
#ifndef PEERS_NETWORK_H
#define PEERS_NETWORK_H

#include <mlp/mlp.h>

#include "peer.h"

mlp_network *network_of(const struct problem *problem);

#endif
