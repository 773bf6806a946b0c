/* A library with what tells an OpenBLAS, and no products: PARALLEL is the kind of its threads. */

int openblas_get_parallel(void);
char *openblas_get_config(void);
void openblas_set_num_threads(int threads);
int openblas_get_num_threads(void);

static int count = 1;

int openblas_get_parallel(void)
{
	return PARALLEL;
}

char *openblas_get_config(void)
{
	static char without[] = "without threads", with[] = "with threads";
	return PARALLEL == 0 ? without : with;
}

void openblas_set_num_threads(int threads)
{
	count = threads;
}

int openblas_get_num_threads(void)
{
	return count;
}
