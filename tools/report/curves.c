/* Loss or a metric over the epochs. */
#include <math.h>

#include "report/parts.h"

enum { WIDTH = 640, HEIGHT = 340, MOST_BANDS = 400, MOST_POINTS = 1200 };

static const struct plot plot = {70, WIDTH - 16, 14, HEIGHT - 52};

struct range {
	double lowest, highest;
};

static void widen(struct range *range, const struct series *series, int64_t epochs)
{
	for (int64_t e = 0; series->values != NULL && e < epochs; e++)
		if (isfinite(series->values[e])) {
			range->lowest = fmin(range->lowest, series->values[e]);
			range->highest = fmax(range->highest, series->values[e]);
		}
}

static double value_at(const struct series *series, int64_t epoch)
{
	return series->values != NULL ? series->values[epoch] : NAN;
}

/* A line through the values; a gap where one is not finite. Of many epochs each step of `stride` shows its
 * lowest and its highest value, so that no spike is lost. */
static void put_line(FILE *file, const struct series *series, int64_t epochs, const struct axis *x,
		     const struct axis *y, const char *kind)
{
	if (series->values == NULL)
		return;
	int64_t stride = epochs <= MOST_POINTS ? 1 : (2 * epochs + MOST_POINTS - 1) / MOST_POINTS;
	const char *move = "M";
	fprintf(file, "<path class=\"line %s\" d=\"", kind);
	for (int64_t first = 0; first < epochs; first += stride) {
		int64_t end = first + stride < epochs ? first + stride : epochs, low = -1,
			high = -1;
		for (int64_t e = first; e < end; e++) {
			if (!isfinite(series->values[e]))
				continue;
			low = low < 0 || series->values[e] < series->values[low] ? e : low;
			high = high < 0 || series->values[e] > series->values[high] ? e : high;
		}
		if (low < 0) {
			move = "M";
			continue;
		}
		int64_t points[2] = {low < high ? low : high, low < high ? high : low};
		for (int i = 0; i < (low == high ? 1 : 2); i++) {
			fprintf(file, "%s%.1f %.1f", move, axis_place(x, (double)points[i] + 1),
				axis_place(y, series->values[points[i]]));
			move = "L";
		}
	}
	fputs("\"/>\n", file);
}

/* A band per epoch that tells its numbers when pointed at. */
static void put_bands(FILE *file, const struct curves *curves, const struct axis *x)
{
	if (curves->epochs > MOST_BANDS)
		return;
	double width =
		(plot.right - plot.left) / (double)(curves->epochs > 1 ? curves->epochs - 1 : 1);
	for (int64_t e = 0; e < curves->epochs; e++) {
		double training = value_at(&curves->training, e);
		double validation = value_at(&curves->validation, e);
		fprintf(file,
			"<rect class=\"band\" x=\"%.1f\" y=\"%g\" width=\"%.1f\" "
			"height=\"%g\"><title>",
			axis_place(x, (double)e + 1) - width / 2, plot.top, width,
			plot.bottom - plot.top);
		put_format(file, "epoch %lld", (long long)e + 1);
		if (isfinite(training))
			put_format(file, "\n%s %s", curves->training.name, number_text(training));
		if (isfinite(validation))
			put_format(file, "\n%s %s", curves->validation.name,
				   number_text(validation));
		fputs("</title></rect>\n", file);
	}
}

static void put_best(FILE *file, const struct curves *curves, const struct axis *x,
		     const struct axis *y)
{
	if (curves->best < 1 || curves->best > curves->epochs)
		return;
	double at = axis_place(x, (double)curves->best);
	double value = value_at(&curves->validation, curves->best - 1);
	if (!isfinite(value))
		value = value_at(&curves->training, curves->best - 1);
	bool right = at > (plot.left + plot.right) / 2;
	/* the words go where the curve is not */
	bool below = isfinite(value) && axis_place(y, value) < (plot.top + plot.bottom) / 2;
	fprintf(file, "<line class=\"best\" x1=\"%.1f\" y1=\"%g\" x2=\"%.1f\" y2=\"%g\"/>", at,
		plot.top, at, plot.bottom);
	if (isfinite(value))
		fprintf(file,
			"<circle class=\"point validation\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", at,
			axis_place(y, value));
	fprintf(file, "<text class=\"tick halo\" x=\"%.1f\" y=\"%g\" text-anchor=\"%s\">",
		at + (right ? -6 : 6), below ? plot.bottom - 8 : plot.top + 12,
		right ? "end" : "start");
	put_format(file, "kept: epoch %lld", (long long)curves->best);
	fputs("</text>\n", file);
}

static void put_legend(FILE *file, const struct series *series, const char *kind)
{
	if (series->values == NULL)
		return;
	fprintf(file, "<span class=\"key %s\"></span>", kind);
	put_text(file, series->name);
	fputs("  ", file);
}

void put_curves(FILE *file, const struct curves *curves)
{
	struct range range = {INFINITY, -INFINITY};
	widen(&range, &curves->training, curves->epochs);
	widen(&range, &curves->validation, curves->epochs);
	bool logarithmic = range.lowest > 0 && range.highest / range.lowest > 10;
	struct axis y =
		axis_around(range.lowest, range.highest, plot.bottom, plot.top, logarithmic);
	struct axis x = {1,         curves->epochs > 1 ? (double)curves->epochs : 2,
			 plot.left, plot.right,
			 false,     true};
	fputs("<figure><figcaption><h3>", file);
	put_text(file, curves->title);
	fputs("</h3><p class=\"legend\">", file);
	put_legend(file, &curves->training, "training");
	put_legend(file, &curves->validation, "validation");
	fputs("</p></figcaption>\n", file);
	svg_open(file, WIDTH, HEIGHT, curves->title);
	svg_axis_x(file, &x, &plot, "epoch");
	svg_axis_y(file, &y, &plot, logarithmic ? "logarithmic scale" : "");
	put_line(file, &curves->training, curves->epochs, &x, &y, "training");
	put_line(file, &curves->validation, curves->epochs, &x, &y, "validation");
	put_best(file, curves, &x, &y);
	put_bands(file, curves, &x);
	svg_close(file);
	fputs("</figure>\n", file);
}
