/** @file
 * Live weights. <mlp/mlp.h> includes it. */
#ifndef MLP_LIVE_H
#define MLP_LIVE_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup live Live weights
 *
 * One thread trains, others compute with the latest network meanwhile:
 *
 *     trainer      mlp_train_step_f32(net, ...);  now and then: mlp_live_publish(live, net);
 *     readers      const mlp_network *now = mlp_live_acquire(live);
 *                  mlp_forward_f32(now, ws, ...);
 *                  mlp_live_release(live, now);
 *
 * A reader sees a whole network, as it was when it was published, for as long as it holds it, and never
 * half of one and half of another.
 *
 * **Progress.** Readers take no lock and never wait for the trainer: acquiring is two atomic operations
 * and a look, repeated only if a publication came just in between; releasing is one atomic operation and a
 * search among the networks held. The trainer never waits for readers: it copies into a network that nobody
 * reads, or makes another if there is none. So about two networks are kept, and one more for each snapshot
 * that was held at once with others ("about": a reader that is just looking whether a network is the latest
 * counts as one that holds it); they are used again, and given back when all is freed. Several threads may
 * publish; they take turns. A child of a fork may go on with what it inherited, whatever other threads were doing.
 * @{ */

/** A network that one thread publishes and others read. */
typedef struct mlp_live mlp_live;

/** Create one, and publish a copy of a network in it as version 1.
 * @param net   network, unchanged; its allocator is inherited
 * @param live  receives it, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_live_create(const mlp_network *net, mlp_live **live);

/** Free it with all its networks; NULL is allowed. Every snapshot must have been released, and no
 * other thread may be in a call with it. @since 0.1 */
MLP_API void mlp_live_free(mlp_live *live);

/** Publish a copy of a network with everything that was set: parameters, activations, biases, freezing,
 * dropout, scaling and domain. Copies, and allocates only if every network kept is being read.
 *
 * For a workspace the published network is another one each time: a backward pass with it needs a
 * forward pass with it.
 *
 * @param live  where; any thread
 * @param net   network of the same element type and widths, unchanged; nobody may change it meanwhile
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SHAPE for another element type, number of layers or width;
 *         MLP_ERR_MEMORY: readers still see the version before
 * @since 0.1 */
MLP_API mlp_status mlp_live_publish(mlp_live *live, const mlp_network *net);

/** The network that was published last, which stays valid and unchanged until it is released. It may be
 * held for any time, used by several threads, and acquired any number of times; each time wants a release.
 * @return the network; NULL if `live` is NULL
 * @since 0.1 */
MLP_API const mlp_network *mlp_live_acquire(mlp_live *live);

/** Release a network that mlp_live_acquire() gave, from any thread. NULL, and a network that is not of
 * `live`, are ignored. @since 0.1 */
MLP_API void mlp_live_release(mlp_live *live, const mlp_network *net);

/** How often something was published, the creation included: the version that an mlp_live_acquire() after
 * this call gives, or a later one. 0 if `live` is NULL. @since 0.1 */
MLP_API uint64_t mlp_live_version(const mlp_live *live);

/** Version of a network that is being held. 0 if it is not of `live`, or either is NULL. @since 0.1 */
MLP_API uint64_t mlp_live_version_of(const mlp_live *live, const mlp_network *net);

/** Number of networks kept, for those who watch memory: it only grows, and with luck in timing it differs by
 * a few from run to run. MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_live_networks(const mlp_live *live);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
