/* Orders of rows. */
#include "trainer/shuffle.h"

#include "base/rng.h"

/* Streams of the seed: epochs count upward from the first, the split has one of its own. */
static const uint64_t EPOCHS = (uint64_t)1 << 62, SPLIT = (uint64_t)1 << 63;

/* Uniform in 0 .. bound - 1: numbers beyond the last whole multiple of the bound would favour the small. */
static uint64_t draw(struct mlp_rng *rng, uint64_t bound)
{
	uint64_t rest = (UINT64_MAX % bound + 1) % bound, number;
	do
		number = mlp_rng_next(rng);
	while (number > UINT64_MAX - rest);
	return number % bound;
}

void mlp_shuffle(int64_t *order, int64_t count, uint64_t seed, int64_t epoch)
{
	struct mlp_rng rng;
	mlp_rng_seed(&rng, seed, EPOCHS + (uint64_t)epoch);
	for (int64_t n = count - 1; n > 0; n--) { /* Fisher and Yates */
		int64_t other = (int64_t)draw(&rng, (uint64_t)n + 1), index = order[n];
		order[n] = order[other];
		order[other] = index;
	}
}

void mlp_split_rows(int64_t count, int64_t held, uint64_t seed, int64_t *chosen, int64_t *others)
{
	struct mlp_rng rng;
	mlp_rng_seed(&rng, seed, SPLIT);
	/* a row is chosen with probability wanted / left: Knuth's selection sampling */
	for (int64_t n = 0, wanted = held; n < count; n++) {
		if (draw(&rng, (uint64_t)(count - n)) < (uint64_t)wanted) {
			*chosen++ = n;
			wanted--;
		} else {
			*others++ = n;
		}
	}
}
