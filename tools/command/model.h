/* A model: the network, what its columns mean, and how it was trained. */
#ifndef MLP_TOOLS_MODEL_H
#define MLP_TOOLS_MODEL_H

#include <jansson.h>

#include "cli/message.h"
#include "command/rows.h"
#include "data/encoding.h"

/* Notes in the model file: the encoding as the data side writes it, and an object about the training, of which
 * "loss" and "loss_parameter" are read again. */
#define NOTE_ENCODING "encoding"
#define NOTE_TRAINING "training"

struct model {
	mlp_network *net;
	struct encoding *encoding; /* NULL: the file has none, it is from another program */
	json_t *training;          /* an object; NULL: none */
	struct loss loss;
};

/* Loads a model. `dtype` 0: as in the file. After a failure there is nothing to free. */
enum exit_code load_model(const char *path, mlp_dtype dtype, struct model *model);
void free_model(struct model *model);

/* The loss that goes with the output activation, when nothing else is known. */
struct loss usual_loss(const mlp_network *net);

/* "64-128-10" in a new string. */
char *widths_text(const mlp_network *net);

#endif
