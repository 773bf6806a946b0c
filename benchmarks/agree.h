/* Do libmlp and the plain loop do the same? A fast wrong loop would be no yardstick. */
#ifndef BENCH_AGREE_H
#define BENCH_AGREE_H

#include "ours.h"
#include "plain.h"
#include "result.h"

/* 10 steps of both from the same weights. Both are left with the weights they have then, and with a
 * learning rate so small that thousands of steps leave them there. */
void FN(agree)(struct FN(ours) * ours, struct FN(plain) * plain, struct agreement *agreement);

#endif
