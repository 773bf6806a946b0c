/* Holds the digest of a trained network against the table of golden digests: on a machine that the table
 * knows the same build gives the same bits, today and in later versions.
 * usage: golden TABLE    fails if a key of this process is there with another digest; 77: some key is unknown
 *        golden --rows   writes the rows of this process */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/key.h"
#include "golden/training.h"

enum { SKIPPED = 77, LINE = 512 };

struct count {
	int right, wrong, unknown;
};

/* The row of one training run, without its digest: "f32 OpenBLAS-0.3.21 Zen AVX2/own gcc-12 glibc-2.36" */
static void write_row(char *row, const struct key *key, mlp_dtype dtype, const char *products,
		      const char *instructions)
{
	snprintf(row, LINE, "%s %s %s %s/%s %s %s", dtype == MLP_F32 ? "f32" : "f64", key->provider,
		 key->core, instructions, products, key->compiler, key->libc);
}

/* The digest of a row in the table, "" if it is not there. */
static void look_up(FILE *table, const char *row, char *digest)
{
	char line[LINE];
	const size_t length = strlen(row);
	*digest = '\0';
	if (strstr(row, "unknown") != NULL)
		return; /* there may be several of that name */
	rewind(table);
	while (fgets(line, sizeof line, table) != NULL)
		if (strncmp(line, row, length) == 0 && line[length] == ' ')
			sscanf(line + length, "%16s", digest);
}

static void compare(FILE *table, const char *row, const char *digest, struct count *count)
{
	char known[17];
	look_up(table, row, known);
	if (*known == '\0') {
		count->unknown++;
		printf("unknown: %s %s\n", row, digest);
	} else if (strcmp(known, digest) != 0) {
		count->wrong++;
		printf("WRONG:   %s %s, the table has %s\n", row, digest, known);
	} else {
		count->right++;
	}
}

/* One training run; a table that is NULL: its row is written. */
static bool run(FILE *table, const struct key *key, mlp_dtype dtype, mlp_products products,
		mlp_instructions instructions, struct count *count)
{
	static const char *const product_names[] = {"", "own", "tiles", "whole"};
	static const char *const instruction_names[] = {"", "baseline", "AVX2", "AVX-512"};
	char row[LINE], text[17];
	uint64_t digest = 0;
	if (!(dtype == MLP_F32 ? golden_train_f32 : golden_train_f64)(products, instructions,
								      &digest))
		return false;
	write_row(row, key, dtype, product_names[products], instruction_names[instructions]);
	snprintf(text, sizeof text, "%016" PRIx64, digest);
	if (table == NULL)
		printf("%s %s\n", row, text);
	else
		compare(table, row, text, count);
	return true;
}

/* How many instruction sets this processor has. */
static int best_instructions(void)
{
	const char *name = mlp_build_info(MLP_BUILD_INSTRUCTIONS);
	return strcmp(name, "AVX-512") == 0 ? 3 : strcmp(name, "AVX2") == 0 ? 2 : 1;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: golden TABLE | --rows\n");
		return 2;
	}
	FILE *table = NULL;
	if (strcmp(argv[1], "--rows") != 0 && (table = fopen(argv[1], "r")) == NULL) {
		perror(argv[1]);
		return 2;
	}
	struct key key;
	struct count count = {0};
	bool complete = true;
	/* whole products go to the BLAS, which would cut them by the number of its threads */
	(void)mlp_blas_set_threads(1);
	key_of_this_process(&key);
	for (int dtype = MLP_F32; dtype <= MLP_F64; dtype++)
		for (int isa = 1; isa <= best_instructions(); isa++)
			for (int products = 1; products <= MLP_PRODUCTS_WHOLE && complete;
			     products++)
				complete =
					run(table, &key, (mlp_dtype)dtype, (mlp_products)products,
					    (mlp_instructions)isa, &count);
	if (table == NULL)
		return complete ? 0 : 1;
	fclose(table);
	printf("%d digests as in the table, %d others, %d of unknown keys\n", count.right,
	       count.wrong, count.unknown);
	if (!complete || count.wrong > 0)
		return 1;
	if (count.unknown > 0)
		printf("skipped: the table has no row for this machine; scripts/golden-digests "
		       "makes them\n");
	return count.unknown > 0 ? SKIPPED : 0;
}
