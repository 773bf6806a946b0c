/* Predicted over true values. */
#include <math.h>

#include "report/parts.h"

enum { SIZE = 480, MOST_POINTS = 4000 };

static const struct plot plot = {76, SIZE - 16, 14, SIZE - 54};

static void put_points(FILE *file, const struct scatter *scatter, const struct axis *x,
		       const struct axis *y)
{
	/* of more rows every so-many-th is drawn: the picture would not get fuller, only larger */
	int64_t stride = scatter->rows / MOST_POINTS + 1;
	for (int64_t n = 0; n < scatter->rows; n += stride) {
		double truth = scatter->truth[n], predicted = scatter->predicted[n];
		if (!isfinite(truth) || !isfinite(predicted))
			continue;
		fprintf(file, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\">",
			axis_place(x, truth), axis_place(y, predicted));
		fprintf(file, "<title>true %s, predicted %s</title></circle>\n", number_text(truth),
			number_text(predicted));
	}
}

void put_scatter(FILE *file, const struct scatter *scatter)
{
	double lowest = INFINITY, highest = -INFINITY;
	for (int64_t n = 0; n < scatter->rows; n++)
		if (isfinite(scatter->truth[n]) && isfinite(scatter->predicted[n])) {
			lowest = fmin(lowest, fmin(scatter->truth[n], scatter->predicted[n]));
			highest = fmax(highest, fmax(scatter->truth[n], scatter->predicted[n]));
		}
	struct axis x = axis_around(lowest, highest, plot.left, plot.right, false);
	struct axis y = axis_around(lowest, highest, plot.bottom, plot.top, false);
	fputs("<figure><figcaption><h3>", file);
	put_text(file, scatter->name);
	fputs(": predicted and true values</h3><p class=\"legend\">on the line they are equal</p>"
	      "</figcaption>\n",
	      file);
	svg_open(file, SIZE, SIZE, "predicted over true values");
	svg_axis_x(file, &x, &plot, "true");
	svg_axis_y(file, &y, &plot, "predicted");
	fprintf(file, "<line class=\"equal\" x1=\"%g\" y1=\"%g\" x2=\"%g\" y2=\"%g\"/>\n",
		plot.left, plot.bottom, plot.right, plot.top);
	put_points(file, scatter, &x, &y);
	svg_close(file);
	fputs("</figure>\n", file);
}
