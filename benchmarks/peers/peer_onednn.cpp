// oneDNN: inner_product with a ReLU post-op, eltwise_backward, inner_product_backward_data and
// _weights, and the update by sum (or, where the gradient has another layout than the weights, by a
// reorder that adds). Layouts are oneDNN's own choice (format_tag::any). The layouts that
// backward_data and backward_weights prefer may differ from the forward pass's: then either they get
// what they prefer, by a reorder in each step, or have to take the forward's. All four ways are
// timed when the network is made, and the fastest stays.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>

#include "peer.h"

extern "C" const char *const peer_incomparable = nullptr;

namespace
{

using dnnl::memory;
using tag = memory::format_tag;
constexpr auto f32 = memory::data_type::f32;
using dims = memory::dims;
using arguments = std::unordered_map<int, memory>;

const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
dnnl::stream stream(engine);

struct action {
	dnnl::primitive primitive;
	arguments args;
};
using actions = std::vector<action>;

void run(const actions &list)
{
	for (const action &a : list)
		a.primitive.execute(stream, a.args);
	stream.wait();
}

memory::desc plain(const dims &size, tag order)
{
	return memory::desc(size, f32, order);
}

memory::desc any(const dims &size)
{
	return plain(size, tag::any);
}

memory zero(const memory::desc &desc)
{
	memory result(desc, engine);
	std::memset(result.get_data_handle(), 0, desc.get_size());
	return result;
}

void copy(memory from, memory to)
{
	dnnl::reorder(from, to).execute(stream, from, to);
	stream.wait();
}

// values in the given plain order, as a memory of `desc`
memory filled(float *values, const dims &size, tag order, const memory::desc &desc)
{
	memory result = zero(desc);
	copy(memory(plain(size, order), engine, values), result);
	return result;
}

// What `m` holds in the layout `desc`: itself, or a copy that `list` makes.
memory in_layout(const memory &m, const memory::desc &desc, actions &list)
{
	if (m.get_desc() == desc)
		return m;
	memory other = zero(desc);
	list.push_back({dnnl::reorder(m, other), {{DNNL_ARG_FROM, m}, {DNNL_ARG_TO, other}}});
	return other;
}

struct way {
	bool data_any, weights_any; // backward_data, backward_weights: the layouts they prefer
};

struct layer {
	dims in, out, weights, biases;
	bool hidden;
	dnnl::inner_product_forward::primitive_desc forward;
	memory x, w, b, y, dy, dw, db; // x: as the forward pass takes it
};

class network
{
      public:
	network(const problem &a_problem, way a_way) : given(a_problem), chosen(a_way)
	{
		for (size_t l = 0; l < given.layer_count; l++)
			make_layer(l);
		for (size_t l = 0; l < given.layer_count; l++)
			forward_layer(l);
		for (size_t l = given.layer_count; l-- > 0;)
			backward_layer(l);
		set_eta(given.eta);
	}

	void forward() const
	{
		run(forward_list);
	}

	void step() const
	{
		run(forward_list);
		loss_gradient();
		run(backward_list);
		run(update_list);
		for (const layer &l : layers) {
			float *b = static_cast<float *>(l.b.get_data_handle());
			const float *db = static_cast<float *>(l.db.get_data_handle());
			for (memory::dim i = 0; i < l.biases[0]; i++)
				b[i] -= eta * db[i];
		}
	}

	void set_eta(double value)
	{
		eta = static_cast<float>(value);
		update_list.clear();
		for (const layer &l : layers)
			update_layer(l);
	}

	void output(float *values) const
	{
		const memory &y = layers.back().y;
		std::memcpy(values, y.get_data_handle(), y.get_desc().get_size());
	}

	const char *implementation() const
	{
		return layers.front().forward.impl_info_str();
	}

      private:
	static memory::desc weights_desc(const layer &l, bool preferred)
	{
		return preferred ? any(l.weights) : l.forward.weights_desc();
	}

