"""Arrays that NumPy wrote are read as NumPy reads them, and NumPy reads those that are written here.
usage: check_numpy.py DUMP_PROGRAM; exits with 77 without NumPy"""
import gzip
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    sys.exit(77)

dump = os.path.abspath(sys.argv[1])
os.chdir(tempfile.mkdtemp(prefix="mlp-numpy-"))
random = np.random.default_rng(7)


def read(path):
    lines = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout.split("\n")
    rows, columns, targets = map(int, lines[0].split())
    values = np.array([float(v) for line in lines[1:] for v in line.split()]).reshape(rows, columns)
    return values, targets


def arrays():
    types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
    for kind in ["?"] + [order + name for name in types for order in "<>"]:
        for shape in [(5,), (4, 3), (1, 6), (6, 1)]:
            values = random.integers(-100, 100, shape) / (4 if "f" in kind else 1)
            yield np.abs(values).astype(kind) if "u" in kind else values.astype(kind)
    yield random.integers(0, 255, (4, 3, 2)).astype("u1")


def compare(path, array, version=None):
    expected = array.reshape(array.shape[0], -1).astype("f8")
    values, _ = read(path)
    assert values.shape == expected.shape and (values == expected).all(), (path, array.dtype, version)


count = 0
for array in arrays():
    for order in "CF" if array.ndim == 2 else "C":
        array = np.asarray(array, order=order)
        for version in [(1, 0), (2, 0), (3, 0)]:
            with open("a.npy", "wb") as file:
                np.lib.format.write_array(file, array, version=version)
            compare("a.npy", array, version)
            count += 1
        with gzip.open("a.npy.gz", "wb") as file:
            np.save(file, array)
        compare("a.npy.gz", array)

x, y = random.standard_normal((50, 7)), random.integers(0, 3, 50)
for save in np.savez, np.savez_compressed:
    for names in ("x", "y"), ("X", "target"), ("data", "labels"):
        save("a.npz", **dict(zip(names, (x, y))))
        values, targets = read("a.npz")
        assert (values == np.column_stack([x, y])).all() and targets == 1, names

for path in "w.npy", "w.npz":
    subprocess.run([dump, "a.npz", path], check=True)
    back = np.load(path) if path == "w.npy" else np.load(path)["w"]
    assert back.dtype == np.float64 and (back == np.column_stack([x, y])).all()

np.savetxt("a.csv", x, delimiter=";", fmt="%.17g")
values, _ = read("a.csv")
assert (values == x).all()

for array, words in [(np.array(["a"]), "<U1"), (np.array([None]), "|O"), (np.zeros(2, "c16"), "<c16"),
                     (np.zeros(2, [("a", "f4")]), "records"), (np.zeros((0, 3)), "found none")]:
    np.save("bad.npy", array)
    result = subprocess.run([dump, "bad.npy"], capture_output=True, text=True)
    assert result.returncode == 1 and words in result.stderr, (array, result.stderr)

for name in os.listdir("."):
    os.unlink(name)
os.rmdir(os.getcwd())
print(count, "arrays of NumPy's, all the same")
