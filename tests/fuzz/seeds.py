#!/usr/bin/env python3
"""Writes the first files of the corpora of data formats: seeds.py FOLDER makes FOLDER/csv, npy, npz, idx, fann, encoding.
make_seeds.c does so for models and checkpoints. What fuzzing found beside them is in the tree as it was found."""

import gzip
import io
import json
import random
import struct
import sys
import zipfile
from pathlib import Path

folder = Path(sys.argv[1])


def put(target, name, content, choices=bytes(3)):
    path = folder / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((b"" if target == "encoding" else choices) + content)


def npy(kind, shape, values, order=False, version=1):
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    head = struct.pack("<H" if version == 1 else "<I", len(text) + 1)
    return b"\x93NUMPY" + bytes([version, 0]) + head + text.encode() + b"\n" + values


def npz(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def idx(code, shape, values):
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values


def with_labels(images, labels, way):
    return struct.pack("<HB", len(labels), way) + images + labels


CSV = {
    "usual": b"age,colour,price\n1,red,2.5\n2,blue,-3e2\n3,red,7\n4,green,0\n",
    "quotes": b'\xef\xbb\xbfname;n;m\r\n"a;""b""\nc";1;-2.5e3\r\n\xc3\xa9;NA;7\n;;\n',
    "decimal": b"a;b;y\n1,5;2;ja\n-3,25;;nein\n0;1;ja\n",
    "tabs": b"1\t2\t0\n3\t4\t1\n5\t6\t0\n",
    "bars": b"a|b\n x | 1\n y |2\n",
    "one": b"1\n2\n3\n",
    "onehot": b"a,b,c,d\n1,1,0,0\n2,0,1,0\n3,0,0,1\n4,1,0,0\n",
    "weights": b"a,y,w\n1,u,1\n2,v,0.5\n3,u,2\n",
    "names": b"a,,b\n1,2,3\n4,5,6\n",
    "missing": b"a,b,y\n1,NA,1\n?,x,0\nnull,y,1\n3,N/A,\n4,x,0\n5,None,1\n",
    "ragged": b"a,b\n1,2\n3\n",
    "open": b'a,b\n1,"2\n3,4\n',
    "numbers": b"1e308,0x10,1e-320,+1,.5,5.,-0,1e400\n1,2,3,4,5,6,7,inf\n",
    "classes": b"x,y\n" + b"".join(b"%d,k%d\n" % (i, i % 5) for i in range(30)),
}
for name, text in CSV.items():
    put("csv", name, text)
for choice, name in enumerate(["usual", "quotes", "missing", "onehot", "weights", "decimal"]):
    for b, c in [(3, 128), (6, 128 + 2), (9 + 24, 8), (12 + 9 + 1, 128 + 32), (2 + 48, 3)]:
        put("csv", f"{name}-{b}-{c}", CSV[name], bytes([choice, b, c]))
put("csv", "packed", gzip.compress(CSV["usual"], mtime=0))

floats = struct.pack("<12f", *[i / 4 for i in range(12)])
ARRAYS = {
    "f4": npy("<f4", "(6, 2)", floats),
    "f4-fortran": npy("<f4", "(6, 2)", floats, True, 2),
    "f8-big": npy(">f8", "(3, 2, 1)", floats, False, 3),
    "f2": npy("<f2", "(24,)", floats),
    "i1": npy("|i1", "(6, 8)", floats),
    "u1": npy("|u1", "()", b"\7"),
    "i2": npy("<i2", "(8, 3L)", floats),
    "u4": npy("<u4", "(3, 4)", floats),
    "i8": npy("<i8", "(6,)", floats),
    "u8": npy(">u8", "(2, 3)", floats),
    "bool": npy("|b1", "(3, 2)", bytes([0, 1, 1, 0, 1, 1])),
    "none": npy("<f4", "(0, 3)", b""),
    "records": npy("<f4", "[('a', '<f4')]", floats),
    "short": npy("<f4", "(5, 3)", floats),
    "huge": npy("<f4", "(4294967296, 4294967296)", floats),
    "quotes": b"\x93NUMPY\1\0\x3a\0" + b'{"shape": (12,), "descr": "<f4", "fortran_order": False} \n' + floats,
}
for name, array in ARRAYS.items():
    put("npy", name, array)
    put("npz", name, npz({"x.npy": array}))
put("npy", "packed", gzip.compress(ARRAYS["f4"], mtime=0))

labels = npy("<i8", "(6,)", struct.pack("<6q", 0, 1, 2, 0, 1, 2))
both = {"x.npy": ARRAYS["f4"], "y.npy": labels}
put("npz", "both", npz(both))
put("npz", "stored", npz(both, zipfile.ZIP_STORED))
put("npz", "upper", npz({"X.npy": ARRAYS["f4"], "target.npy": labels}))
put("npz", "data", npz({"data": ARRAYS["f4"], "labels.npy": labels}))
put("npz", "others", npz({"a.npy": ARRAYS["f4"], "b.npy": labels}))
put("npz", "chosen", npz({"x.npy": ARRAYS["f4"], "b.npy": labels}), bytes([90, 0, 0]))
put("npz", "chosen-x", npz({"x.npy": ARRAYS["f4"], "b.npy": labels}), bytes([45, 0, 0]))
put("npz", "rows", npz({"x.npy": ARRAYS["i2"], "y.npy": labels}))
put("npz", "unfolds", npz({"x.npy": npy("|u1", "(300, 300)", bytes(90000))}))
put("npz", "packed", gzip.compress(npz(both), mtime=0))

images = idx(8, (4, 2, 2), bytes(range(16)))
digits = idx(8, (4,), bytes([0, 1, 0, 1]))
for way in range(7):
    put("idx", f"way-{way}", with_labels(images, digits, way))
    put("idx", f"packed-{way}",
        with_labels(gzip.compress(images, mtime=0), gzip.compress(digits, mtime=0), way))
for code, size in [(8, 1), (9, 1), (11, 2), (12, 4), (13, 4), (14, 8)]:
    put("idx", f"type-{code}", with_labels(idx(code, (3, 2), bytes(range(6 * size))), b"", 3))
put("idx", "rows", with_labels(images, idx(8, (3,), bytes(3)), 4))
put("idx", "none", with_labels(idx(8, (0, 3), b""), b"", 3))
put("idx", "huge", with_labels(idx(8, (0xFFFFFFFF,) * 4, b"1"), b"", 3))
put("idx", "unfolds", with_labels(gzip.compress(idx(8, (9, 10000), bytes(90000)), mtime=0), b"", 3))

FANN = {
    "usual": b"3 2 1\n1 2\n0\n-1.5 .5\n1\n1e3 +7\n0\n",
    "missing": b"2 1 1\nNA\n1\n?\n2\n",
    "one": b"1 1 1\n1 2",
    "many": b"2 3 2\r\n1 2 3\t4 5\r\n6 7 8 9 10\r\n",
    "short": b"4 2 1\n1 2 3\n",
    "long": b"1 1 1\n1 2 3\n",
    "huge": b"1000000 1000000 1000000\n1\n",
    "word": b"1 1 1\n1 x\n",
    "infinite": b"1 1 1\n1 1e999\n",
}
for name, text in FANN.items():
    put("fann", name, text)
put("fann", "packed", gzip.compress(FANN["usual"], mtime=0))

inputs = [{"name": "a", "column": 1, "missing_value": 0.5},
          {"name": "b", "column": 2, "categories": ["green", "red"], "missing_category": 1},
          {"name": "c", "column": 3, "missing_value": 1e9}]
named = {"version": 1, "columns": 5, "named": True, "inputs": inputs, "targets": [{"name": "y", "column": 4}],
         "task": "classes", "guessed": True, "default_target": False, "missing": "mean", "unseen": "zero",
         "classes": ["no", "yes"], "weight": {"name": "w", "column": 5}}
placed = {"version": 1, "columns": 3, "named": False, "inputs": [{"name": "c1", "column": 1}],
          "targets": [{"name": "c3", "column": 3}], "task": "numbers", "guessed": False,
          "default_target": True, "missing": "drop-row", "unseen": "refuse"}
ENCODINGS = {
    "named": named,
    "placed": placed,
    "valued": placed | {"task": "classes", "classes": ["2", "7"], "class_values": [2, 7], "missing": "median"},
    "onehot": placed | {"task": "classes", "classes": ["p", "q"], "missing": "refuse",
                        "targets": [{"name": "c2", "column": 2}, {"name": "c3", "column": 3}]},
    "many": named | {"task": "numbers", "weight": None, "targets": [{"name": "w", "column": 5}]},
    "twice": placed | {"inputs": [{"name": "c1", "column": 1}] * 2},
    "roles": placed | {"targets": [{"name": "c1", "column": 1}]},
    "version": placed | {"version": 2},
}
for name, encoding in ENCODINGS.items():
    put("encoding", name, json.dumps(encoding, separators=(",", ":")).encode())

random.seed(1)
for number in range(24):
    path = folder / "api" / f"random-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(random.randbytes(random.randrange(60, 500)))
