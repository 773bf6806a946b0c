#!/usr/bin/env python3
"""Models travel between libmlp and PyTorch by safetensors files, both ways, and give the same outputs.
usage: files.py LIBMLP_SO       exit status 77: PyTorch or its safetensors package is not installed"""
import os
import sys
import tempfile
from ctypes import c_int64

try:
    import torch
    from safetensors.torch import load_file, save_file
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from libmlp import Error, Library, Network

MODULES = {"identity": torch.nn.Identity, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU,
           "elu": torch.nn.ELU, "softplus": torch.nn.Softplus, "gelu": torch.nn.GELU, "silu": torch.nn.SiLU}
WIDTHS = [7, 12, 9, 5, 3]
ACTIVATIONS = ["tanh", "identity", "gelu", "identity"]  # an identity in the middle keeps its place


def sequential(dtype):
    layers = []
    for l, name in enumerate(ACTIVATIONS, 1):
        layers += [torch.nn.Linear(WIDTHS[l - 1], WIDTHS[l]), MODULES[name]()]
    if ACTIVATIONS[-1] == "identity":
        layers.pop()
    return torch.nn.Sequential(*layers).to(dtype)


def same(ours, theirs, tolerance):
    return np.abs(ours - theirs.detach().numpy()).max() <= tolerance


def from_libmlp(library, path, dtype, x, tolerance):
    """Saved here, loaded strictly there."""
    net = Network(library, WIDTHS, dtype=dtype)
    for l, name in enumerate(ACTIVATIONS, 1):
        net.set_activation(l, name)
    net.init(3)
    for l in range(1, len(WIDTHS)):  # biases that are not 0
        weights, biases = net.layer(l)
        net.set_layer(l, weights, biases + np.linspace(-1, 1, len(biases)))
    library.call("mlp_network_save", net.handle, path.encode())
    module = sequential(torch.float64 if dtype == np.float64 else torch.float32)
    module.load_state_dict(load_file(path), strict=True)
    return same(net.predict(x), module(torch.from_numpy(x)), tolerance)


def from_torch(library, path, dtype, x, tolerance):
    """Saved there, without a word about activations; loaded here."""
    torch.manual_seed(4)
    module = sequential(torch.float64 if dtype == np.float64 else torch.float32)
    save_file(module.state_dict(), path)
    handle = library.made("mlp_network_load", path.encode(), None)
    net = Network(library, WIDTHS, handle, dtype)
    widths = [library.value("mlp_network_width", c_int64, handle, c_int64(l)) for l in range(len(WIDTHS))]
    for l, name in enumerate(ACTIVATIONS, 1):
        net.set_activation(l, name)
    return widths == WIDTHS and same(net.predict(x), module(torch.from_numpy(x)), tolerance)


def main():
    library = Library(sys.argv[1])
    failures = 0
    for dtype, tolerance in ((np.float64, 1e-13), (np.float32, 1e-5)):
        x = np.random.default_rng(1).standard_normal((20, WIDTHS[0])).astype(dtype)
        for way in (from_libmlp, from_torch):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    good = way(library, os.path.join(folder, "model.safetensors"), dtype, x, tolerance)
                except Error as error:
                    print(error)
                    good = False
            failures += not good
            print(f"{'ok  ' if good else 'BAD '} {way.__name__:12} {np.dtype(dtype)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
