/* The text of --help. */
#include "options.h"

#include <stdio.h>

/* In two parts, as C promises string literals of no more than 4095 characters. */
static const char options_text[] =
	"Usage: mlp-bench [OPTION]... [WIDTHS]...\n"
	"\n"
	"Times the passes of libmlp over multilayer perceptrons, beside the bare CBLAS calls of "
	"the\n"
	"same products and beside a plain training loop on CBLAS, all taking turns in one run.\n"
	"\n"
	"WIDTHS are the widths of a net, inputs first, outputs last: 784,512,256,10. Without any:\n"
	"17,64,64,6  32,128,128,1  784,512,256,10  479,1024,1024,512,256,1.\n"
	"\n"
	"  --batch LIST        batch sizes, separated by commas (default 1,32,128)\n"
	"  --dtype TYPE        f32 (default) or f64\n"
	"  --activation NAME   of the hidden layers (default relu): identity, sigmoid, tanh, "
	"relu,\n"
	"                      leaky_relu, elu, selu, softplus, softsign, gelu, silu or sin\n"
	"  --seconds S         time to measure each net at each batch size (default 1.5);\n"
	"                      at least 5 rounds are made\n"
	"  --repetitions N     make N rounds instead\n"
	"  --json              print one JSON object a line, one for each net and batch size\n"
	"  --plot FILE.svg     draw time and backward/forward against the batch size; needs "
	"gnuplot,\n"
	"                      and without it says so and draws nothing\n"
	"  --help              print this text\n"
	"  --version           print the version of the program and of libmlp\n"
	"\n";

static const char things_text[] =
	"What is measured, in microseconds a call, best and median of all rounds:\n"
	"  forward             mlp_forward, training workspace\n"
	"  backward            mlp_backward to the parameter gradient\n"
	"  backward, dl/dx(0)  the same and the gradient at the input\n"
	"  update              mlp_update from the gradient array\n"
	"  step                mlp_train_step: forward, squared error, backward, update\n"
	"  bare CBLAS          the products of a pass and nothing else, the fastest of "
	"sample-major\n"
	"                      and feature-major gemm calls and, for one sample, gemv and ger "
	"(ger\n"
	"                      adds to dl/dw: it spares the zeroing that backward needs)\n"
	"  plain loop          a step on sample-major arrays as one writes it in an hour: bias,\n"
	"                      activation, loss, deltas, update in the weight-gradient product;\n"
	"                      10 steps from the same weights must give the weights of libmlp\n"
	"GFLOP/s and % of peak come from the best time; the flop are those of the products\n"
	"(mlp_network_cost). Peak is the rate of a 64x64x64 product in cache, on one thread.\n"
	"\n"
	"The ratio backward/forward stands beside the same ratio of the flop: twice, less by the\n"
	"gradient at the input that is not computed. step/bare and step/plain below 1 mean that\n"
	"libmlp is faster.\n"
	"\n"
	"The JSON keys: net, batch, dtype, activation, workers, rounds; X_us (best) and "
	"X_us_median\n"
	"for X = forward, backward, backward_input, update, step, blas_forward, blas_backward,\n"
	"plain_step; X_flop for X = forward, backward, backward_input, update; peak_gflops;\n"
	"blas_forward_way, blas_backward_way; weight_eta, weight_moved, weight_deviation,\n"
	"weight_tolerance (the comparison of 10 steps); version, blas, blas_config, blas_threads.\n"
	"\n"
	"The BLAS threads as its environment says, for all that is measured:\n"
	"OPENBLAS_NUM_THREADS=1 mlp-bench gives the figures of one thread.\n"
	"\n"
	"Exit status: 0; 1 if a call of libmlp fails, memory runs out, a file cannot be written "
	"or\n"
	"the plain loop and libmlp disagree; 2 for a bad command line. A missing gnuplot is no "
	"error.\n";

void help_print(void)
{
	fputs(options_text, stdout);
	fputs(things_text, stdout);
}
