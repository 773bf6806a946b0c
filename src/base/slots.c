/* Publishing values to readers that never wait. */
#include "base/slots.h"

#include <stddef.h>

#include "base/forks.h"

bool mlp_slots_create(struct mlp_slots *slots)
{
	if (!mlp_watch_forks())
		return false;
	atomic_init(&slots->current, NULL);
	atomic_init(&slots->newest, NULL);
	atomic_init(&slots->version, 0);
	atomic_init(&slots->generation, mlp_fork_generation());
	mlp_mutex_reset(&slots->lock);
	return true;
}

struct mlp_slot *mlp_slots_acquire(struct mlp_slots *slots)
{
	for (;;) {
		struct mlp_slot *slot = atomic_load(&slots->current);
		atomic_fetch_add(&slot->readers, 1);
		if (atomic_load(&slots->current) == slot)
			return slot;
		mlp_slot_release(slot);
	}
}

void mlp_slot_release(struct mlp_slot *slot)
{
	atomic_fetch_sub(&slot->readers, 1);
}

uint64_t mlp_slots_version(const struct mlp_slots *slots)
{
	return atomic_load(&slots->version);
}

struct mlp_slot *mlp_slots_newest(const struct mlp_slots *slots)
{
	return atomic_load(&slots->newest);
}

struct mlp_slot *mlp_slots_find(const struct mlp_slots *slots, const void *content)
{
	struct mlp_slot *slot = mlp_slots_newest(slots);
	while (slot != NULL && slot->content != content)
		slot = slot->next;
	return slot;
}

/* In a child the lock may be held by a thread of the parent's, for ever. Whoever comes first makes it free;
 * nobody can have taken it before, for everybody comes by here. */
static void renew(struct mlp_slots *slots, unsigned generation)
{
	mlp_lock_after_forks();
	if (atomic_load(&slots->generation) != generation) {
		mlp_mutex_reset(&slots->lock);
		atomic_store(&slots->generation, generation);
	}
	mlp_unlock_after_forks();
}

void mlp_slots_lock(struct mlp_slots *slots)
{
	const unsigned generation = mlp_fork_generation();
	if (atomic_load(&slots->generation) != generation)
		renew(slots, generation);
	mlp_mutex_lock(&slots->lock);
}

void mlp_slots_unlock(struct mlp_slots *slots)
{
	mlp_mutex_unlock(&slots->lock);
}

struct mlp_slot *mlp_slots_unused(const struct mlp_slots *slots)
{
	const struct mlp_slot *current = atomic_load(&slots->current);
	struct mlp_slot *slot = mlp_slots_newest(slots);
	while (slot != NULL && (slot == current || atomic_load(&slot->readers) > 0))
		slot = slot->next;
	return slot;
}

void mlp_slots_add(struct mlp_slots *slots, struct mlp_slot *slot)
{
	atomic_init(&slot->readers, 0);
	slot->next = atomic_load(&slots->newest);
	atomic_store(&slots->newest, slot);
}

void mlp_slots_publish(struct mlp_slots *slots, struct mlp_slot *slot)
{
	/* by the current slot: in a child of a fork between the next two lines `version` is behind */
	const struct mlp_slot *current = atomic_load(&slots->current);
	slot->version = current != NULL ? current->version + 1 : 1;
	atomic_store(&slots->current, slot);
	atomic_store(&slots->version, slot->version);
}
