/* Files of numbers into a network and out of it. Data flows one way:
 *
 *     bytes -> format -> table -> encoding -> matrices          predictions, weights -> file
 *     reader.h  read.h   table.h  encoding.h  matrices.h        writer.h, array_writer.h
 *
 * Training:
 *     struct encoding_options choices = {.target = "y"};
 *     struct read_options options = {.kind = encoding_options_column_kind, .kind_context = &choices};
 *     table_read(path, &options, &table, &error) &&
 *     encoding_create(table, &choices, &encoding, &error) &&
 *     matrices_create(encoding, table, TARGETS_YES, MLP_F32, &matrices, &error)
 * then encoding_to_json() for the model file. New data:
 *     encoding_from_json(json, model_path, &encoding, &error) with
 *     struct read_options options = {.kind = encoding_column_kind, .kind_context = encoding};
 * (to predict: encoding_input_kind)
 * and table_read(), matrices_create() as above.
 *
 * Every call that can fail returns false (or NULL) and leaves one line in its struct data_error. */
#ifndef MLP_TOOLS_DATA_DATA_H
#define MLP_TOOLS_DATA_DATA_H

#include "data/array_writer.h"
#include "data/encoding.h"
#include "data/error.h"
#include "data/matrices.h"
#include "data/number.h"
#include "data/read.h"
#include "data/reader.h"
#include "data/table.h"
#include "data/writer.h"

#endif
