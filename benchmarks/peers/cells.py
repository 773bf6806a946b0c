"""The cells of the comparison: a network, a batch, a number of threads."""
import collections
import re

Cell = collections.namedtuple("Cell", "net batch workers")


def parse(text):
    """The cell that "784-512-256-10/32/2" is; ValueError if it is none."""
    match = re.fullmatch(r"(\d+(?:-\d+)+)/(\d+)/(\d+)", text)
    if not match or any(int(number) < 1 for number in re.split("[-/]", text)):
        raise ValueError(f"bad cell '{text}'; they look like 784-512-256-10/32/1:"
                         " widths, batch, workers")
    return Cell(match[1], int(match[2]), int(match[3]))


def name(cell):
    return f"{cell.net}/{cell.batch}/{cell.workers}"


ALL = [parse(text) for text in (
    "17-64-64-6/32/1",
    "32-128-128-1/256/1",
    "784-512-256-10/1/1",
    "784-512-256-10/32/1",
    "784-512-256-10/128/1",
    "784-512-256-10/32/2",
    "784-512-256-10/128/2",
    "479-1024-1024-512-256-1/256/1",
    "1024-1024-1024-1024-1024-1024/256/2")]

QUICK = [parse(text) for text in (
    "17-64-64-6/32/1", "784-512-256-10/1/1", "784-512-256-10/32/1")]
