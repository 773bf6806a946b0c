/* Notes of a network, for those who create, copy and free it. */
#ifndef MLP_NOTES_H
#define MLP_NOTES_H

#include "engine/objects.h"

/* Give `to`, which has none, copies of the notes of `from`; after a failure it has some of them. */
mlp_status mlp_notes_copy(const mlp_network *from, mlp_network *to);
void mlp_notes_free(mlp_network *net);

#endif
