/* Differences of a loss. */
#include "derivatives/differences.h"

#include <math.h>

double mlp_difference_error(double analytic, double numeric, double floor)
{
	double scale = fmax(fmax(fabs(analytic), fabs(numeric)), floor);
	return scale > 0 ? fabs(analytic - numeric) / scale : 0;
}

static mlp_status evaluate(const struct mlp_differences *of, double *value)
{
	if (of->classes != NULL)
		return mlp_evaluate_class_f64(of->net, of->ws, of->x, of->n_0, of->classes,
					      of->weight, of->batch, of->loss, of->parameter,
					      of->reduction, value, NULL, 0);
	return mlp_evaluate_f64(of->net, of->ws, of->x, of->n_0, of->target, of->n_L, of->weight,
				of->batch, of->loss, of->parameter, of->reduction, value, NULL, 0);
}

mlp_status mlp_differences_begin(struct mlp_differences *differences)
{
	return evaluate(differences, &differences->middle);
}

/* The losses at two values of a parameter. */
static mlp_status evaluate_beside(const struct mlp_differences *of, double *place, double below,
				  double above, double losses[2])
{
	double middle = *place;
	*place = below;
	mlp_status status = evaluate(of, &losses[0]);
	*place = above;
	if (status == MLP_OK)
		status = evaluate(of, &losses[1]);
	*place = middle;
	return status;
}

static double nearer(double analytic, double a, double b)
{
	return fabs(b - analytic) < fabs(a - analytic) ? b : a;
}

mlp_status mlp_nearest_difference(const struct mlp_differences *differences, size_t index,
				  double analytic, double floor, double *numeric)
{
	const double enough = 1e-6;
	double *place = mlp_network_parameters_f64(differences->net) + index, middle = *place;
	double h = differences->step * fmax(1, fabs(middle));
	for (int attempt = 0; attempt < 3; attempt++) {
		double below = middle - h, above = middle + h, losses[2];
		mlp_status status = evaluate_beside(differences, place, below, above, losses);
		if (status != MLP_OK)
			return status;
		double central = (losses[1] - losses[0]) / (above - below);
		*numeric = attempt == 0 ? central : nearer(analytic, *numeric, central);
		if (mlp_difference_error(analytic, *numeric, floor) <= enough)
			return MLP_OK;
		double left = (differences->middle - losses[0]) / (middle - below);
		double right = (losses[1] - differences->middle) / (above - middle);
		*numeric = nearer(analytic, nearer(analytic, *numeric, left), right);
		h /= 8;
	}
	return MLP_OK;
}
