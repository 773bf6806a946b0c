// A caller's program in C++: handles owned by unique_ptr, data in vectors.
#include <mlp/mlp.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

namespace
{

struct deleter {
	void operator()(mlp_network *net) const
	{
		mlp_network_free(net);
	}
	void operator()(mlp_workspace *ws) const
	{
		mlp_workspace_free(ws);
	}
};

void check(mlp_status status)
{
	if (status != MLP_OK)
		throw std::runtime_error(mlp_last_error());
}

} // namespace

int main()
{
	try {
		check(MLP_CHECK_HEADER());
		const std::vector<int64_t> widths{2, 8, 1};
		mlp_network *net_ = nullptr;
		mlp_workspace *ws_ = nullptr;
		check(mlp_network_create(MLP_F64, widths.data(), int(widths.size()), &net_));
		std::unique_ptr<mlp_network, deleter> net(net_);
		check(mlp_workspace_create(net.get(), 4, MLP_TRAINING, &ws_));
		std::unique_ptr<mlp_workspace, deleter> ws(ws_);

		const std::vector<double> x{0, 0, 0, 1, 1, 0, 1, 1}, t{0, 1, 1, 0};
		std::vector<double> loss(3);
		for (double &l : loss)
			check(mlp_train_step_f64(net.get(), ws.get(), x.data(), 2, t.data(), 1,
						 nullptr, 4, MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.05,
						 &l));
		std::printf("libmlp %s on %s: loss %g, then %g\n", mlp_version_string(),
			    mlp_build_info(MLP_BUILD_BLAS), loss.front(), loss.back());
		return loss.back() < loss.front() ? 0 : 1;
	} catch (const std::exception &error) {
		std::fprintf(stderr, "%s\n", error.what());
		return 1;
	}
}
