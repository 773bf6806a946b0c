/** @file
 * Cost. <mlp/mlp.h> includes it. */
#ifndef MLP_COST_H
#define MLP_COST_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup cost Cost
 * @{ */

/** The computations that mlp_network_cost() knows. */
typedef enum mlp_pass {
	MLP_PASS_FORWARD = 1,        /**< s(l) and x(l), l = 1 .. L */
	MLP_PASS_BACKWARD = 2,       /**< dl/dw, dl/db, and dl/dx(l) for l = 1 .. L-1 */
	MLP_PASS_BACKWARD_INPUT = 3, /**< the same and dl/dx(0) */
	MLP_PASS_UPDATE = 4,         /**< w and b from a gradient array */
	/** No value: fixes the range of the type. */
	MLP_PASS_MAX_ENUM = 0x7fffffff
} mlp_pass;

/** Arithmetic and memory traffic of a pass over a batch of B rows.
 *
 * With S = sum of n_l n_(l-1), P = S + sum of n_l (the parameters) and e bytes per element:
 *
 *     pass             flop                   bytes / e (each operand of each product once)
 *     forward          2 B S                  P + B sum of (n_(l-1) + n_l)
 *     backward         2 B (2 S - n_1 n_0)    P + B sum of (n_(l-1) + n_l)                 dw, db
 *                                             + sum over l > 1 of (n_l n_(l-1) + B n_(l-1)) dx
 *     backward_input   4 B S                  the same with l > 0 in the last sum
 *     update           2 P                    3 P
 *
 * A product's operands are: forward w, b, x(l-1), s(l); dw: dl/ds(l), x(l-1), dl/dw, dl/db; dx: w
 * and dl/dx(l-1) (dl/ds(l) was counted with dw). Activations, biases and the loss are left out of
 * the flop: they are not products. P counts every bias, those switched off included.
 *
 * @param net    network
 * @param pass   computation
 * @param batch  rows, at least 1; ignored for #MLP_PASS_UPDATE
 * @param flop   receives the floating-point operations (a multiply-add is two); NULL: not wanted
 * @param bytes  receives the compulsory memory traffic; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown pass; MLP_ERR_SIZE; MLP_ERR_OVERFLOW
 *         if a number passes 2^63 - 1
 * @since 0.1 */
MLP_API mlp_status mlp_network_cost(const mlp_network *net, mlp_pass pass, int64_t batch,
				    int64_t *flop, int64_t *bytes);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
