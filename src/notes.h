/* Notes of a network, for those who create, copy and free it. */
#ifndef MLP_NOTES_H
#define MLP_NOTES_H

#include "engine/objects.h"

/* Give `to`, which has none, copies of the notes of `from`; after a failure it has some of them. */
mlp_status mlp_notes_copy(const mlp_network *from, mlp_network *to);

/* As mlp_network_set_note, for a key that there is not yet, and at the end: any number in any order, and then
 * sorted, before anything else is done with notes. It is quicker than setting many one by one. */
mlp_status mlp_notes_append(mlp_network *net, const char *key, const char *text);
void mlp_notes_sort(mlp_network *net);

void mlp_notes_free(mlp_network *net);

#endif
