/* mlp export: the C file. */
#ifndef MLP_TOOLS_EXPORT_C_H
#define MLP_TOOLS_EXPORT_C_H

#include "command/model.h"

/* Writes the model as C, under a comment with the order of its inputs and outputs. */
enum exit_code export_c(const struct model *model, const char *path, const char *name);

#endif
