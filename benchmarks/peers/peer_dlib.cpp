// dlib's network of fc and relu layers, trained as its solvers do: compute_parameter_gradients, then
// update_parameters with sgd. dlib fixes the number of layers at compile time, the widths at run time.
#include <cstring>
#include <memory>
#include <vector>

#include <dlib/dnn.h>

#include "peer.h"

extern "C" const char *const peer_incomparable = nullptr;

namespace
{

template <int layers> struct hidden {
	using type = dlib::relu<dlib::fc<1, typename hidden<layers - 1>::type>>;
};
template <> struct hidden<0> {
	using type = dlib::input<dlib::matrix<float>>;
};
template <int layers>
using network = dlib::loss_mean_squared_multioutput<dlib::fc<1, typename hidden<layers - 1>::type>>;

struct model {
	virtual ~model() = default;
	virtual void forward() = 0;
	virtual void step() = 0;
	virtual const dlib::tensor &output() const = 0;
	double eta = 0;
};

template <int layers> class model_of : public model
{
      public:
	explicit model_of(const problem &given) : batch(static_cast<long>(given.batch))
	{
		const auto &widths = given.widths;
		const long n_in = static_cast<long>(widths[0]);
		const long n_out = static_cast<long>(widths[layers]);
		std::vector<dlib::matrix<float>> samples;
		for (long n = 0; n < batch; n++) {
			samples.push_back(dlib::mat(given.x + n * n_in, n_in, 1));
			labels.push_back(dlib::mat(given.target + n * n_out, n_out, 1));
		}
		net.to_tensor(samples.begin(), samples.end(), x);
		set_widths<1>(given);
		net.compute_loss(x, labels.begin()); // makes the parameters
		set_parameters<1>(given);
		solvers.assign(net.num_computational_layers, dlib::sgd(0, 0));
	}

	void forward() override
	{
		net.forward(x);
	}

	void step() override
	{
		net.compute_parameter_gradients(x, labels.begin());
		net.update_parameters(solvers, eta);
	}

	const dlib::tensor &output() const override
	{
		return net.subnet().get_output();
	}

      private:
	// layer l, 1 .. layers, counted from the loss in dlib
	template <int l> static auto &details(network<layers> &net)
	{
		return dlib::layer<1 + 2 * (layers - l)>(net).layer_details();
	}

	template <int l> void set_widths(const problem &given)
	{
		details<l>(net).set_num_outputs(static_cast<long>(given.widths[l]));
		if constexpr (l < layers)
			set_widths<l + 1>(given);
	}

	// n_in x n_out in dlib, then the biases
	template <int l> void set_parameters(const problem &given)
	{
		const size_t n_in = given.widths[l - 1], n_out = given.widths[l];
		float *values = details<l>(net).get_layer_params().host();
		for (size_t i = 0; i < n_out; i++) {
			for (size_t j = 0; j < n_in; j++)
				values[j * n_out + i] = given.w[l - 1][i * n_in + j];
			values[n_in * n_out + i] = given.b[l - 1][i];
		}
		if constexpr (l < layers)
			set_parameters<l + 1>(given);
	}

	long batch;
	network<layers> net;
	dlib::resizable_tensor x;
	std::vector<dlib::matrix<float>> labels;
	std::vector<dlib::sgd> solvers;
};

std::unique_ptr<model> the_model;

std::unique_ptr<model> make_model(const problem &given)
{
	switch (given.layer_count) {
	case 1:
		return std::make_unique<model_of<1>>(given);
	case 2:
		return std::make_unique<model_of<2>>(given);
	case 3:
		return std::make_unique<model_of<3>>(given);
	case 4:
		return std::make_unique<model_of<4>>(given);
	case 5:
		return std::make_unique<model_of<5>>(given);
	case 6:
		return std::make_unique<model_of<6>>(given);
	default:
		peer_skip("compiled for 1 to 6 layers only");
	}
}

} // namespace

const char *peer_open(const struct problem *given, int /*threads*/)
{
	the_model = make_model(*given);
	the_model->eta = given->eta;
	return "dlib " PEER_DLIB_VERSION ", products by the system's BLAS";
}

void peer_set_eta(double value)
{
	the_model->eta = value;
}

void peer_forward(void)
{
	the_model->forward();
}

void peer_step(void)
{
	the_model->step();
}

void peer_output(float *values)
{
	const dlib::tensor &output = the_model->output();
	std::memcpy(values, output.host(), output.size() * sizeof(float));
}
