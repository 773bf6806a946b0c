/* Results for people: lines on the terminal, and their part of the page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "cli/text.h"
#include "command/result.h"

enum { MOST_CLASSES = 20, MOST_NAME = 12 };

void say_result(line_writer write, const char *what, const struct result *result,
		const struct encoding *encoding)
{
	if (result->is_classes) {
		write("%s: accuracy %.4f, loss %.4g (%lld rows; always '%s': accuracy %.4f)", what,
		      result->accuracy, result->loss, (long long)result->rows,
		      encoding_output_name(encoding, result->majority), result->baseline);
		return;
	}
	write("%s: RMSE %s, MAE %s, R2 %.4f (%lld rows)", what, number_text(result->rmse),
	      number_text(result->mae), result->r2, (long long)result->rows);
	for (int64_t i = 0; result->outputs > 1 && i < result->outputs; i++)
		write("  %s: RMSE %s, MAE %s, R2 %.4f", encoding_output_name(encoding, i),
		      number_text(result->errors[i].rmse), number_text(result->errors[i].mae),
		      result->errors[i].r2);
}

/* Bytes of the first `most` characters. */
static int cut(const char *text, int most)
{
	int bytes = 0, characters = 0;
	for (; text[bytes] != '\0'; bytes++)
		if (((unsigned char)text[bytes] & 0xc0) != 0x80 && characters++ == most)
			break;
	return bytes;
}

static int characters(const char *text, int bytes)
{
	int count = 0;
	for (int i = 0; i < bytes; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

static void put_cell(FILE *line, const char *text, int width)
{
	int bytes = cut(text, MOST_NAME);
	fprintf(line, "%*s%.*s", width - characters(text, bytes) + 1, "", bytes, text);
}

void say_confusion(line_writer write, const struct result *result, const struct encoding *encoding)
{
	int64_t n = result->outputs;
	if (result->confusion == NULL)
		return;
	if (n > MOST_CLASSES) {
		say("%s", ""); /* a line break within the text would be shown as \x0a */
		say("the confusion matrix of %lld classes is too wide for lines; --json and "
		    "--report have it",
		    (long long)n);
		return;
	}
	int width = 5;
	for (int64_t i = 0; i < n; i++) {
		const char *name = encoding_output_name(encoding, i);
		int length = characters(name, cut(name, MOST_NAME));
		width = length > width ? length : width;
	}
	write("%s", "");
	write("confusion matrix (rows: true class, columns: predicted)");
	for (int64_t r = -1; r < n; r++) {
		char *text = NULL, count[32];
		size_t size = 0;
		FILE *line = open_memstream(&text, &size);
		if (line == NULL)
			end_without_memory();
		put_cell(line, r < 0 ? "" : encoding_output_name(encoding, r), width);
		for (int64_t c = 0; c < n; c++) {
			if (r >= 0)
				snprintf(count, sizeof count, "%lld",
					 (long long)result->confusion[r * n + c]);
			put_cell(line, r < 0 ? encoding_output_name(encoding, c) : count, width);
		}
		if (fclose(line) != 0 || text == NULL)
			end_without_memory();
		write("%s", text);
		free(text);
	}
}

void report_result(const struct result *result, const struct encoding *encoding,
		   struct report *report)
{
	if (result->is_classes) {
		add_fact(&report->cards, "accuracy", "%.4f", result->accuracy);
		add_fact(&report->cards, "loss", "%.4g", result->loss);
		if (result->confusion != NULL)
			report->confusion = (struct confusion){
				result->outputs, encoding->classes->texts, result->confusion};
		return;
	}
	add_fact(&report->cards, "R\xc2\xb2", "%.4f", result->r2);
	add_fact(&report->cards, "root mean square error", "%s", number_text(result->rmse));
	add_fact(&report->cards, "mean absolute error", "%s", number_text(result->mae));
	report->scatter_count = result->pictures;
	struct scatter *scatters = make((size_t)report->scatter_count, sizeof *scatters);
	for (int64_t i = 0; i < report->scatter_count; i++)
		scatters[i] = (struct scatter){encoding_output_name(encoding, i), result->truth[i],
					       result->predicted[i], result->rows};
	report->scatters = scatters;
}

void report_network(const mlp_network *net, struct report *report)
{
	int64_t last = mlp_network_layer_count(net);
	add_fact(&report->layers, "input", "%lld\t%s\t", (long long)mlp_network_width(net, 0),
		 mlp_network_has_input_scaling(net) == 1 ? "scaled" : "");
	for (int64_t l = 1; l <= last; l++) {
		char name[40];
		int64_t n_in = mlp_network_width(net, l - 1), n_out = mlp_network_width(net, l);
		int64_t parameters = n_out * (n_in + 1);
		double dropout = l < last ? mlp_network_dropout(net, l) : 0;
		snprintf(name, sizeof name, l == last ? "output" : "hidden %lld", (long long)l);
		char dropped[60] = "";
		if (dropout > 0)
			snprintf(dropped, sizeof dropped, ", dropout %g", dropout);
		add_fact(&report->layers, name, "%lld\t%s%s%s\t%lld", (long long)n_out,
			 mlp_activation_name(mlp_network_activation(net, l)), dropped,
			 l == last && mlp_network_has_output_scaling(net) == 1 ? ", scaled" : "",
			 (long long)parameters);
	}
	add_fact(&report->layers, "in all", "\t\t%lld",
		 (long long)mlp_network_parameter_count(net));
}
