/** @file
 * Checkpoints: training saved and taken up again. <mlp/mlp.h> includes it. */
#ifndef MLP_CHECKPOINT_H
#define MLP_CHECKPOINT_H

#include <stdint.h>

#include <mlp/file.h>
#include <mlp/trainer.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup trainer
 * @{ */

/** Write a checkpoint now and then while training: after every `every` batches (counted over all epochs), at the
 * end of every epoch and of the run; after the progress callback, with what that has set. See
 * mlp_trainer_save(); each one waits for the disk and allocates.
 * @param trainer  trainer
 * @param path     file that is replaced each time; copied; NULL: no checkpoints (the default)
 * @param every    batches from one to the next; 0: at the end of epochs alone
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for a negative number; MLP_ERR_MEMORY; MLP_ERR_STATE from inside
 *         a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_checkpoint(mlp_trainer *trainer, const char *path,
					      int64_t every);

/** Save all that training goes on from: the network, the optimizer, the schedule, the settings, the place in the
 * epoch and in the random numbers, best weights, history and outcome. The file is a safetensors file, replaced
 * as a whole as by mlp_network_save(); mlp_network_load() reads the network from it, with the weights that
 * training goes on from.
 *
 * Not in it, to be given again: data and sources, validation rows, the pool, the progress callback, the
 * checkpoint's path. (The network's notes and domain are in it, for mlp_network_load() alone.) May be called
 * from inside the progress callback.
 * @param trainer  trainer, unchanged
 * @param path     where; its folder must exist
 * @return as mlp_network_save(); MLP_ERR_STATE from inside a source
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_save(const mlp_trainer *trainer, const char *path);

/** mlp_trainer_save() through a function of the caller's.
 * @param trainer  trainer, unchanged
 * @param write    called with the bytes of the file in order, in pieces of any size
 * @param context  passed to it as it is
 * @return as mlp_network_save_to(); MLP_ERR_STATE from inside a source
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_save_to(const mlp_trainer *trainer, mlp_write_function write,
				       void *context);

/** Take up training from a checkpoint: the trainer, its optimizer (of the kind in the file) and the parameters of
 * its network become what they were; the same data given, the next run has the same bits as if it had never
 * stopped, whatever the number of workers. A run that was over shows its outcome and, where it had restored
 * them, the best weights.
 * @param trainer  trainer; its network must be of the same element type, widths, activations, biases, frozen
 *                 layers, dropout and scaling as the one in the file (mlp_network_load() of the same file
 *                 gives one that is)
 * @param path     file
 * @param options  limits; the rest of them is not looked at; NULL: those of mlp_load_options_create()
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback; MLP_ERR_SHAPE for another network;
 *         MLP_ERR_FORMAT for a file that is damaged or no checkpoint; MLP_ERR_IO; MLP_ERR_LIMIT;
 *         MLP_ERR_OVERFLOW; MLP_ERR_MEMORY; MLP_ERR_BLAS. After a failure the trainer is as it was.
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_resume(mlp_trainer *trainer, const char *path,
				      const mlp_load_options *options);

/** mlp_trainer_resume() through a function of the caller's: see mlp_network_load_from().
 * @param trainer  as there
 * @param read     gives the bytes of the file in order, in pieces of any size, up to its end
 * @param context  passed to it as it is
 * @param options  as there
 * @return as mlp_trainer_resume(), with MLP_ERR_CALLBACK if `read` failed in place of MLP_ERR_IO
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_resume_from(mlp_trainer *trainer, mlp_read_function read,
					   void *context, const mlp_load_options *options);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
