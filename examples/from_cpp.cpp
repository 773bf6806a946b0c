// From C++: handles in unique_ptr, failures as exceptions. A 1-16-1 network learns sin(x).
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <mlp/mlp.h>

namespace
{

void check(mlp_status status)
{
	if (status != MLP_OK)
		throw std::runtime_error(std::string(mlp_status_name(status)) + ": " +
					 mlp_last_error());
}

struct Free {
	void operator()(mlp_network *net) const
	{
		mlp_network_free(net);
	}
	void operator()(mlp_workspace *ws) const
	{
		mlp_workspace_free(ws);
	}
};

using Network = std::unique_ptr<mlp_network, Free>;
using Workspace = std::unique_ptr<mlp_workspace, Free>;

Network make_network(const std::vector<int64_t> &widths)
{
	mlp_network *net = nullptr;
	check(mlp_network_create(MLP_F64, widths.data(), static_cast<int64_t>(widths.size()),
				 &net));
	return Network(net);
}

Workspace make_workspace(const Network &net, int64_t batch, mlp_mode mode)
{
	mlp_workspace *ws = nullptr;
	check(mlp_workspace_create(net.get(), batch, mode, &ws));
	return Workspace(ws);
}

double train_sine()
{
	const int64_t rows = 64;
	std::vector<double> x, t;
	for (int64_t n = 0; n < rows; n++) {
		x.push_back(6.0 * static_cast<double>(n) / (rows - 1) - 3.0);
		t.push_back(std::sin(x.back()));
	}

	Network net = make_network({1, 16, 1});
	check(mlp_network_set_activation(net.get(), MLP_HIDDEN_LAYERS, MLP_TANH));
	check(mlp_network_init(net.get(), MLP_ALL_LAYERS, MLP_INIT_GLOROT_NORMAL, 0, 1));
	Workspace ws = make_workspace(net, rows, MLP_TRAINING);
	double loss = 0;
	for (int step = 0; step < 5000; step++)
		check(mlp_train_step_f64(net.get(), ws.get(), x.data(), 1, t.data(), 1, nullptr,
					 rows, MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.1, &loss));
	return loss;
}

} // namespace

int main()
{
	try {
		double loss = train_sine();
		std::printf("mean loss after training: %.6f\n", loss);
		return loss < 0.002 ? 0 : 1;
	} catch (const std::exception &error) {
		std::fprintf(stderr, "%s\n", error.what());
		return 1;
	}
}
