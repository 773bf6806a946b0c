#!/usr/bin/env python3
"""A model file, read by the format's own rules without any of our code: it is valid, its tensors are where
the header says, and have the values that the test's network has.
usage: check_safetensors.py FILE...   (of test_file_format)"""
import json
import re
import struct
import sys
import zlib

FORMATS = {"F32": ("f", 4), "F64": ("d", 8)}


def check(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    text, data = content[8 : 8 + length], content[8 + length :]
    assert text[:1] == b"{" and (8 + length) % 64 == 0
    header = json.loads(text.decode("utf-8"))  # blanks behind it are JSON, too
    metadata = header.pop("__metadata__")
    assert all(isinstance(value, str) for value in metadata.values())

    end, tensors = 0, {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        letter, size = FORMATS[entry["dtype"]]
        begin, entry_end = entry["data_offsets"]
        count = 1
        for n in entry["shape"]:
            count *= n
        assert begin == end and begin % size == 0 and entry_end - begin == count * size, name
        tensors[name] = struct.unpack(f"<{count}{letter}", data[begin:entry_end])
        end = entry_end
    assert end == len(data)

    # the network of the test: 3-2-1-2, the second layer without a bias, parameters 1, 2, 3, ...
    shapes = {name: tuple(entry["shape"]) for name, entry in header.items()}
    assert shapes == {"0.weight": (2, 3), "0.bias": (2,), "2.weight": (1, 2),
                      "4.weight": (2, 1), "4.bias": (2,)}, shapes
    assert tensors["0.weight"] == (1, 2, 3, 4, 5, 6) and tensors["0.bias"] == (7, 8)
    assert tensors["2.weight"] == (9, 10)  # 11 is the place of the bias
    assert tensors["4.weight"] == (12, 13) and tensors["4.bias"] == (14, 15)

    # as docs/files.md describes it
    assert metadata["mlp.format"] == "1" and metadata["mlp.kind"] == "network"
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["mlp.version"])
    names = metadata["mlp.activations"].split(",")
    assert names[0] == "tanh" and names[2] == "identity"
    name, parameter = names[1].split(":")
    assert name == "leaky_relu" and float.fromhex(parameter) == 0.1
    assert metadata["mlp.frozen"] == "0,1,0"
    assert [float.fromhex(rate) for rate in metadata["mlp.dropout"].split(",")] == [0, 0.25, 0]
    for key, values in {"input_shift": [0.1, 0.2, 0.3], "input_scale": [1, 2, 3],
                        "domain_lowest": [0.1, 0.2, 0.3], "domain_highest": [1, 2, 3]}.items():
        assert [float.fromhex(x) for x in metadata["mlp." + key].split(",")] == values, key
    ours = {key: value for key, value in metadata.items()
            if key.startswith("mlp.") and key != "mlp.crc32"}
    covered = json.dumps(dict(header, __metadata__=ours), sort_keys=True, separators=(",", ":"),
                         ensure_ascii=False)
    crc = zlib.crc32(covered.encode(), zlib.crc32(data))
    assert metadata["mlp.crc32"] == f"{crc:08x}"


for path in sys.argv[1:]:
    check(path)
print(f"{len(sys.argv) - 1} files")
sys.exit(len(sys.argv) == 1)
