/* Which classes were taken for which. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

enum { MOST_WITH_NUMBERS = 20, MOST_DRAWN = 60, MOST_LABEL = 14 };

static int64_t row_sum(const struct confusion *confusion, int64_t r)
{
	int64_t sum = 0;
	for (int64_t c = 0; c < confusion->classes; c++)
		sum += confusion->counts[r * confusion->classes + c];
	return sum;
}

static int64_t column_sum(const struct confusion *confusion, int64_t c)
{
	int64_t sum = 0;
	for (int64_t r = 0; r < confusion->classes; r++)
		sum += confusion->counts[r * confusion->classes + c];
	return sum;
}

/* Characters, not bytes. */
static size_t text_width(const char *text)
{
	size_t width = 0;
	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* A class's name, cut where it is too long for the margin. */
static void put_label(FILE *file, const char *name)
{
	char cut[4 * MOST_LABEL + 1];
	size_t used = 0, width = 0;
	if (text_width(name) <= MOST_LABEL) {
		put_text(file, name);
		return;
	}
	for (; name[used] != '\0'; used++) {
		width += ((unsigned char)name[used] & 0xc0) != 0x80;
		if (width >= MOST_LABEL || used + 1 >= sizeof cut)
			break;
		cut[used] = name[used];
	}
	cut[used] = '\0';
	put_text(file, cut);
	put_text(file, "\xe2\x80\xa6"); /* an ellipsis */
}

/* The largest number of rows that were taken for one certain wrong class. */
static int64_t most_wrong(const struct confusion *confusion)
{
	int64_t most = 1, n = confusion->classes;
	for (int64_t r = 0; r < n; r++)
		for (int64_t c = 0; c < n; c++)
			if (r != c && confusion->counts[r * n + c] > most)
				most = confusion->counts[r * n + c];
	return most;
}

/* How deep a cell's colour is: right ones by their share of the row, wrong ones among themselves, else they would
 * hardly be seen in a good matrix. The roots lift what is rare. */
static double depth(int64_t count, double share, bool right, int64_t worst)
{
	if (count == 0)
		return 0;
	return right ? fmax(0.08, sqrt(share)) : 0.12 + 0.45 * sqrt((double)count / (double)worst);
}

static void put_cell(FILE *file, const struct confusion *confusion, int64_t r, int64_t c,
		     int64_t worst, double left, double top, double size)
{
	int64_t count = confusion->counts[r * confusion->classes + c], sum = row_sum(confusion, r);
	double share = sum > 0 ? (double)count / (double)sum : 0;
	double deep = depth(count, share, r == c, worst);
	double x = left + (double)c * size, y = top + (double)r * size;
	fprintf(file,
		"<g><rect class=\"cell %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"fill-opacity=\"%.3f\"/>",
		r == c ? "right" : "wrong", x, y, size - 1, size - 1, deep);
	if (confusion->classes <= MOST_WITH_NUMBERS && count > 0)
		fprintf(file,
			"<text class=\"count%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" "
			"font-size=\"%.1f\">%lld</text>",
			deep > 0.6 ? " on" : "", x + (size - 1) / 2, y + size / 2 + 4,
			fmin(13, size / (count > 9999 ? 3.6 : 2.6)), (long long)count);
	fputs("<title>", file);
	put_format(file, "true %s, predicted %s: %lld of %lld (%.1f %%)", confusion->names[r],
		   confusion->names[c], (long long)count, (long long)sum, 100 * share);
	fputs("</title></g>\n", file);
}

static void put_names(FILE *file, const struct confusion *confusion, double left, double top,
		      double size)
{
	for (int64_t i = 0; i < confusion->classes; i++) {
		double middle = ((double)i + 0.5) * size, x = left + middle, y = top - 8;
		fprintf(file, "<text class=\"tick\" x=\"%g\" y=\"%.1f\" text-anchor=\"end\">",
			left - 8, top + middle + 4);
		put_label(file, confusion->names[i]);
		fprintf(file,
			"</text><text class=\"tick\" x=\"%.1f\" y=\"%g\" text-anchor=\"start\" "
			"transform=\"rotate(-45 %.1f %g)\">",
			x, y, x, y);
		put_label(file, confusion->names[i]);
		fputs("</text>\n", file);
	}
}

void put_confusion(FILE *file, const struct confusion *confusion)
{
	int64_t n = confusion->classes;
	if (n > MOST_DRAWN)
		return;
	size_t longest = 1;
	int64_t worst = most_wrong(confusion);
	for (int64_t i = 0; i < n; i++)
		if (text_width(confusion->names[i]) > longest)
			longest = text_width(confusion->names[i]);
	double margin = 30 + 7.2 * (double)(longest < MOST_LABEL ? longest : MOST_LABEL);
	double size = fmax(12, fmin(52, 460 / (double)n)), side = size * (double)n;
	double left = margin, top = 10 + 0.75 * margin; /* the names above are slanted */
	fputs("<figure><figcaption><h3>Confusion matrix</h3><p class=\"legend\">"
	      "<span class=\"key right\"></span>right  <span class=\"key wrong\"></span>wrong  "
	      "rows: true class, columns: predicted</p></figcaption>\n",
	      file);
	svg_open(file, left + side + 0.6 * margin, top + side + 10, "confusion matrix");
	put_names(file, confusion, left, top, size);
	for (int64_t r = 0; r < n; r++)
		for (int64_t c = 0; c < n; c++)
			put_cell(file, confusion, r, c, worst, left, top, size);
	svg_close(file);
	fputs("</figure>\n", file);
}

static void put_share(FILE *file, int64_t part, int64_t whole)
{
	if (whole > 0)
		fprintf(file, "<td class=\"n\">%.1f %%</td>", 100 * (double)part / (double)whole);
	else
		fputs("<td class=\"n\">\xe2\x80\x93</td>", file);
}

/* The class that the rows of class r were taken for; -1 if all were right. */
static int64_t most_confused(const struct confusion *confusion, int64_t r)
{
	int64_t worst = -1;
	const int64_t *row = confusion->counts + r * confusion->classes;
	for (int64_t c = 0; c < confusion->classes; c++)
		if (c != r && row[c] > 0 && (worst < 0 || row[c] > row[worst]))
			worst = c;
	return worst;
}

void put_class_table(FILE *file, const struct confusion *confusion)
{
	fputs("<figure><figcaption><h3>Classes</h3></figcaption><div "
	      "class=\"scroll\"><table>"
	      "<tr><th>class</th><th class=\"n\">rows</th><th class=\"n\">recall</th>"
	      "<th class=\"n\">precision</th><th class=\"n\">F1</th>"
	      "<th>mostly taken for</th></tr>\n",
	      file);
	for (int64_t i = 0; i < confusion->classes; i++) {
		int64_t right = confusion->counts[i * confusion->classes + i];
		int64_t rows = row_sum(confusion, i), said = column_sum(confusion, i);
		int64_t worst = most_confused(confusion, i);
		fputs("<tr><td>", file);
		put_text(file, confusion->names[i]);
		fprintf(file, "</td><td class=\"n\">%lld</td>", (long long)rows);
		put_share(file, right, rows);
		put_share(file, right, said);
		put_share(file, 2 * right, rows + said);
		fputs("<td>", file);
		if (worst >= 0) {
			put_text(file, confusion->names[worst]);
			fprintf(file, " (%lld)",
				(long long)confusion->counts[i * confusion->classes + worst]);
		}
		fputs("</td></tr>\n", file);
	}
	fputs("</table></div></figure>\n", file);
}
