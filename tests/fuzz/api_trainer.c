/* A trainer, made, set, run, saved, and freed with a network of the scene. */
#include <string.h>

#include "fuzz/api_real.h"
#include "fuzz/fuzz.h"
#include "support/bytes.h"

static void set(struct scene *scene, mlp_trainer *trainer)
{
	const double weights[MOST_WIDTH] = {1, 2, 0.5, 0, 1, 1, 1};
	mlp_status status;
	switch (take(scene, 6)) {
	case 0:
		status = mlp_trainer_set_loss(trainer, (mlp_loss)take(scene, 9),
					      take(scene, 3) / 2.0);
		break;
	case 1:
		status = mlp_trainer_set_monitor(trainer, (mlp_metric)take(scene, 8));
		break;
	case 2:
		status = mlp_trainer_set_pool(trainer, rarely(scene, 2) ? scene->pools[1] : NULL);
		break;
	case 3:
		status = mlp_trainer_set_class_weights(trainer, weights,
						       take(scene, MOST_WIDTH + 1));
		break;
	default:
		status = mlp_trainer_set(trainer, (mlp_trainer_item)(2 + take(scene, 8)),
					 take_real(scene));
	}
	check_call(scene, "set a trainer", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_SIZE, MLP_ERR_OVERFLOW,
			   MLP_ERR_MEMORY),
		   NULL);
}

#define RUNNING LOSING, MLP_ERR_MEMORY

static void note(struct scene *scene, const mlp_network *net)
{
	for (size_t i = 0; i < NETWORKS; i++)
		if (scene->nets[i] == net && net != NULL)
			shadow(scene, i);
}

/* What a trainer saves it can take up, and then saves the same. The place of a bias that was taken away is not saved. */
static void save_and_resume(struct scene *scene, mlp_trainer *trainer, const mlp_network *net)
{
	struct bytes file = {0}, again = {0};
	mlp_status status = mlp_trainer_save_to(trainer, bytes_write, &file);
	check_call(scene, "save", status, ALLOWED(MLP_ERR_NULL, MLP_ERR_MEMORY), NULL);
	if (status == MLP_OK) {
		status = mlp_trainer_resume_from(trainer, bytes_read, &file, NULL);
		REQUIRE(status == MLP_OK, "%s", mlp_last_error());
		note(scene, net);
		status = mlp_trainer_save_to(trainer, bytes_write, &again);
		REQUIRE(status == MLP_OK && again.size == file.size &&
				memcmp(again.data, file.data, file.size) == 0,
			"resume: another checkpoint");
	}
	bytes_free(&file);
	bytes_free(&again);
}

/* A failed run may have made steps before. */
static void run(struct scene *scene, mlp_trainer *trainer, mlp_network *net)
{
	mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 1 + take(scene, 3));
	mlp_status status = mlp_trainer_run(trainer);
	note(scene, net);
	check_call(scene, "run", status, ALLOWED(LOSING, MLP_ERR_MEMORY), net);
	save_and_resume(scene, trainer, net);
}

void PLAY(trainer)(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	mlp_trainer *trainer;
	mlp_status status = mlp_trainer_create(
		net, (mlp_optimizer_kind)(take(scene, 7) + !rarely(scene, 8)), &trainer);
	check_call(scene, "make a trainer", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_VALUE, MLP_ERR_MEMORY), NULL);
	for (unsigned i = take(scene, 4); i > 0; i--)
		set(scene, trainer);
	int64_t rows = take_batch(scene);
	rows = rows > 512 && rows < INT64_MAX ? 3 : rows;
	bool by_class = rarely(scene, 3);
	struct array x = array_in(scene, rows, width_in(net), sizeof(REAL));
	struct array weight = array_weights(scene, rows, sizeof(REAL));
	struct array target = by_class ? array_classes(scene, rows, width_out(net))
				       : array_in(scene, rows, width_out(net), sizeof(REAL));
	status = by_class ? FN(trainer_set_data_class)(trainer, x.data, x.ld, target.data,
						       weight.data, rows)
			  : FN(trainer_set_data)(trainer, x.data, x.ld, target.data, target.ld,
						 weight.data, rows);
	check_call(scene, "data", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_SIZE, MLP_ERR_STRIDE,
			   MLP_ERR_OVERFLOW, MLP_ERR_STATE, MLP_ERR_VALUE, MLP_ERR_INDEX),
		   NULL);
	run(scene, trainer, net);
	mlp_trainer_free(trainer);
	array_end(&x, "trainer");
	array_end(&weight, "trainer");
	array_end(&target, "trainer");
}
