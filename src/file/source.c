/* A network as C source: constants, the functions that it needs, and a forward pass of plain loops. */
#include "file/source.h"

#include <string.h>

#include "base/cancellation.h"
#include "base/status.h"
#include "engine/objects.h"
#include "file/number.h"
#include "kernels/kinds.h"

/* Text on its way to the caller's function. */
struct source {
	mlp_write_function write;
	void *context;
	int failed; /* what it returned */
	size_t length;
	const char *name; /* of the network */
	const mlp_network *net;
	char buffer[4096];
};

static void flush(struct source *out)
{
	if (out->failed == 0 && out->length > 0) {
		int cancellation = mlp_cancellation_hold();
		out->failed = out->write(out->context, out->buffer, out->length);
		mlp_cancellation_release(cancellation);
	}
	out->length = 0;
}

static void put(struct source *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (out->length == sizeof(out->buffer))
			flush(out);
		out->buffer[out->length++] = *text;
	}
}

static bool is_float(const struct source *out)
{
	return out->net->dtype == MLP_F32;
}

static void put_unsigned(struct source *out, uint64_t number)
{
	char digits[MLP_NUMBER_SIZE];
	mlp_print_unsigned(number, digits);
	put(out, digits);
}

/* A template, in which @ stands for the network's name, ~ for its element type, $ for the suffix of its
 * literals and of functions of <math.h>, % for the next of the integers that follow. */
#define EMIT(out, ...)                                                                             \
	emit(out, EMIT_TEXT(__VA_ARGS__, 0), (const size_t[]){EMIT_REST(__VA_ARGS__, 0)})
#define EMIT_TEXT(text, ...) text
#define EMIT_REST(text, ...) __VA_ARGS__

static void emit(struct source *out, const char *text, const size_t *numbers)
{
	for (; *text != '\0'; text++) {
		const char one[2] = {*text, '\0'};
		if (*text == '%')
			put_unsigned(out, *numbers++);
		else
			put(out, *text == '@'   ? out->name
				 : *text == '~' ? (is_float(out) ? "float" : "double")
				 : *text == '$' ? (is_float(out) ? "f" : "")
						: one);
	}
}

/* As many digits as make the compiler read the very same number. */
static void put_real(struct source *out, double number)
{
	enum { FLOAT_DIGITS = 9, DOUBLE_DIGITS = 17 };
	char digits[MLP_NUMBER_SIZE];
	mlp_print_decimal(number, is_float(out) ? FLOAT_DIGITS : DOUBLE_DIGITS, digits);
	put(out, digits);
	EMIT(out, "$");
}

/* Values of the network's type, from `values`, as an array. */
static void put_values(struct source *out, const void *values, size_t count)
{
	enum { PER_LINE = 6 };
	for (size_t i = 0; i < count; i++) {
		put(out, i % PER_LINE == 0 ? "\n\t" : " ");
		put_real(out, is_float(out) ? (double)((const float *)values)[i]
					    : ((const double *)values)[i]);
		put(out, i + 1 < count ? "," : "};\n");
	}
}

/* ---- functions ------------------------------------------------------------------------------ */

static const char *const activations[] = {
	[MLP_SIGMOID] = "s[i] = 1.0$ / (1.0$ + exp$(-s[i]));",
	[MLP_TANH] = "s[i] = tanh$(s[i]);",
	[MLP_RELU] = "s[i] = s[i] < 0.0$ ? 0.0$ : s[i];",
	[MLP_LEAKY_RELU] = "s[i] = s[i] < 0.0$ ? a * s[i] : s[i];",
	[MLP_ELU] = "s[i] = s[i] < 0.0$ ? a * expm1$(s[i]) : s[i];",
	[MLP_SELU] = ("s[i] = 1.0507009873554805$ * "
		      "(s[i] < 0.0$ ? 1.6732632423543772$ * expm1$(s[i]) : s[i]);"),
	[MLP_SOFTPLUS] = "s[i] = (s[i] < 0.0$ ? 0.0$ : s[i]) + log1p$(exp$(-fabs$(s[i])));",
	[MLP_SOFTSIGN] = "s[i] = s[i] / (1.0$ + fabs$(s[i]));",
	[MLP_GELU] = "s[i] = 0.5$ * s[i] * erfc$(-0.70710678118654752$ * s[i]);",
	[MLP_SILU] = "s[i] = s[i] / (1.0$ + exp$(-s[i]));",
	[MLP_SIN] = "s[i] = sin$(s[i]);",
};

