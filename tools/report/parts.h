/* What the parts of the page share. */
#ifndef MLP_TOOLS_REPORT_PARTS_H
#define MLP_TOOLS_REPORT_PARTS_H

#include <stdio.h>

#include "cli/text.h"
#include "report/report.h"

/* Writes text with the characters that mean something to HTML replaced, and control characters left out. */
void put_text(FILE *file, const char *text);

/* As put_text() of sprintf. */
void put_format(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An axis of a picture: which values lie where. */
struct axis {
	double lowest, highest; /* values */
	double from, to;        /* pixels */
	bool logarithmic;
	bool whole; /* numbers between whole ones mean nothing */
};

/* An axis whose ends are round numbers around lowest .. highest. */
struct axis axis_around(double lowest, double highest, double from, double to, bool logarithmic);
double axis_place(const struct axis *axis, double value);

/* A picture of this size, described by `label` for those who cannot see it. */
void svg_open(FILE *file, double width, double height, const char *label);
void svg_close(FILE *file);

/* Grid lines, numbers and a title beside the axis; `left` .. `right`, `top` .. `bottom` is the plot. */
struct plot {
	double left, right, top, bottom;
};
void svg_axis_x(FILE *file, const struct axis *axis, const struct plot *plot, const char *title);
void svg_axis_y(FILE *file, const struct axis *axis, const struct plot *plot, const char *title);

void put_curves(FILE *file, const struct curves *curves);
void put_confusion(FILE *file, const struct confusion *confusion);
void put_class_table(FILE *file, const struct confusion *confusion);
void put_scatter(FILE *file, const struct scatter *scatter);
void put_style(FILE *file);

#endif
