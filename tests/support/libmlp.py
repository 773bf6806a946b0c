"""The few calls of libmlp that these comparisons need, by ctypes. f64 unless said otherwise."""
import ctypes
from ctypes import c_char_p, c_double, c_int, c_int64, c_uint64, c_void_p

import numpy as np

F32, F64 = 1, 2
ALL_LAYERS, HIDDEN_LAYERS = -1, -2
TRAINING = 2
MEAN = 1
ACTIVATIONS = {"identity": 1, "sigmoid": 2, "tanh": 3, "relu": 4, "elu": 6, "softplus": 8, "gelu": 10, "silu": 11}
SQUARED_ERROR, CROSS_ENTROPY = "squared_error", "cross_entropy"


class Error(Exception):
    """A call that failed, with its line."""


class Library:
    """libmlp.so; every function's status is checked."""

    def __init__(self, path):
        self._library = ctypes.CDLL(path)
        self._library.mlp_last_error.restype = c_char_p

    def call(self, name, *arguments):
        """A function that returns a status."""
        function = getattr(self._library, name)
        function.restype = c_int
        if function(*arguments) != 0:
            raise Error(f"{name}: {self._library.mlp_last_error().decode()}")

    def value(self, name, restype, *arguments):
        """A function that returns a value."""
        function = getattr(self._library, name)
        function.restype = restype
        return function(*arguments)

    def made(self, name, *arguments):
        """An object that a function puts into its last argument."""
        handle = c_void_p()
        self.call(name, *arguments, ctypes.byref(handle))
        return handle


def pointer(array):
    """The memory of a contiguous array; None: NULL."""
    if array is None:
        return None
    assert array.flags.c_contiguous
    return array.ctypes.data_as(c_void_p)


class Network:
    """A network with its parameters as arrays."""

    def __init__(self, library, widths, handle=None, dtype=np.float64):
        self.library, self.widths, self.dtype = library, widths, np.dtype(dtype)
        self.suffix = "f64" if self.dtype == np.float64 else "f32"
        if handle is None:
            array = (c_int64 * len(widths))(*widths)
            handle = library.made("mlp_network_create", F64 if self.suffix == "f64" else F32, array,
                                  c_int64(len(widths)))
        self.handle = handle

    def free(self):
        self.library.value("mlp_network_free", None, self.handle)

    def set_activation(self, layer, name):
        code = self.library.value("mlp_activation_from_name", c_int, name.encode())
        self.library.call("mlp_network_set_activation", self.handle, c_int64(layer), code)

    def init(self, seed):
        self.library.call("mlp_network_init", self.handle, c_int64(ALL_LAYERS), 1, c_double(0), c_uint64(seed))

    def set_layer(self, layer, weights, biases):
        weights = np.ascontiguousarray(weights, self.dtype)
        biases = np.ascontiguousarray(biases, self.dtype)
        self.library.call(f"mlp_network_set_weights_{self.suffix}", self.handle, c_int64(layer), pointer(weights),
                          c_int64(weights.shape[1]))
        self.library.call(f"mlp_network_set_biases_{self.suffix}", self.handle, c_int64(layer), pointer(biases))

    def layer(self, layer):
        weights = np.empty((self.widths[layer], self.widths[layer - 1]), self.dtype)
        biases = np.empty(self.widths[layer], self.dtype)
        self.library.call(f"mlp_network_get_weights_{self.suffix}", self.handle, c_int64(layer), pointer(weights),
                          c_int64(weights.shape[1]))
        self.library.call(f"mlp_network_get_biases_{self.suffix}", self.handle, c_int64(layer), pointer(biases))
        return weights, biases

    def predict(self, x):
        y = np.empty((len(x), self.widths[-1]), self.dtype)
        self.library.call(f"mlp_predict_{self.suffix}", self.handle, pointer(x), c_int64(x.shape[1]), c_int64(len(x)),
                          pointer(y), c_int64(y.shape[1]))
        return y