static void put_activation(struct source *out, mlp_activation activation)
{
	EMIT(out, "static void @_");
	put(out, mlp_activation_name(activation));
	EMIT(out, "(size_t n, ");
	if (mlp_activation_has_parameter(activation))
		EMIT(out, "~ a, ");
	EMIT(out, "~ *s)\n{\n\tsize_t i;\n");
	if (activation == MLP_SOFTMAX)
		EMIT(out, "\t~ most = s[0], sum = 0.0$;\n"
			  "\tfor (i = 1; i < n; i++)\n\t\tmost = s[i] > most ? s[i] : most;\n"
			  "\tfor (i = 0; i < n; i++)\n\t\tsum += s[i] = exp$(s[i] - most);\n"
			  "\tfor (i = 0; i < n; i++)\n\t\ts[i] /= sum;\n}\n\n");
	else {
		put(out, "\tfor (i = 0; i < n; i++)\n\t\t");
		EMIT(out, activations[activation]);
		put(out, "\n}\n\n");
	}
}

static bool uses(const mlp_network *net, mlp_activation activation)
{
	for (size_t l = 1; l <= net->layer_count; l++)
		if (net->layers[l].activation == activation)
			return true;
	return false;
}

static bool any_bias(const mlp_network *net, bool wanted)
{
	for (size_t l = 1; l <= net->layer_count; l++)
		if (net->layers[l].has_bias == wanted)
			return true;
	return false;
}

static void put_functions(struct source *out)
{
	const mlp_network *net = out->net;
	if (any_bias(net, true))
		EMIT(out, "/* s = w x + b */\n"
			  "static void @_dense(const ~ *w, const ~ *b, const ~ *x, size_t n_out, "
			  "size_t n_in, "
			  "~ *s)\n{\n\tsize_t i, j;\n\tfor (i = 0; i < n_out; i++, w += n_in) {\n"
			  "\t\t~ sum = b[i];\n\t\tfor (j = 0; j < n_in; j++)\n"
			  "\t\t\tsum += w[j] * x[j];\n\t\ts[i] = sum;\n\t}\n}\n\n");
	if (any_bias(net, false))
		EMIT(out, "/* s = w x */\n"
			  "static void @_product(const ~ *w, const ~ *x, size_t n_out, size_t "
			  "n_in, ~ *s)\n"
			  "{\n\tsize_t i, j;\n\tfor (i = 0; i < n_out; i++, w += n_in) {\n"
			  "\t\t~ sum = 0.0$;\n\t\tfor (j = 0; j < n_in; j++)\n"
			  "\t\t\tsum += w[j] * x[j];\n\t\ts[i] = sum;\n\t}\n}\n\n");
	if (net->input.is_set)
		EMIT(out, "static void @_scale(const ~ *x, size_t n, ~ *scaled)\n{\n\tsize_t i;\n"
			  "\tfor (i = 0; i < n; i++)\n"
			  "\t\tscaled[i] = (x[i] - @_input_shift[i]) * @_input_inverse[i];\n}\n\n");
	if (net->output.is_set)
		EMIT(out, "static void @_unscale(size_t n, ~ *y)\n{\n\tsize_t i;\n"
			  "\tfor (i = 0; i < n; i++)\n"
			  "\t\ty[i] = y[i] * @_output_scale[i] + @_output_shift[i];\n}\n\n");
	for (int kind = MLP_IDENTITY + 1; kind <= MLP_SOFTMAX; kind++)
		if (uses(net, (mlp_activation)kind))
			put_activation(out, (mlp_activation)kind);
}

/* ---- constants ------------------------------------------------------------------------------ */

