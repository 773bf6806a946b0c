/** @file
 * Notes. <mlp/mlp.h> includes it. */
#ifndef MLP_NOTE_H
#define MLP_NOTE_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup note Notes
 *
 * Texts that travel with a network, each under a key of the program's choice: the names of inputs and
 * classes, how and from what it was trained. They change nothing that is computed. Clones and converted
 * copies have the same notes, and model files keep them (in the metadata, under "mlp.note." and the key).
 * Networks that an mlp_live hands out may have those of an earlier publication.
 * The `mlp` command uses the keys "encoding" and "training".
 * @{ */

/** Set a note, or take it away.
 * @param net   network; another thread must not use it meanwhile
 * @param key   1 .. 255 bytes of UTF-8
 * @param text  UTF-8, copied; NULL: the note is taken away (which there need not be)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for a key that is empty or too long; MLP_ERR_VALUE for a key or
 *         text that is not UTF-8; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_note(mlp_network *net, const char *key, const char *text);

/** The note under a key.
 * @return the text, valid until the note is set again or the network freed; NULL if there is none, or `net` or
 *         `key` is NULL
 * @since 0.1 */
MLP_API const char *mlp_network_note(const mlp_network *net, const char *key);

/** Number of notes; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_network_note_count(const mlp_network *net);

/** Key of note 0 .. count - 1, in the order of strcmp(); NULL if there is none. Valid as the note is.
 * @since 0.1 */
MLP_API const char *mlp_network_note_key(const mlp_network *net, int64_t i);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
