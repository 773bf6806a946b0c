/* The choices of mlp_workspace_set_tuning() by name. */
#include "tuning.h"

#include <string.h>

enum { VALUE_COUNT = 4 };

static const struct {
	const char *name, *values[VALUE_COUNT]; /* by enumerator, the first of which is 1 */
} names[TUNING_COUNT] = {
	[MLP_TUNING_PRODUCTS] = {"products",
				 {[MLP_PRODUCTS_OWN] = "own",
				  [MLP_PRODUCTS_TILES] = "tiles",
				  [MLP_PRODUCTS_WHOLE] = "whole"}},
	[MLP_TUNING_SCHEDULE] =
		{"schedule",
		 {[MLP_SCHEDULE_SAMPLES] = "samples", [MLP_SCHEDULE_OUTPUTS] = "outputs"}},
	[MLP_TUNING_INSTRUCTIONS] = {"instructions",
				     {[MLP_INSTRUCTIONS_BASELINE] = "baseline",
				      [MLP_INSTRUCTIONS_AVX2] = "avx2",
				      [MLP_INSTRUCTIONS_AVX512] = "avx512"}},
};

const char *tuning_name(mlp_tuning tuning)
{
	return names[tuning].name;
}

const char *tuning_value_name(mlp_tuning tuning, int64_t value)
{
	const char *name = NULL;
	if (value > 0 && value < VALUE_COUNT)
		name = names[tuning].values[value];
	return name != NULL ? name : "?";
}

/* Whether `text` begins with `name`; then it is moved behind it. */
static bool skip(const char **text, const char *name)
{
	size_t length = strlen(name);
	if (strncmp(*text, name, length) != 0)
		return false;
	*text += length;
	return true;
}

static bool read_choice(const char **text, int64_t values[TUNING_COUNT])
{
	for (int t = 1; t < TUNING_COUNT; t++) {
		if (!skip(text, names[t].name))
			continue;
		if (!skip(text, "="))
			return false;
		for (int v = 1; v < VALUE_COUNT; v++) {
			if (names[t].values[v] != NULL && skip(text, names[t].values[v])) {
				values[t] = v;
				return true;
			}
		}
		return false;
	}
	return false;
}

bool tuning_read(const char *text, int64_t values[TUNING_COUNT])
{
	do
		if (!read_choice(&text, values))
			return false;
	while (skip(&text, ","));
	return *text == '\0';
}
