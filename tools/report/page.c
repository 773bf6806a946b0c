/* The page: head, figures, tables. */
#include <string.h>

#include <mlp/mlp.h>

#include "data/output.h"
#include "report/parts.h"

static void put_head(FILE *file, const struct report *report)
{
	/* the policy makes sure of it: the page fetches nothing and runs nothing */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none';style-src 'unsafe-inline'\">\n<title>",
	      file);
	put_text(file, report->title);
	fputs("</title>\n", file);
	put_style(file);
	fputs("</head>\n<body>\n<main>\n<h1>", file);
	put_text(file, report->title);
	fputs("</h1>\n<p class=\"sub\">", file);
	put_text(file, report->subtitle);
	fputs("</p>\n", file);
}

static void put_cards(FILE *file, const struct facts *cards)
{
	fputs("<div class=\"cards\">\n", file);
	for (int64_t i = 0; i < cards->count; i++) {
		fputs("<div class=\"card\"><span>", file);
		put_text(file, cards->list[i].name);
		fputs("</span><b>", file);
		put_text(file, cards->list[i].value);
		fputs("</b></div>\n", file);
	}
	fputs("</div>\n", file);
}

static void put_heading(FILE *file, const char *text)
{
	fputs("<h2>", file);
	put_text(file, text);
	fputs("</h2>\n", file);
}

static void put_history(FILE *file, const struct report *report)
{
	if (report->curve_count == 0)
		return;
	put_heading(file, "Training");
	fputs("<div class=\"figures\">\n", file);
	for (int64_t i = 0; i < report->curve_count; i++)
		put_curves(file, &report->curves[i]);
	fputs("</div>\n", file);
}

static void put_results(FILE *file, const struct report *report)
{
	if (report->confusion.classes == 0 && report->scatter_count == 0)
		return;
	put_heading(file, report->measured);
	fputs("<div class=\"figures\">\n", file);
	if (report->confusion.classes > 0) {
		put_confusion(file, &report->confusion);
		put_class_table(file, &report->confusion);
	}
	for (int64_t i = 0; i < report->scatter_count; i++)
		put_scatter(file, &report->scatters[i]);
	fputs("</div>\n", file);
}

/* Cells of a row that are separated by tabs. */
static void put_cells(FILE *file, const char *cells)
{
	char cell[400];
	for (;;) {
		size_t length = strcspn(cells, "\t");
		snprintf(cell, sizeof cell, "%.*s", (int)length, cells);
		fputs("<td>", file);
		put_text(file, cell);
		fputs("</td>", file);
		if (cells[length] == '\0')
			return;
		cells += length + 1;
	}
}

static void put_tables(FILE *file, const struct report *report)
{
	fputs("<h2>Network and settings</h2>\n<div "
	      "class=\"figures\">\n<figure><figcaption><h3>Network</h3>"
	      "</figcaption><div class=\"scroll\"><table><tr><th>layer</th><th>units</th>"
	      "<th>activation</th><th>parameters</th></tr>\n",
	      file);
	for (int64_t i = 0; i < report->layers.count; i++) {
		fputs("<tr><td>", file);
		put_text(file, report->layers.list[i].name);
		fputs("</td>", file);
		put_cells(file, report->layers.list[i].value);
		fputs("</tr>\n", file);
	}
	fputs("</table></div></figure>\n<figure><figcaption><h3>Settings</h3></figcaption>"
	      "<div class=\"scroll\"><table class=\"facts\">\n",
	      file);
	for (int64_t i = 0; i < report->settings.count; i++) {
		fputs("<tr><td>", file);
		put_text(file, report->settings.list[i].name);
		fputs("</td><td>", file);
		put_text(file, report->settings.list[i].value);
		fputs("</td></tr>\n", file);
	}
	fputs("</table></div></figure>\n</div>\n", file);
}

enum exit_code write_report(const struct report *report, const char *path)
{
	struct output output;
	struct data_error error = {0};
	if (!output_open(&output, path, &error)) {
		complain("%s", error.line);
		return FAILED;
	}
	FILE *file = output.file;
	put_head(file, report);
	put_cards(file, &report->cards);
	put_history(file, report);
	put_results(file, report);
	put_tables(file, report);
	fputs("<footer>", file);
	put_format(file, "Written by mlp %s.", mlp_version_string());
	fputs("</footer>\n</main>\n</body>\n</html>\n", file);
	if (output_close(&output, 0, &error))
		return DONE;
	complain("%s", error.line);
	return FAILED;
}
