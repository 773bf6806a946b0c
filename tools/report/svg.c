/* Axes of pictures. Colours come from the page's style, so a picture is light or dark with the page. */
#include <math.h>

#include "report/parts.h"

enum { MOST_TICKS = 400 };

/* The round number 1, 2 or 5 times a power of ten that cuts `range` into about `parts`. */
static double round_step(double range, double parts)
{
	double power = pow(10, floor(log10(range / parts)));
	double times = range / parts / power;
	return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

struct axis axis_around(double lowest, double highest, double from, double to, bool logarithmic)
{
	if (!(lowest < highest)) { /* a single value, or none */
		double middle = isfinite(lowest) ? lowest : 0;
		double half = middle != 0 ? fabs(middle) / 2 : 1;
		lowest = middle - half;
		highest = middle + half;
		logarithmic = logarithmic && lowest > 0;
	}
	struct axis axis = {lowest, highest, from, to, logarithmic, false};
	if (logarithmic) {
		double room = pow(highest / lowest, 0.03);
		axis.lowest = lowest / room;
		axis.highest = highest * room;
	} else {
		double step = round_step(highest - lowest, 6);
		axis.lowest = floor(lowest / step) * step;
		axis.highest = ceil(highest / step) * step;
	}
	return axis;
}

double axis_place(const struct axis *axis, double value)
{
	double share = axis->logarithmic
			       ? log(value / axis->lowest) / log(axis->highest / axis->lowest)
			       : (value - axis->lowest) / (axis->highest - axis->lowest);
	return axis->from + share * (axis->to - axis->from);
}

/* Where numbers stand on an axis; their count. */
static int find_ticks(const struct axis *axis, double *ticks)
{
	int count = 0;
	if (axis->logarithmic) {
		double decades = log10(axis->highest / axis->lowest);
		int stride = decades > 12 ? (int)(decades / 6) : 1;
		for (int power = (int)floor(log10(axis->lowest)); power <= log10(axis->highest);
		     power += stride)
			for (int times = 1; times <= 5; times = times == 1 ? 2 : 2 * times + 1) {
				double tick = times * pow(10, power);
				if ((times == 1 || decades < 2.5) && tick >= axis->lowest &&
				    tick <= axis->highest && count < MOST_TICKS)
					ticks[count++] = tick;
			}
		return count;
	}
	double step = round_step(axis->highest - axis->lowest, 6);
	if (axis->whole)
		step = fmax(1, step);
	double first = ceil(axis->lowest / step - 1e-9);
	for (int i = 0; count < MOST_TICKS; i++) {
		double tick = (first + i) * step;
		if (tick > axis->highest + step * 1e-9)
			break;
		ticks[count++] = fabs(tick) < step * 1e-9 ? 0 : tick;
	}
	return count;
}

void svg_open(FILE *file, double width, double height, const char *label)
{
	fprintf(file, "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", width, height);
	put_text(file, label);
	fputs("\">\n", file);
}

void svg_close(FILE *file)
{
	fputs("</svg>\n", file);
}

void svg_axis_x(FILE *file, const struct axis *axis, const struct plot *plot, const char *title)
{
	double ticks[MOST_TICKS];
	int count = find_ticks(axis, ticks);
	for (int i = 0; i < count; i++) {
		double x = axis_place(axis, ticks[i]);
		fprintf(file,
			"<line class=\"grid\" x1=\"%.1f\" y1=\"%g\" x2=\"%.1f\" y2=\"%g\"/>"
			"<text class=\"tick\" x=\"%.1f\" y=\"%g\" "
			"text-anchor=\"middle\">%s</text>\n",
			x, plot->top, x, plot->bottom, x, plot->bottom + 18, number_text(ticks[i]));
	}
	fprintf(file, "<text class=\"axis\" x=\"%g\" y=\"%g\" text-anchor=\"middle\">",
		(plot->left + plot->right) / 2, plot->bottom + 38);
	put_text(file, title);
	fputs("</text>\n", file);
}

void svg_axis_y(FILE *file, const struct axis *axis, const struct plot *plot, const char *title)
{
	double ticks[MOST_TICKS];
	int count = find_ticks(axis, ticks);
	for (int i = 0; i < count; i++) {
		double y = axis_place(axis, ticks[i]);
		fprintf(file,
			"<line class=\"grid\" x1=\"%g\" y1=\"%.1f\" x2=\"%g\" y2=\"%.1f\"/>"
			"<text class=\"tick\" x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			plot->left, y, plot->right, y, plot->left - 8, y + 4,
			number_text(ticks[i]));
	}
	double middle = (plot->top + plot->bottom) / 2;
	fprintf(file,
		"<text class=\"axis\" x=\"14\" y=\"%g\" text-anchor=\"middle\" "
		"transform=\"rotate(-90 14 %g)\">",
		middle, middle);
	put_text(file, title);
	fputs("</text>\n", file);
}
