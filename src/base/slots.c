/* Publishing values to readers that never wait. */
#include "base/slots.h"

#include <stddef.h>

void mlp_slots_create(struct mlp_slots *slots)
{
	atomic_init(&slots->current, NULL);
	atomic_init(&slots->newest, NULL);
	atomic_init(&slots->version, 0);
	mlp_mutex_reset(&slots->lock);
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

void mlp_slots_lock(struct mlp_slots *slots)
{
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
	slot->version = atomic_load(&slots->version) + 1;
	atomic_store(&slots->current, slot);
	atomic_store(&slots->version, slot->version);
}
