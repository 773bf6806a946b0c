/* Networks, as the other files of this layer need them. */
#ifndef MLP_NETWORK_INTERNAL_H
#define MLP_NETWORK_INTERNAL_H

#include "engine/objects.h"

/* Everything that was set, and the parameters, to a network of the same widths, which becomes another
 * for every workspace. MLP_ERR_OVERFLOW if something is too large for its element type; it is half
 * written then. */
mlp_status mlp_network_assign(const mlp_network *from, mlp_network *to);

#endif
