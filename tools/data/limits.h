/* What is more than this is no table for a multilayer perceptron. */
#ifndef MLP_TOOLS_DATA_LIMITS_H
#define MLP_TOOLS_DATA_LIMITS_H

enum { DATA_MOST_COLUMNS = 1000000 };

#endif
