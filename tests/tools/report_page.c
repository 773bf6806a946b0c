/* Writes two pages, DIRECTORY/classes.html and DIRECTORY/numbers.html, with names that must be escaped and with
 * numbers that are not finite: check_report.py then reads them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/report.h"

enum { EPOCHS = 60, CLASSES = 10, ROWS = 500 };

static const char HOSTILE[] = "<script>alert('1')</script> & \"\xc3\xa9\" \xff\xc0\xaf\x01";

static void fill(struct report *report)
{
	add_fact(&report->cards, "accuracy", "0.9806");
	add_fact(&report->cards, "loss", "0.0812");
	add_fact(&report->cards, "epochs", "60 of 200");
	add_fact(&report->cards, "time", "0:12");
	add_fact(&report->settings, "optimizer", "adam");
	add_fact(&report->settings, HOSTILE, "%s", HOSTILE);
	add_fact(&report->layers, "input", "64\tstandard scaling\t");
	add_fact(&report->layers, "layer 1", "128\trelu\t8320");
	add_fact(&report->layers, "layer 2", "%s", HOSTILE);
}

static void write_page(struct report *report, const char *directory, const char *name)
{
	char path[1000];
	snprintf(path, sizeof path, "%s/%s.html", directory, name);
	report->title = report->subtitle = report->measured = HOSTILE;
	fill(report);
	if (write_report(report, path) != DONE)
		exit(1);
	free_facts(&report->cards);
	free_facts(&report->settings);
	free_facts(&report->layers);
}

int main(int argc, char **argv)
{
	static double training[EPOCHS], validation[EPOCHS], accuracy[EPOCHS];
	static double truth[ROWS], predicted[ROWS];
	static int64_t counts[CLASSES * CLASSES];
	char *names[CLASSES] = {(char *)HOSTILE,
				"one",
				"two",
				"a very long name of a class",
				"4",
				"5",
				"6",
				"7",
				"8",
				"9"};
	if (argc < 2)
		return 2;
	for (int e = 0; e < EPOCHS; e++) {
		training[e] = 2.3 * exp(-e / 8.0) + 0.01;
		validation[e] = 2.3 * exp(-e / 8.0) + 0.08 + e * 0.001 + 0.01 * sin(e);
		accuracy[e] = 1 - 0.9 * exp(-e / 6.0);
	}
	training[7] = NAN;
	for (int i = 0; i < CLASSES * CLASSES; i++)
		counts[i] = i % (CLASSES + 1) == 0 ? 30 + i % 13 : i % 7 == 0 ? i % 4 : 0;
	for (int n = 0; n < ROWS; n++) {
		truth[n] = 100 + 80 * sin(n * 12.9898) * cos(n * 0.37);
		predicted[n] = truth[n] + 12 * sin(n * 78.233);
	}
	truth[3] = INFINITY;
	struct curves curves[2] = {
		{"Loss", {"training", training}, {"validation", validation}, EPOCHS, 40},
		{HOSTILE, {"training", NULL}, {HOSTILE, accuracy}, EPOCHS, 40},
	};
	struct report classes = {.curves = curves, .curve_count = 2};
	classes.confusion = (struct confusion){CLASSES, names, counts};
	write_page(&classes, argv[1], "classes");

	struct scatter scatters[2] = {{HOSTILE, truth, predicted, ROWS},
				      {"one row", truth, truth, 1}};
	struct report numbers = {.curves = curves, .curve_count = 1};
	numbers.scatters = scatters;
	numbers.scatter_count = 2;
	write_page(&numbers, argv[1], "numbers");
	return 0;
}
