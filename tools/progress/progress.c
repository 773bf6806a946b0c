/* How far a training has come. */
#include "progress/progress.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/text.h"

enum { MOST_LINES = 20, LEAST_WIDTH = 20, USUAL_WIDTH = 80, SHORTEST_BAR = 6, LONGEST_BAR = 30 };

#define REDRAW_AFTER 0.1 /* seconds */
#define LINE_AFTER   2.0

double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Whether the terminal shows UTF-8, as the environment says. */
static bool terminal_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (int i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
			       strstr(value, "utf-8") != NULL;
	}
	return false;
}

void progress_begin(struct progress *progress, bool quiet, bool json)
{
	const char *terminal = getenv("TERM");
	bool bar = isatty(STDERR_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
	*progress = (struct progress){.kind = json    ? PROGRESS_JSON
					      : quiet ? PROGRESS_NONE
					      : bar   ? PROGRESS_BAR
						      : PROGRESS_LINES,
				      .utf8 = terminal_is_utf8()};
	progress->last = (struct epoch_facts){.loss = NAN, .validation_loss = NAN, .metric = NAN};
}

void progress_start(struct progress *progress, int64_t first, int64_t epochs, int64_t rows)
{
	progress->first = first;
	progress->epochs = epochs;
	progress->rows_per_epoch = (double)rows;
	progress->begun = seconds_now();
	progress->drawn = progress->begun;
}

static int terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_WIDTH)
		return size.ws_col;
	return USUAL_WIDTH;
}

static void append(char *text, size_t room, const char *name, double value)
{
	size_t used = strlen(text);
	if (isfinite(value))
		snprintf(text + used, room - used, "  %s %s", name, number_text(value));
}

/* "  loss 0.1234  validation 0.2  accuracy 0.95" */
static void describe(const struct epoch_facts *facts, char *text, size_t room)
{
	text[0] = '\0';
	append(text, room, "loss", facts->loss);
	append(text, room, "validation", facts->validation_loss);
	if (facts->metric_name != NULL)
		append(text, room, facts->metric_name, facts->metric);
}

static double rows_per_second(const struct progress *progress, double done)
{
	double seconds = seconds_now() - progress->begun;
	double epochs = done - (double)progress->first;
	return seconds > 0 ? epochs * progress->rows_per_epoch / seconds : 0;
}

static double seconds_left(const struct progress *progress, double done)
{
	double epochs = done - (double)progress->first;
	double each = epochs > 0 ? (seconds_now() - progress->begun) / epochs : 0;
	return each * ((double)progress->epochs - done);
}

/* What stands beside the bar, the less important left out where it has no room. */
static void describe_in(const struct progress *progress, double done, int room, char *line,
			size_t size)
{
	struct epoch_facts facts = progress->last;
	char left[40], speed[40], described[200];
	snprintf(left, sizeof left, "  %s left", clock_text(seconds_left(progress, done)));
	snprintf(speed, sizeof speed, "  %s rows/s", count_text(rows_per_second(progress, done)));
	for (int without = 0; without < 4; without++) {
		if (without == 1)
			speed[0] = '\0';
		else if (without == 2)
			facts.metric = NAN;
		else if (without == 3)
			facts.validation_loss = NAN;
		describe(&facts, described, sizeof described);
		snprintf(line, size, "%s%s%s", described, speed, left);
		if ((int)strlen(line) <= room)
			break;
	}
}

static void put_bar(const struct progress *progress, double done, int width)
{
	double share = progress->epochs > 0 ? done / (double)progress->epochs : 0;
	int full = (int)(share * width);
	for (int i = 0; i < width; i++)
		fputs(i < full ? (progress->utf8 ? "\xe2\x94\x81" : "#")
			       : (progress->utf8 ? "\xe2\x94\x80" : "-"),
		      stderr);
}

static void draw(struct progress *progress, double done)
{
	char head[60], line[300];
	int width = terminal_width() - 1;
	int head_length = snprintf(head, sizeof head, "epoch %lld/%lld ", (long long)ceil(done),
				   (long long)progress->epochs);
	int room = width - head_length;
	describe_in(progress, done, room - SHORTEST_BAR, line, sizeof line);
	int bar = room - (int)strlen(line);
	bar = bar > LONGEST_BAR ? LONGEST_BAR : bar < SHORTEST_BAR ? 0 : bar;
	fprintf(stderr, "\r%.*s", width, head);
	put_bar(progress, done, bar);
	fprintf(stderr, "%.*s\033[K", room > bar ? room - bar : 0, line);
	fflush(stderr);
	progress->drawn = seconds_now();
}

void progress_batch(struct progress *progress, double done)
{
	if (progress->kind == PROGRESS_BAR && seconds_now() - progress->drawn >= REDRAW_AFTER)
		draw(progress, done);
}

/* Whether the epoch is one of those that get a line. */
static bool deserves_line(const struct progress *progress)
{
	int64_t step = (progress->epochs + MOST_LINES - 1) / MOST_LINES;
	return progress->last.epoch % step == 0 || progress->last.epoch == progress->first + 1 ||
	       seconds_now() - progress->drawn >= LINE_AFTER;
}

static void write_line(struct progress *progress)
{
	double now = seconds_now();
	char facts[200];
	describe(&progress->last, facts, sizeof facts);
	fprintf(stderr, "epoch %lld/%lld%s  %s rows/s\n", (long long)progress->last.epoch,
		(long long)progress->epochs, facts,
		count_text(rows_per_second(progress, (double)progress->last.epoch)));
	progress->drawn = now;
	progress->written = progress->last.epoch;
}

static void write_json(const struct progress *progress)
{
	const struct epoch_facts *last = &progress->last;
	json_t *line = json_object();
	set_text(line, "event", "epoch");
	set_integer(line, "epoch", last->epoch);
	set_number(line, "loss", last->loss);
	set_number(line, "validation_loss", last->validation_loss);
	if (last->metric_name != NULL) {
		char name[80];
		snprintf(name, sizeof name, "validation_%s", last->metric_name);
		set_number(line, name, last->metric);
	}
	set_number(line, "eta", last->eta);
	set_number(line, "seconds", seconds_now() - progress->begun);
	set_number(line, "rows_per_second", rows_per_second(progress, (double)last->epoch));
	write_json_line(line);
}

void progress_epoch(struct progress *progress, const struct epoch_facts *facts)
{
	progress->last = *facts;
	if (progress->kind == PROGRESS_JSON)
		write_json(progress);
	else if (progress->kind == PROGRESS_LINES && deserves_line(progress))
		write_line(progress);
	else if (progress->kind == PROGRESS_BAR)
		progress_batch(progress, (double)facts->epoch);
}

void progress_end(struct progress *progress)
{
	if (progress->kind == PROGRESS_BAR)
		fputs("\r\033[K", stderr);
	else if (progress->kind == PROGRESS_LINES && progress->last.epoch > progress->written)
		write_line(progress);
}