	void make_layer(size_t index)
	{
		const auto batch = static_cast<memory::dim>(given.batch);
		const auto n_in = static_cast<memory::dim>(given.widths[index]);
		const auto n_out = static_cast<memory::dim>(given.widths[index + 1]);
		layer l;
		l.in = {batch, n_in};
		l.out = {batch, n_out};
		l.weights = {n_out, n_in};
		l.biases = {n_out};
		l.hidden = index + 1 < given.layer_count;

		dnnl::post_ops relu;
		relu.append_eltwise(1, dnnl::algorithm::eltwise_relu_use_dst_for_bwd, 0, 0);
		dnnl::primitive_attr attr;
		if (l.hidden)
			attr.set_post_ops(relu);
		l.forward = dnnl::inner_product_forward::primitive_desc(
			{dnnl::prop_kind::forward_training, any(l.in), any(l.weights),
			 plain(l.biases, tag::a), l.hidden ? any(l.out) : plain(l.out, tag::nc)},
			attr, engine);
		l.w = filled(given.w[index], l.weights, tag::oi, l.forward.weights_desc());
		l.b = filled(given.b[index], l.biases, tag::a, plain(l.biases, tag::a));
		l.db = zero(plain(l.biases, tag::a));
		l.y = zero(l.forward.dst_desc());
		layers.push_back(l);
	}

	void forward_layer(size_t index)
	{
		layer &l = layers[index];
		l.x = index == 0
			      ? filled(given.x, l.in, tag::nc, l.forward.src_desc())
			      : in_layout(layers[index - 1].y, l.forward.src_desc(), forward_list);
		forward_list.push_back({dnnl::inner_product_forward(l.forward),
					{{DNNL_ARG_SRC, l.x},
					 {DNNL_ARG_WEIGHTS, l.w},
					 {DNNL_ARG_BIAS, l.b},
					 {DNNL_ARG_DST, l.y}}});
	}

	// dy of the layer below, or of the loss, is made here by the layer above
	void backward_layer(size_t index)
	{
		layer &l = layers[index];
		if (!l.hidden)
			l.dy = zero(l.y.get_desc());
		else
			relu_backward(l);
		backward_weights(l, index);
		if (index > 0)
			backward_data(l, layers[index - 1]);
	}

	// in place
	void relu_backward(layer &l)
	{
		const memory::desc desc = l.y.get_desc();
		l.dy = in_layout(l.dy, desc, backward_list);
		const auto relu = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;
		const dnnl::eltwise_forward::primitive_desc hint(
			{dnnl::prop_kind::forward_training, relu, desc, 0, 0}, engine);
		const dnnl::eltwise_backward::primitive_desc backward({relu, desc, desc, 0, 0},
								      engine, hint);
		backward_list.push_back({dnnl::eltwise_backward(backward),
					 {{DNNL_ARG_DST, l.y},
					  {DNNL_ARG_DIFF_DST, l.dy},
					  {DNNL_ARG_DIFF_SRC, l.dy}}});
	}

	void backward_weights(layer &l, size_t index)
	{
		const dnnl::inner_product_backward_weights::primitive_desc pd(
			{any(l.in), weights_desc(l, chosen.weights_any), plain(l.biases, tag::a),
			 any(l.out)},
			engine, l.forward);
		l.dw = zero(pd.diff_weights_desc());
		actions once;
		memory x = in_layout(l.x, pd.src_desc(), index == 0 ? once : backward_list);
		run(once); // the inputs stay
		memory dy = in_layout(l.dy, pd.diff_dst_desc(), backward_list);
		backward_list.push_back({dnnl::inner_product_backward_weights(pd),
					 {{DNNL_ARG_SRC, x},
					  {DNNL_ARG_DIFF_DST, dy},
					  {DNNL_ARG_DIFF_WEIGHTS, l.dw},
					  {DNNL_ARG_DIFF_BIAS, l.db}}});
	}

