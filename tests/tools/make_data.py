"""Data for the tests of the mlp command, the same in every run; nothing but the standard library."""
import math
import random
import struct


def write_rows(path, header, rows, delimiter=","):
    with open(path, "w", encoding="utf-8") as file:
        for row in ([header] if header else []) + rows:
            file.write(delimiter.join(str(field) for field in row) + "\n")


def houses(path, rows=300, seed=1):
    """Numbers from numbers and a category."""
    draw = random.Random(seed)
    towns = {"Bern": 1.0, "Basel": 0.8, "Zürich": 1.4}
    made = []
    for _ in range(rows):
        area, rooms = draw.uniform(30, 250), draw.randint(1, 8)
        town = draw.choice(sorted(towns))
        price = (5000 * area + 20000 * rooms) * towns[town] + draw.gauss(0, 10000)
        made.append((round(area, 1), rooms, town, round(price)))
    write_rows(path, ("area", "rooms", "town", "price"), made)


def flowers(path, rows=240, seed=2, labels=("setosa", "versi,color", 'virgi"nica')):
    """Three classes, whose names need quotes, in two columns of numbers and one of noise."""
    draw = random.Random(seed)
    made = []
    for n in range(rows):
        kind = n % 3
        angle = 2 * math.pi * kind / 3
        label = '"%s"' % labels[kind].replace('"', '""')
        made.append((round(3 * math.cos(angle) + draw.gauss(0, 0.6), 4),
                     round(3 * math.sin(angle) + draw.gauss(0, 0.6), 4),
                     round(draw.gauss(0, 1), 4), label))
    write_rows(path, ("length", "width", "noise", "kind"), made)


def two_targets(path, rows=200, seed=3):
    draw = random.Random(seed)
    made = []
    for _ in range(rows):
        x, y = draw.uniform(-1, 1), draw.uniform(-1, 1)
        made.append((x, y, 1000 * (x + y), x * y))
    write_rows(path, ("x", "y", "sum", "product"), made)


def npy(shape, values):
    """The bytes of a .npy file of doubles."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" % (tuple(shape),)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() +
            struct.pack("<%dd" % len(values), *values))


def idx(shape, values):
    """The bytes of an IDX file of bytes, as MNIST's."""
    return struct.pack(">BBBB%dI" % len(shape), 0, 0, 8, len(shape), *shape) + bytes(values)
