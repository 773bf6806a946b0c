/* Which character stands between the fields of a CSV file: the one that is there equally often in every
 * row. Of several such the comma comes last: it is what others have within numbers and texts. */
#include "data/csv_delimiter.h"

#include <stdbool.h>
#include <string.h>

enum { CANDIDATES = 4, MOST_ROWS = 100 };
static const char candidates[CANDIDATES] = {'\t', ';', '|', ','};

struct counts {
	int of[CANDIDATES];
};

/* Counts in the next row, outside of quotes; where it ends is returned. */
static const unsigned char *count_row(const unsigned char *at, const unsigned char *end,
				      struct counts *counts, bool *is_empty)
{
	*counts = (struct counts){0};
	*is_empty = true;
	bool quoted = false;
	for (; at < end; at++) {
		if (!quoted && (*at == '\n' || *at == '\r'))
			return at + 1;
		*is_empty = *is_empty && *at == ' ';
		if (*at == '"')
			quoted = !quoted;
		for (int i = 0; i < CANDIDATES && !quoted; i++)
			counts->of[i] += (char)*at == candidates[i];
	}
	return end;
}

char csv_guess_delimiter(const unsigned char *bytes, size_t size)
{
	const unsigned char *at = bytes, *end = bytes + size;
	struct counts first = {0};
	bool is_steady[CANDIDATES] = {false};
	for (int row = 0; at < end && row < MOST_ROWS;) {
		struct counts counts;
		bool is_empty;
		at = count_row(at, end, &counts, &is_empty);
		if (is_empty)
			continue;
		if (row++ == 0) {
			first = counts;
			for (int i = 0; i < CANDIDATES; i++)
				is_steady[i] = counts.of[i] > 0;
		}
		for (int i = 0; i < CANDIDATES; i++)
			is_steady[i] = is_steady[i] && counts.of[i] == first.of[i];
	}
	for (int i = 0; i < CANDIDATES; i++)
		if (is_steady[i])
			return candidates[i];
	int best = CANDIDATES - 1;
	for (int i = 0; i < CANDIDATES; i++)
		if (first.of[i] > first.of[best])
			best = i;
	return candidates[best];
}
