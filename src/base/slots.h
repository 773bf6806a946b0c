/* Publishing values to readers that never wait: the latest value, and older ones for as long as
 * somebody reads them.
 *
 * Each value lies in a slot with a count of its readers. A reader takes the current slot, counts itself in,
 * and looks whether the slot is still the current one; if not, it counts itself out without having looked
 * inside, and begins again. The writer overwrites only a slot that is not the current one and has no
 * readers. Both sides write first and then read what the other writes, sequentially consistent, so that
 * at least one of them notices the other: a reader whose count came too late finds another slot current. A
 * slot that was meanwhile filled and made current again is as good as any: the count is in time then.
 *
 * Readers are lock-free: one begins again only if a value was published in between. Slots are never given
 * back while there are readers or writers, so that a count may be touched at any time. */
#ifndef MLP_BASE_SLOTS_H
#define MLP_BASE_SLOTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/lock.h"
#include "base/shares.h"

struct mlp_slot {
	_Alignas(MLP_CACHE_LINE) atomic_size_t readers;
	_Alignas(MLP_CACHE_LINE) void
		*content;      /* whose memory stays the same, what is in it does not */
	uint64_t version;      /* of what is in it */
	struct mlp_slot *next; /* older */
};

struct mlp_slots {
	_Alignas(MLP_CACHE_LINE) _Atomic(struct mlp_slot *) current;
	_Atomic(struct mlp_slot *) newest; /* of all; a list that only grows */
	_Atomic uint64_t version;          /* of the current one; 0: none yet */
	atomic_uint generation;            /* of processes: see base/forks.h */
	mlp_mutex lock;                    /* of writers */
};

/* false if out of memory */
bool mlp_slots_create(struct mlp_slots *slots);

/* ---- readers, any number at a time; something must have been published ---- */

/* The current slot, which stays as it is until it is released. */
struct mlp_slot *mlp_slots_acquire(struct mlp_slots *slots);

void mlp_slot_release(struct mlp_slot *slot);

/* How often something was published. */
uint64_t mlp_slots_version(const struct mlp_slots *slots);

/* The first of the list of all slots; NULL: there are none. */
struct mlp_slot *mlp_slots_newest(const struct mlp_slots *slots);

/* The slot with this content; NULL: none. */
struct mlp_slot *mlp_slots_find(const struct mlp_slots *slots, const void *content);

/* ---- writers, between lock and unlock ---- */

void mlp_slots_lock(struct mlp_slots *slots);
void mlp_slots_unlock(struct mlp_slots *slots);

/* A slot that may be overwritten; NULL: none. */
struct mlp_slot *mlp_slots_unused(const struct mlp_slots *slots);

/* Take up a new slot, whose content is set. It may be overwritten. */
void mlp_slots_add(struct mlp_slots *slots, struct mlp_slot *slot);

/* Make a slot the current one. */
void mlp_slots_publish(struct mlp_slots *slots, struct mlp_slot *slot);

#endif
