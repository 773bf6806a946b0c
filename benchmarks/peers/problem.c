/* The file that make-problem writes and every peer reads. */
#include "problem.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE = 4096 };

static float *read_floats(FILE *file, size_t count)
{
	float *values = peer_floats(count);
	if (fread(values, sizeof(float), count, file) != count)
		peer_skip("the problem file is too short");
	return values;
}

/* "17-64-64-6" */
static void read_widths(struct problem *problem, const char *text)
{
	char *end = NULL;
	problem->widths = malloc(LINE * sizeof *problem->widths);
	if (problem->widths == NULL)
		peer_skip("out of memory");
	size_t count = 0;
	for (;; text = end + 1) {
		long width = strtol(text, &end, 10);
		if (width < 1)
			peer_skip("bad width in the problem file");
		problem->widths[count++] = (size_t)width;
		if (*end != '-')
			break;
	}
	if (*end != '\0' || count < 2)
		peer_skip("bad widths in the problem file");
	problem->layer_count = count - 1;
}

void problem_read(struct problem *problem, const char *name)
{
	FILE *file = fopen(name, "rb");
	if (file == NULL)
		peer_skip("cannot open the problem file");
	char line[LINE], widths[LINE];
	if (fgets(line, LINE, file) == NULL ||
	    sscanf(line, "mlp-problem %4095s %zu %lf", widths, &problem->batch, &problem->eta) != 3)
		peer_skip("the problem file has no head");
	read_widths(problem, widths);

	size_t layers = problem->layer_count;
	problem->w = malloc(layers * sizeof *problem->w);
	problem->b = malloc(layers * sizeof *problem->b);
	if (problem->w == NULL || problem->b == NULL)
		peer_skip("out of memory");
	for (size_t l = 0; l < layers; l++) {
		problem->w[l] = read_floats(file, problem->widths[l + 1] * problem->widths[l]);
		problem->b[l] = read_floats(file, problem->widths[l + 1]);
	}
	problem->x = read_floats(file, problem->batch * problem->widths[0]);
	problem->target = read_floats(file, problem->batch * problem->widths[layers]);
	fclose(file);
}
