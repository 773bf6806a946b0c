/** @file
 * libmlp: multilayer perceptrons, their gradients, and the speed of BLAS.
 *
 * The notation is that of the lecture "Back-propagation" (F. Fleuret, EE-559, 3.6). A network has
 * layers l = 1 .. L of widths n_1 .. n_L and an input of width n_0:
 *
 *     forward      x(0) = x      s(l) = w(l) x(l-1) + b(l)          x(l) = sigma(s(l))
 *     backward     dl/ds(l) = dl/dx(l) .* sigma'(s(l))              dl/dx(l-1) = w(l)^T dl/ds(l)
 *     parameters   dl/dw(l) = dl/ds(l) x(l-1)^T                     dl/db(l) = dl/ds(l)
 *     update       w(l) <- w(l) - eta dl/dw(l)                      b(l) <- b(l) - eta dl/db(l)
 *
 * ## The simple way
 *
 *     mlp_network_create()  ->  mlp_network_set_activation()  ->  mlp_network_init()
 *     mlp_network_fit_input_scaling_f32(), mlp_network_fit_output_scaling_f32(): if numbers are not near 1
 *     mlp_workspace_create()  ->  mlp_train_step_f32(), as often as it takes
 *     mlp_predict_f32()  ->  mlp_workspace_free(), mlp_network_free()
 *
 * ## Rules that hold everywhere
 *
 * - Layers are counted as in the lecture: l = 1 is the first layer, l = L the output layer; l = 0 is
 *   the input, where that makes sense (widths, trace).
 * - Data is row-major, [batch][features], with a leading dimension (`ld_...`): the distance between
 *   the starts of two rows, in elements, at least the row's width. Elements between the width and
 *   the leading dimension are neither read nor written. In Fortran the same memory is x(n, batch).
 * - A network is of one element type. Calls that touch data end in `_f32` or `_f64`; the wrong one
 *   returns #MLP_ERR_DTYPE.
 * - A call that can fail returns #mlp_status. After a failure every object is as it was before the
 *   call, the contents of output arrays are unspecified, and mlp_last_error() has one line about it.
 *   One exception: a computation that ends with #MLP_ERR_NONFINITE leaves its quantities in the
 *   workspace, where a trace shows them; if it began with a forward pass, a backward pass needs a new
 *   one.
 * - A getter returns its value; where it cannot, it returns the (negative) status, or the special
 *   value that its description names.
 * - Input and output arrays of one call must not overlap unless its description allows it.
 * - Calls that take a `const mlp_network` do not change it in any way: any number of threads may use
 *   one network at the same time, each with a workspace of its own. Calls on different objects never
 *   interfere. An object that one thread changes must not be used by another at the same time.
 * - No call is a cancellation point (pthread_cancel, deferred): a thread that is cancelled in one finishes it.
 *   Functions of the caller's that a call calls run with cancellation disabled. Signals fail no call.
 * - Enumerators keep their numbers, and later versions append some: write a default in every switch. The
 *   last of each type, `..._MAX_ENUM`, is no value and is refused as one. It fixes the range of the type, so
 *   that in C++ a number which a newer library returns is defined in a program compiled with this header.
 * - The library never prints, exits, aborts, reads the environment, changes the locale, the random
 *   numbers or the thread settings of its host (mlp_blas_set_threads() is there to change one), and
 *   starts no threads but those of an #mlp_pool.
 */
#ifndef MLP_MLP_H
#define MLP_MLP_H

#include <stddef.h>
#include <stdint.h>

/* in the order of the manual */
/* clang-format off */
#include <mlp/version.h>
#include <mlp/api.h>
#include <mlp/status.h>
#include <mlp/build.h>
#include <mlp/network.h>
#include <mlp/parameters.h>
#include <mlp/note.h>
#include <mlp/scaling.h>
#include <mlp/pool.h>
#include <mlp/workspace.h>
#include <mlp/dropout.h>
#include <mlp/compute.h>
#include <mlp/loss.h>
#include <mlp/step.h>
#include <mlp/optimizer.h>
#include <mlp/derivatives.h>
#include <mlp/live.h>
#include <mlp/cost.h>
#include <mlp/file.h>
#include <mlp/metrics.h>
#include <mlp/rate.h>
#include <mlp/trainer.h>
#include <mlp/data.h>
#include <mlp/checkpoint.h>
#include <mlp/fit.h>
/* clang-format on */

#endif