	void backward_data(layer &l, layer &below)
	{
		const dnnl::inner_product_backward_data::primitive_desc pd(
			{any(l.in), weights_desc(l, chosen.data_any), any(l.out)}, engine,
			l.forward);
		memory w = in_layout(l.w, pd.weights_desc(), backward_list);
		memory dy = in_layout(l.dy, pd.diff_dst_desc(), backward_list);
		below.dy = zero(pd.diff_src_desc());
		backward_list.push_back({dnnl::inner_product_backward_data(pd),
					 {{DNNL_ARG_WEIGHTS, w},
					  {DNNL_ARG_DIFF_DST, dy},
					  {DNNL_ARG_DIFF_SRC, below.dy}}});
	}

	// w -= eta dw
	void update_layer(const layer &l)
	{
		if (l.dw.get_desc() == l.w.get_desc()) {
			const dnnl::sum::primitive_desc sum(l.w.get_desc(), {1, -eta},
							    {l.w.get_desc(), l.dw.get_desc()},
							    engine);
			update_list.push_back({dnnl::sum(sum),
					       {{DNNL_ARG_MULTIPLE_SRC, l.w},
						{DNNL_ARG_MULTIPLE_SRC + 1, l.dw},
						{DNNL_ARG_DST, l.w}}});
			return;
		}
		dnnl::post_ops add;
		add.append_sum(1);
		dnnl::primitive_attr attr;
		attr.set_output_scales(0, {-eta});
		attr.set_post_ops(add);
		const dnnl::reorder::primitive_desc pd(engine, l.dw.get_desc(), engine,
						       l.w.get_desc(), attr);
		update_list.push_back(
			{dnnl::reorder(pd), {{DNNL_ARG_FROM, l.dw}, {DNNL_ARG_TO, l.w}}});
	}

	void loss_gradient() const
	{
		const layer &last = layers.back();
		const float *y = static_cast<float *>(last.y.get_data_handle());
		float *dy = static_cast<float *>(last.dy.get_data_handle());
		const float scale = 1 / static_cast<float>(given.batch);
		const size_t count = given.batch * given.widths[given.layer_count];
		for (size_t i = 0; i < count; i++)
			dy[i] = scale * (y[i] - given.target[i]);
	}

	const problem &given;
	const way chosen;
	std::vector<layer> layers;
	actions forward_list, backward_list, update_list;
	float eta = 0;
};

double seconds_of_step(const network &net)
{
	using clock = std::chrono::steady_clock;
	constexpr int calls = 5;
	double best = 1e300;
	net.step();
	for (int i = 0; i < calls; i++) {
		const auto start = clock::now();
		net.step();
		best = std::min(best, std::chrono::duration<double>(clock::now() - start).count());
	}
	return best;
}

std::unique_ptr<network> the_network;

std::string about(const network &net, way chosen)
{
	const dnnl_version_t *version = dnnl_version();
	return "oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) +
	       "." + std::to_string(version->patch) + ", " + net.implementation() +
	       "; backward_data in " + (chosen.data_any ? "its own" : "the forward's") +
	       " layout, backward_weights in " + (chosen.weights_any ? "its own" : "the forward's");
}

} // namespace

const char *peer_open(const struct problem *given, int /*threads*/)
{
	static std::string text;
	try {
		way best = {false, false};
		double least = 1e300;
		for (const way w :
		     {way{false, false}, {false, true}, {true, false}, {true, true}}) {
			const double seconds = seconds_of_step(network(*given, w));
			if (seconds < least) {
				least = seconds;
				best = w;
			}
		}
		the_network = std::make_unique<network>(*given, best);
		text = about(*the_network, best);
	} catch (const dnnl::error &error) {
		peer_skip("oneDNN: %s", error.what());
	}
	return text.c_str();
}

void peer_set_eta(double value)
{
	the_network->set_eta(value);
}

void peer_forward(void)
{
	the_network->forward();
}

void peer_step(void)
{
	the_network->step();
}

void peer_output(float *values)
{
	the_network->output(values);
}