static void put_constants(struct source *out)
{
	const mlp_network *net = out->net;
	const size_t size = mlp_dtype_size(net->dtype);
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		const char *parameters = net->parameters;
		EMIT(out, "static const ~ @_w%[] = { /* % x % */", l, layer->n_out, layer->n_in);
		put_values(out, parameters + layer->w_offset * size, layer->n_out * layer->n_in);
		if (!layer->has_bias)
			continue;
		EMIT(out, "static const ~ @_b%[] = { /* % */", l, layer->n_out);
		put_values(out, parameters + layer->b_offset * size, layer->n_out);
	}
	if (net->input.is_set) {
		EMIT(out, "static const ~ @_input_shift[] = {");
		put_values(out, net->input.minus, net->input.count);
		EMIT(out, "static const ~ @_input_inverse[] = {");
		put_values(out, net->input.inverse, net->input.count);
	}
	if (net->output.is_set) {
		EMIT(out, "static const ~ @_output_shift[] = {");
		put_values(out, net->output.minus, net->output.count);
		EMIT(out, "static const ~ @_output_scale[] = {");
		put_values(out, net->output.by, net->output.count);
	}
	put(out, "\n");
}

/* ---- the forward pass ----------------------------------------------------------------------- */

/* Values lie in two arrays in turn, even and odd; x is read where it is, and the last layer writes to y. */
struct turns {
	size_t sizes[2];
};

static struct turns count_turns(const mlp_network *net)
{
	struct turns turns = {{0, 0}};
	int turn = 0;
	for (size_t l = net->input.is_set ? 0 : 1; l < net->layer_count; l++, turn ^= 1) {
		size_t width = l == 0 ? net->layers[1].n_in : net->layers[l].n_out;
		if (turns.sizes[turn] < width)
			turns.sizes[turn] = width;
	}
	return turns;
}

static void put_layer(struct source *out, size_t l, const char *from, const char *to)
{
	const struct mlp_layer *layer = &out->net->layers[l];
	if (layer->has_bias)
		EMIT(out, "\t@_dense(@_w%, @_b%, ", l, l);
	else
		EMIT(out, "\t@_product(@_w%, ", l);
	put(out, from);
	EMIT(out, ", %, %, ", layer->n_out, layer->n_in);
	put(out, to);
	put(out, ");\n");
	if (layer->activation == MLP_IDENTITY)
		return;
	EMIT(out, "\t@_");
	put(out, mlp_activation_name(layer->activation));
	EMIT(out, "(%, ", layer->n_out);
	if (mlp_activation_has_parameter(layer->activation)) {
		put_real(out, is_float(out) ? (double)(float)layer->parameter : layer->parameter);
		put(out, ", ");
	}
	put(out, to);
	put(out, ");\n");
}

