#!/usr/bin/env python3
"""200 steps of every optimizer in PyTorch and in libmlp, f64: the same start, data and order must give the
same parameters, within TOLERANCE of their scale.
usage: optimizers.py LIBMLP_SO       exit status 77: PyTorch is not installed"""
import os
import sys
from ctypes import byref, c_double, c_int64

try:
    import torch
except ImportError:
    print("skipped: PyTorch is not installed")
    sys.exit(77)
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from libmlp import MEAN, TRAINING, Library, Network, pointer

TOLERANCE = 1e-12
STEPS, ROWS, BATCH, WIDTHS = 200, 96, 32, [13, 17, 11, 5]

# name: PyTorch's optimizer, libmlp's kind and hyper-parameters
CASES = {
    "SGD": (lambda p: torch.optim.SGD(p, lr=0.05), "sgd", {"eta": 0.05}),
    "SGD with L2": (lambda p: torch.optim.SGD(p, lr=0.05, weight_decay=0.01), "sgd",
                    {"eta": 0.05, "l2": 0.01, "decay_biases": 1}),
    "momentum": (lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9), "sgd", {"eta": 0.02, "momentum": 0.9}),
    "momentum with L2": (lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, weight_decay=0.01), "sgd",
                         {"eta": 0.02, "momentum": 0.9, "l2": 0.01, "decay_biases": 1}),
    "Nesterov": (lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True), "sgd",
                 {"eta": 0.02, "momentum": 0.9, "nesterov": 1}),
    "RMSprop": (lambda p: torch.optim.RMSprop(p, lr=0.002, alpha=0.95, eps=1e-7), "rmsprop",
                {"eta": 0.002, "rho": 0.95, "epsilon": 1e-7}),
    "RMSprop with momentum": (lambda p: torch.optim.RMSprop(p, lr=0.001, alpha=0.95, momentum=0.8, eps=1e-7),
                              "rmsprop", {"eta": 0.001, "rho": 0.95, "momentum": 0.8, "epsilon": 1e-7}),
    "Adam": (lambda p: torch.optim.Adam(p, lr=0.003), "adam", {"eta": 0.003}),
    "Adam with L2": (lambda p: torch.optim.Adam(p, lr=0.003, weight_decay=0.01), "adam",
                     {"eta": 0.003, "l2": 0.01, "decay_biases": 1}),
    "AdamW": (lambda p: torch.optim.AdamW(p, lr=0.003, weight_decay=0.02), "adamw",
              {"eta": 0.003, "weight_decay": 0.02, "decay_biases": 1}),
}
LOSSES = ["cross_entropy", "squared_error"]


def torch_network(seed):
    torch.manual_seed(seed)
    layers = []
    for l in range(1, len(WIDTHS)):
        layers += [torch.nn.Linear(WIDTHS[l - 1], WIDTHS[l]), torch.nn.Tanh() if l == 1 else torch.nn.SiLU()]
    return torch.nn.Sequential(*layers[:-1]).double()


def linear_layers(net):
    return [layer for layer in net if isinstance(layer, torch.nn.Linear)]


def run_torch(net, make, loss, x, classes, values):
    optimizer = make(net.parameters())
    for step in range(STEPS):
        rows = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        y = net(x[rows])
        if loss == "cross_entropy":
            value = torch.nn.functional.cross_entropy(y, classes[rows])
        else:  # libmlp's: the sum over outputs of half the squares, mean over rows
            value = 0.5 * ((y - values[rows])**2).sum(1).mean()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()


def code(library, function, name):
    found = library.value(function, c_int64, name.encode()) & 0xffffffff
    assert found > 0, f"{function} does not know {name}"
    return int(found)


def run_libmlp(library, net, kind, hypers, loss, x, classes, values):
    optimizer = library.made("mlp_optimizer_create", net.handle, code(library, "mlp_optimizer_from_name", kind))
    ws = library.made("mlp_workspace_create", net.handle, c_int64(BATCH), TRAINING)
    for name, value in hypers.items():
        library.call("mlp_optimizer_set", optimizer, code(library, "mlp_hyper_from_name", name), c_double(value))
    number = code(library, "mlp_loss_from_name", loss)
    value = c_double()
    for step in range(STEPS):
        first = step * BATCH % ROWS
        head = (optimizer, net.handle, ws, pointer(x[first:first + BATCH]), c_int64(WIDTHS[0]))
        if loss == "cross_entropy":
            library.call("mlp_optimizer_step_class_f64", *head, pointer(classes[first:first + BATCH]), None,
                         c_int64(BATCH), number, c_double(0), MEAN, byref(value))
        else:
            library.call("mlp_optimizer_step_f64", *head, pointer(values[first:first + BATCH]),
                         c_int64(WIDTHS[-1]), None, c_int64(BATCH), number, c_double(0), MEAN, byref(value))
    library.value("mlp_workspace_free", None, ws)
    library.value("mlp_optimizer_free", None, optimizer)


def difference(theirs, ours, start):
    """The largest difference of a parameter, in units of the largest one; and how far training went."""
    worst = moved = 0
    for l, layer in enumerate(linear_layers(theirs), 1):
        weights, biases = ours.layer(l)
        for a, b, before in ((weights, layer.weight, start[l - 1][0]), (biases, layer.bias, start[l - 1][1])):
            b = b.detach().numpy()
            worst = max(worst, np.abs(a - b).max() / max(1.0, np.abs(b).max()))
            moved = max(moved, np.abs(b - before).max())
    return worst, moved


def main():
    torch.set_num_threads(1)
    library = Library(sys.argv[1])
    random = np.random.default_rng(11)
    x = random.standard_normal((ROWS, WIDTHS[0]))
    classes = random.integers(0, WIDTHS[-1], ROWS)
    values = random.standard_normal((ROWS, WIDTHS[-1]))
    failures = 0
    for loss in LOSSES:
        for name, (make, kind, hypers) in CASES.items():
            theirs = torch_network(5)
            ours = Network(library, WIDTHS)
            ours.set_activation(1, "tanh")
            ours.set_activation(2, "silu")
            start = []
            for l, layer in enumerate(linear_layers(theirs), 1):
                start.append((layer.weight.detach().numpy().copy(), layer.bias.detach().numpy().copy()))
                ours.set_layer(l, *start[-1])
            run_torch(theirs, make, loss, torch.from_numpy(x), torch.from_numpy(classes), torch.from_numpy(values))
            run_libmlp(library, ours, kind, hypers, loss, x, classes, values)
            worst, moved = difference(theirs, ours, start)
            good = worst <= TOLERANCE and moved > 1e-3
            failures += not good
            print(f"{'ok  ' if good else 'BAD '} {loss:14} {name:22} differs by {worst:.1e} after moving by {moved:.2g}")
            ours.free()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
