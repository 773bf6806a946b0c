/* Numbers and times as people write them. */
#include "cli/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BUFFERS = 8, SIZE = 48 };

static char *next_buffer(void)
{
	static char buffers[BUFFERS][SIZE];
	static int next;
	next = (next + 1) % BUFFERS;
	return buffers[next];
}

const char *number_text(double value)
{
	char *text = next_buffer();
	if (isfinite(value) && fabs(value) >= 1e4 && fabs(value) < 1e7)
		snprintf(text, SIZE, "%.0f", value);
	else
		snprintf(text, SIZE, "%.4g", value == 0 ? 0 : value);
	return text;
}

const char *count_text(double value)
{
	static const char units[] = " kMGT";
	char *text = next_buffer();
	int unit = 0;
	for (; value >= 999.5 && unit < 4; unit++)
		value /= 1000;
	if (unit == 0)
		snprintf(text, SIZE, "%.0f", value);
	else
		snprintf(text, SIZE, "%.*f%c",
			 value < 9.995   ? 2
			 : value < 99.95 ? 1
					 : 0,
			 value, units[unit]);
	return text;
}

const char *clock_text(double seconds)
{
	char *text = next_buffer();
	long long whole = seconds > 0 && seconds < 1e12 ? llround(seconds) : 0;
	long long hours = whole / 3600, minutes = whole / 60 % 60;
	if (hours > 0)
		snprintf(text, SIZE, "%lld:%02lld:%02lld", hours, minutes, whole % 60);
	else
		snprintf(text, SIZE, "%lld:%02lld", minutes, whole % 60);
	return text;
}

const char *duration_text(double seconds)
{
	if (seconds >= 9.95)
		return clock_text(seconds);
	char *text = next_buffer();
	snprintf(text, SIZE, "%.1f s", seconds);
	return text;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}