static void put_forward(struct source *out)
{
	const mlp_network *net = out->net;
	const size_t last = net->layer_count;
	const struct turns turns = count_turns(net);
	const char *const names[2] = {"even", "odd"}, *from = "x";
	int turn = 0;
	EMIT(out, "void @_forward(const ~ *x, ~ *y)\n{\n");
	for (int i = 0; i < 2; i++) {
		if (turns.sizes[i] == 0)
			continue;
		EMIT(out, "\t~ ");
		put(out, names[i]);
		EMIT(out, "[%];\n", turns.sizes[i]);
	}
	if (net->input.is_set) {
		EMIT(out, "\t@_scale(x, %, even);\n", net->input.count);
		from = names[turn++];
	}
	for (size_t l = 1; l <= last; l++, turn ^= 1) {
		const char *to = l < last ? names[turn] : "y";
		put_layer(out, l, from, to);
		from = to;
	}
	if (net->output.is_set)
		EMIT(out, "\t@_unscale(%, y);\n", net->output.count);
	put(out, "}\n\n");
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void put_head(struct source *out)
{
	const mlp_network *net = out->net;
	const struct turns turns = count_turns(net);
	EMIT(out, "/* A multilayer perceptron of widths %", net->layers[1].n_in);
	for (size_t l = 1; l <= net->layer_count; l++)
		EMIT(out, " %", net->layers[l].n_out);
	put(out, ", written by libmlp ");
	put(out, mlp_version_string());
	EMIT(out,
	     ".\n *\n * @_forward(x, y)  y, % values, from x, % values; they must not overlap\n"
	     " * @_self_test()    0 if a built-in sample comes out as it did there\n *\n"
	     " * C99 and C++, nothing but <math.h>. Nothing is allocated or kept: any number of "
	     "threads may\n"
	     " * call it. The stack holds % values at a time. With @_MAIN defined it is a program. "
	     "*/\n"
	     "#include <math.h>\n#include <stddef.h>\n\n#ifdef __cplusplus\nextern \"C\" "
	     "{\n#endif\n"
	     "void @_forward(const ~ *x, ~ *y);\nint @_self_test(void);\n"
	     "#ifdef __cplusplus\n}\n#endif\n\n",
	     net->layers[net->layer_count].n_out, net->layers[1].n_in,
	     turns.sizes[0] + turns.sizes[1]);
}

static void put_self_test(struct source *out, const struct mlp_sample *sample)
{
	const size_t n_in = out->net->layers[1].n_in;
	const size_t n_out = out->net->layers[out->net->layer_count].n_out;
	EMIT(out, "static const ~ @_sample_x[] = {");
	put_values(out, sample->x, n_in);
	EMIT(out, "static const ~ @_sample_y[] = {");
	put_values(out, sample->y, n_out);
	EMIT(out,
	     "\nint @_self_test(void)\n{\n\t~ y[%];\n\tsize_t i;\n\t@_forward(@_sample_x, y);\n"
	     "\tfor (i = 0; i < %; i++)\n\t\tif (!(fabs$(y[i] - @_sample_y[i]) <= ",
	     n_out, n_out);
	put_real(out, sample->tolerance);
	put(out, "))\n\t\t\treturn 1;\n\treturn 0;\n}\n\n");
}

static void put_main(struct source *out)
{
	EMIT(out,
	     "#ifdef @_MAIN\n#include <stdio.h>\n#include <stdlib.h>\n\n"
	     "/* Without arguments the self-test; with as many numbers as there are inputs, the "
	     "outputs. */\n"
	     "int main(int argc, char **argv)\n{\n\tstatic ~ x[%], y[%];\n\tint i;\n"
	     "\tif (argc == 1) {\n\t\tint failed = @_self_test();\n"
	     "\t\tputs(failed ? \"self-test failed\" : \"self-test passed\");\n"
	     "\t\treturn failed;\n\t}\n\tif (argc != 1 + %) {\n"
	     "\t\tfputs(\"give % numbers\\n\", stderr);\n\t\treturn 2;\n\t}\n",
	     out->net->layers[1].n_in, out->net->layers[out->net->layer_count].n_out,
	     out->net->layers[1].n_in, out->net->layers[1].n_in);
	EMIT(out,
	     "\tfor (i = 1; i < argc; i++) {\n\t\tchar *end;\n"
	     "\t\tx[i - 1] = (~)strtod(argv[i], &end);\n"
	     "\t\tif (end == argv[i] || *end != '\\0') {\n"
	     "\t\t\tfputs(argv[i], stderr);\n\t\t\tfputs(\" is no number\\n\", stderr);\n"
	     "\t\t\treturn 2;\n\t\t}\n\t}\n"
	     "\t@_forward(x, y);\n\tfor (i = 0; i < %; i++)\n",
	     out->net->layers[out->net->layer_count].n_out);
	put(out, is_float(out) ? "\t\tprintf(\"%.9g\\n\", (double)y[i]);\n"
			       : "\t\tprintf(\"%.17g\\n\", y[i]);\n");
	put(out, "\treturn 0;\n}\n#endif\n");
}

mlp_status mlp_write_source(const mlp_network *net, const char *name,
			    const struct mlp_sample *sample, mlp_write_function write,
			    void *context)
{
	struct source out = {.write = write, .context = context, .name = name, .net = net};
	put_head(&out);
	put_constants(&out);
	put_functions(&out);
	put_forward(&out);
	put_self_test(&out, sample);
	put_main(&out);
	flush(&out);
	return out.failed == 0
		       ? MLP_OK
		       : mlp_fail(MLP_ERR_CALLBACK, "the write function returned %", out.failed);
}
