#!/usr/bin/env python3
"""scikit-learn's data sets, learned by scikit-learn's MLP and by libmlp with equal settings: the same split,
the same scaling, one hidden layer of 64 ReLU units, Glorot's initial weights, Adam with eta 0.001, batches of 32,
200 epochs, no penalty, one thread. Prints accuracy (R^2 for numbers) on held-out rows, mean and standard deviation
over the splits, and the ratio of the times, measured one after the other, split by split.
usage: compare_sklearn.py LIBMLP_SO [SPLITS]      (default 10)"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import sys
import time
import warnings
from ctypes import byref, c_double, c_int64, c_uint64

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/support"))
import numpy as np
from sklearn import datasets
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

from libmlp import ALL_LAYERS, Library, Network, pointer

WIDTH, EPOCHS, BATCH, ETA = 64, 200, 32, 0.001
SETS = {"iris": datasets.load_iris, "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits, "diabetes": datasets.load_diabetes}
GLOROT_UNIFORM, ADAM, ITEM_EPOCHS, ITEM_BATCH = 3, 3, 1, 2


def by_sklearn(x, t, x_test, seed, numbers):
    model = (MLPRegressor if numbers else MLPClassifier)(
        hidden_layer_sizes=(WIDTH,), solver="adam", alpha=0, batch_size=BATCH, learning_rate_init=ETA,
        max_iter=EPOCHS, n_iter_no_change=EPOCHS + 1, tol=0, random_state=seed)
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it did not converge in the epochs given
        model.fit(x, t)
    return model.predict(x_test), time.perf_counter() - begin


def by_libmlp(library, x, t, x_test, seed, numbers):
    classes = 1 if numbers else int(t.max()) + 1
    outputs = 1 if classes == 2 else classes
    net = Network(library, [x.shape[1], WIDTH, outputs], dtype=np.float32)
    library.call("mlp_network_init", net.handle, c_int64(ALL_LAYERS), GLOROT_UNIFORM, c_double(0), c_uint64(seed))
    if not numbers:
        net.set_activation(2, "sigmoid" if outputs == 1 else "softmax")
    trainer = library.made("mlp_trainer_create", net.handle, ADAM)
    library.call("mlp_trainer_set", trainer, ITEM_EPOCHS, c_double(EPOCHS))
    library.call("mlp_trainer_set", trainer, ITEM_BATCH, c_double(BATCH))
    library.call("mlp_trainer_set_seed", trainer, c_uint64(seed))
    rows = (pointer(x), c_int64(x.shape[1]))
    if outputs > 1:
        targets = t.astype(np.int64)
        library.call("mlp_trainer_set_data_class_f32", trainer, *rows, pointer(targets), None, c_int64(len(x)))
    else:
        targets = np.ascontiguousarray(t, np.float32)
        library.call("mlp_trainer_set_data_f32", trainer, *rows, pointer(targets), c_int64(1), None, c_int64(len(x)))
    begin = time.perf_counter()
    library.call("mlp_trainer_run", trainer)
    seconds = time.perf_counter() - begin
    y = net.predict(x_test)
    library.value("mlp_trainer_free", None, trainer)
    net.free()
    return (y[:, 0] if numbers else (y[:, 0] > 0.5).astype(int) if outputs == 1 else y.argmax(1)), seconds


def main():
    library = Library(sys.argv[1])
    splits = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    print("| data | rows | score | scikit-learn | libmlp | time, libmlp / scikit-learn |\n|---|---|---|---|---|---|")
    for name, load in SETS.items():
        data = load()
        numbers = name == "diabetes"
        score = r2_score if numbers else accuracy_score
        scores, ratios = ([], []), []
        for seed in range(splits):
            x, x_test, t, t_test = train_test_split(data.data, data.target, test_size=0.25, random_state=seed,
                                                    stratify=None if numbers else data.target)
            scaler = StandardScaler().fit(x)
            x, x_test = (np.ascontiguousarray(scaler.transform(a), np.float32) for a in (x, x_test))
            if numbers:
                shift, scale = t.mean(), t.std()
                t, t_test = (t - shift) / scale, (t_test - shift) / scale
            theirs, their_seconds = by_sklearn(x, t, x_test, seed, numbers)
            ours, our_seconds = by_libmlp(library, x, t, x_test, seed, numbers)
            scores[0].append(score(t_test, theirs))
            scores[1].append(score(t_test, ours))
            ratios.append(our_seconds / their_seconds)
        cells = [f"{np.mean(s):.3f} ± {np.std(s):.3f}" for s in scores]
        print(f"| {name} | {len(data.target)} | {'R²' if numbers else 'accuracy'} | {cells[0]} | {cells[1]} | "
              f"{np.median(ratios):.3f} |", flush=True)


if __name__ == "__main__":
    main()
