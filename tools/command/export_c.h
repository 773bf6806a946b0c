/* mlp export: the C file. */
#ifndef MLP_TOOLS_EXPORT_C_H
#define MLP_TOOLS_EXPORT_C_H

#include "command/model.h"

/* Writes the model as C, under a comment with the order of its inputs and outputs. The file is replaced as a
 * whole, as mlp_export_c() does it. */
enum exit_code export_c(const struct model *model, const char *name, const char *path);

#endif
