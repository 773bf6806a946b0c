/** @file
 * Dropout. <mlp/mlp.h> includes it. */
#ifndef MLP_DROPOUT_H
#define MLP_DROPOUT_H

#include <stdint.h>

#include <mlp/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup dropout Dropout
 *
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", in the
 * inverted form: while a network is trained, each unit of a layer is dropped with the layer's rate, for
 * one sample and one pass, and what is left is divided by 1 - rate, so that the next layer sees the same
 * mean. Outputs of a trained network need no correction.
 *
 * Calls that train drop units: mlp_gradient, mlp_gradient_class, mlp_train_step, mlp_train_step_class,
 * and the steps of optimizers, which are made of the same. All others compute with the whole network:
 * mlp_predict, mlp_forward, mlp_evaluate, and whatever tells derivatives of the network's function. A
 * mlp_backward that follows a mlp_gradient goes back through the units that were kept there.
 *
 * Which units are dropped is a function of the seed, the number of the pass, the layer, the row in the
 * batch and the unit, and of nothing else: the same for f32 and f64, for every number of workers and
 * every way to compute. Each workspace has a seed (0 at first), and counts passes: every call that
 * trains and succeeds adds one, rates or no rates, so that the next draws other units; a call that fails
 * adds none. Seed and pass together are all there is to save.
 *
 * In a trace x(l) is what the next layer saw, 0 where a unit was dropped, and dl/dx(l) the derivative with
 * respect to x(l) before units were dropped, 0 likewise.
 *
 * The numbers: z(k) = splitmix64 (Steele, Lea and Flood 2014) of the state a + k gamma, gamma =
 * 0x9e3779b97f4a7c15, that is, number k of the stream that begins at a. A layer's key is z(1) of (z(1) of
 * (z(1) of the seed) ^ pass) ^ l. Rows 2 r and 2 r + 1 share the stream that begins at z(1) of the key ^ r: unit
 * i (from 0) of the first is dropped if the low 32 bits of z(i + 1) are less than 2^32 rate, rounded, of
 * the second if the high ones are.
 * @{ */

/** Set the rate at which units of a layer are dropped.
 * @param net    network
 * @param layer  0 (inputs) .. L - 1, or #MLP_HIDDEN_LAYERS; outputs are never dropped
 * @param rate   0 <= rate < 1; 0 after creation, for none
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_dropout(mlp_network *net, int64_t layer, double rate);

/** Rate of layer 0 .. L - 1; NaN if `net` is NULL or there is no such layer. @since 0.1 */
MLP_API double mlp_network_dropout(const mlp_network *net, int64_t layer);

/** Set what the next training call in a workspace draws its units from.
 * @param ws    workspace
 * @param seed  any number
 * @param pass  number of the next pass, any; goes on from there
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_set_dropout(mlp_workspace *ws, uint64_t seed, uint64_t pass);

/** The seed; 0 if `ws` is NULL. @since 0.1 */
MLP_API uint64_t mlp_workspace_dropout_seed(const mlp_workspace *ws);

/** Number of the next pass, 0 in a new workspace; 0 if `ws` is NULL. @since 0.1 */
MLP_API uint64_t mlp_workspace_dropout_pass(const mlp_workspace *ws);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
