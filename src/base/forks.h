/* Whether this process is the one that it was: threads do not survive a fork, what they left does. */
#ifndef MLP_BASE_FORKS_H
#define MLP_BASE_FORKS_H

#include <stdbool.h>

/* Count forks from now on; false if out of memory for that. */
bool mlp_watch_forks(void);

/* A number that a child does not share with its parent, from the first mlp_watch_forks() on. */
unsigned mlp_fork_generation(void);

/* One lock for the whole process, free in every child: for making others free there that the parent held. */
void mlp_lock_after_forks(void);
void mlp_unlock_after_forks(void);

#endif
