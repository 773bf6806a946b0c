/* Live weights: networks in slots. */
#include "base/slots.h"

#include "base/alloc.h"
#include "base/status.h"
#include "check.h"
#include "network.h"

struct mlp_live {
	mlp_allocator allocator;
	struct mlp_slots slots;
};

static mlp_status check_shape(const mlp_network *kept, const mlp_network *net)
{
	if (net->dtype != kept->dtype)
		return mlp_fail(MLP_ERR_SHAPE, "published so far: f%, network is f%",
				kept->dtype == MLP_F32 ? 32 : 64, net->dtype == MLP_F32 ? 32 : 64);
	if (net->layer_count != kept->layer_count)
		return mlp_fail(MLP_ERR_SHAPE, "published so far: % layers, network has %",
				(int64_t)kept->layer_count, (int64_t)net->layer_count);
	for (int64_t l = 0; l <= (int64_t)net->layer_count; l++)
		if (mlp_network_width(net, l) != mlp_network_width(kept, l))
			return mlp_fail(MLP_ERR_SHAPE, "published so far: n_% = %, network has %",
					l, mlp_network_width(kept, l), mlp_network_width(net, l));
	return MLP_OK;
}

/* A new slot with a copy of the network, in memory of our own allocator. */
static mlp_status add_copy(mlp_live *live, const mlp_network *net, struct mlp_slot **slot)
{
	void *memory;
	mlp_network *copy;
	mlp_status status = mlp_allocate(&live->allocator, sizeof(struct mlp_slot), &memory);
	if (status != MLP_OK)
		return status;
	mlp_network like = *net;
	like.allocator = live->allocator;
	status = mlp_network_clone(&like, &copy);
	if (status != MLP_OK) {
		mlp_deallocate(&live->allocator, memory, sizeof(struct mlp_slot));
		return status;
	}
	*slot = memory;
	(*slot)->content = copy;
	mlp_slots_add(&live->slots, *slot);
	return MLP_OK;
}

/* With the lock. */
static mlp_status publish(mlp_live *live, const mlp_network *net)
{
	struct mlp_slot *slot = mlp_slots_unused(&live->slots);
	mlp_status status =
		slot != NULL ? mlp_network_assign(net, slot->content) : add_copy(live, net, &slot);
	if (status == MLP_OK)
		mlp_slots_publish(&live->slots, slot);
	return status;
}

mlp_status mlp_live_create(const mlp_network *net, mlp_live **live)
{
	mlp_status status = mlp_check_pointer("live", live);
	if (status != MLP_OK)
		return status;
	*live = NULL;
	status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	void *memory;
	status = mlp_allocate(&net->allocator, sizeof(mlp_live), &memory);
	if (status != MLP_OK)
		return status;
	mlp_live *made = memory;
	made->allocator = net->allocator;
	if (!mlp_slots_create(&made->slots)) {
		mlp_deallocate(&net->allocator, made, sizeof(*made));
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a fork handler");
	}
	status = publish(made, net);
	if (status != MLP_OK) {
		mlp_live_free(made);
		return status;
	}
	*live = made;
	return MLP_OK;
}

void mlp_live_free(mlp_live *live)
{
	if (live == NULL)
		return;
	mlp_allocator allocator = live->allocator;
	struct mlp_slot *next, *slot = mlp_slots_newest(&live->slots);
	for (; slot != NULL; slot = next) {
		next = slot->next;
		mlp_network_free(slot->content);
		mlp_deallocate(&allocator, slot, sizeof(*slot));
	}
	mlp_deallocate(&allocator, live, sizeof(*live));
}

mlp_status mlp_live_publish(mlp_live *live, const mlp_network *net)
{
	mlp_status status = mlp_check_pointer("live", live);
	if (status == MLP_OK)
		status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	mlp_slots_lock(&live->slots);
	status = check_shape(mlp_slots_newest(&live->slots)->content, net);
	if (status == MLP_OK)
		status = publish(live, net);
	mlp_slots_unlock(&live->slots);
	return status;
}

const mlp_network *mlp_live_acquire(mlp_live *live)
{
	if (mlp_check_pointer("live", live) != MLP_OK)
		return NULL;
	return mlp_slots_acquire(&live->slots)->content;
}

void mlp_live_release(mlp_live *live, const mlp_network *net)
{
	struct mlp_slot *slot =
		live != NULL && net != NULL ? mlp_slots_find(&live->slots, net) : NULL;
	if (slot != NULL)
		mlp_slot_release(slot);
}

uint64_t mlp_live_version(const mlp_live *live)
{
	return live != NULL ? mlp_slots_version(&live->slots) : 0;
}

uint64_t mlp_live_version_of(const mlp_live *live, const mlp_network *net)
{
	const struct mlp_slot *slot =
		live != NULL && net != NULL ? mlp_slots_find(&live->slots, net) : NULL;
	return slot != NULL ? slot->version : 0;
}

int64_t mlp_live_networks(const mlp_live *live)
{
	mlp_status status = mlp_check_pointer("live", live);
	if (status != MLP_OK)
		return status;
	int64_t count = 0;
	for (const struct mlp_slot *slot = mlp_slots_newest(&live->slots); slot != NULL;
	     slot = slot->next)
		count++;
	return count;
}
