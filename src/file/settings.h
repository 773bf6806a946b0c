/* What is set on a network, as metadata strings, and back. */
#ifndef MLP_FILE_SETTINGS_H
#define MLP_FILE_SETTINGS_H

#include "file/safetensors.h"

mlp_status mlp_settings_write(const mlp_network *net, struct mlp_tensor_writer *writer);

/* MLP_ERR_FORMAT for anything that a network cannot have; missing entries leave what is. */
mlp_status mlp_settings_read(const struct mlp_tensor_reader *reader, mlp_network *net);

#endif
