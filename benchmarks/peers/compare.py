#!/usr/bin/env python3
"""Measures libmlp beside its peers, in turns: peer, libmlp, peer, libmlp ... Needs only Python."""
import argparse
import json
import os
import sys
import tempfile

import cells
import chart
import table
from child import Lost
from measure import Measurement, OURS


def read_list(build):
    """Commands and, for peers that were not built, reasons, by name; peers.txt is CMake's."""
    commands, skipped = {}, {}
    with open(os.path.join(build, "peers.txt"), encoding="utf-8") as file:
        for line in file:
            name, kind, *rest = line.rstrip("\n").split("\t")
            if kind == "run":
                commands[name] = rest
            else:
                skipped[name] = rest[0]
    return commands, skipped


def choose(commands, skipped, wanted):
    """Both without the peers that are not wanted; ends the program for names that are none."""
    known = [name for name in [*commands, *skipped] if name not in ("make-problem", OURS)]
    for name in wanted:
        if name not in known:
            sys.exit(f"no peer '{name}'; there are {', '.join(known)}")
    keep = [*(wanted or known), "make-problem", OURS]
    return ({name: command for name, command in commands.items() if name in keep},
            {name: reason for name, reason in skipped.items() if name in keep})


def split(text):
    parts = text.split(",")
    if "" in parts:
        raise ValueError
    return parts


def positive(text):
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def read_options():
    parser = argparse.ArgumentParser(prog="bench-peers", description=__doc__)
    parser.add_argument("--build", required=True, metavar="FOLDER",
                        help="where CMake built the peers: BUILD/benchmarks/peers")
    parser.add_argument("--quick", action="store_true", help="three cells, short turns")
    parser.add_argument("--cells", type=split, metavar="CELL,...",
                        help="instead, such as 784-512-256-10/32/1: widths, batch, workers")
    parser.add_argument("--peers", type=split, default=[], metavar="NAME,...", help="only these")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of each peer (7; quick 3)")
    parser.add_argument("--seconds", type=positive, metavar="S",
                        help="of a turn, for the step; half as long for forward (0.15; quick 0.05)")
    parser.add_argument("--timeout", type=positive, default=300, metavar="S",
                        help="a peer that does not answer for so long is skipped (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all results there")
    parser.add_argument("--svg", metavar="FILE", help="draw the ratios of the training step there")
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 3 if options.quick else 7
    options.seconds = options.seconds or (0.05 if options.quick else 0.15)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    try:
        options.cells = ([cells.parse(cell) for cell in options.cells] if options.cells
                         else cells.QUICK if options.quick else cells.ALL)
    except ValueError as error:
        parser.error(str(error))
    return options


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file
                        if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"


def measure_all(options, commands, skipped):
    results = []
    for cell in options.cells:
        print(f"measuring {cells.name(cell)} ...", file=sys.stderr, flush=True)
        measurement = Measurement(cell, commands, options)
        with tempfile.TemporaryDirectory() as folder:
            try:
                measurement.run(folder)
            except Lost as error:
                sys.exit(f"libmlp, {cells.name(cell)}: {error}")
        results.append(measurement.result(skipped))
    return results


def main():
    options = read_options()
    commands, skipped = choose(*read_list(options.build), options.peers)
    names = [name for name in [*commands, *skipped] if name not in ("make-problem", OURS)]
    report = {"format": 1, "processor": processor(), "processors": os.cpu_count(),
              "rounds": options.rounds, "seconds": options.seconds, "names": names,
              "cells": measure_all(options, commands, skipped)}
    table.print_tables(report["cells"], names)
    table.print_notes(report["cells"])
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")
    if options.svg:
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(chart.draw(report))
    disagree = [peer for cell in report["cells"] for peer in cell["peers"].values()
                if peer.get("agrees") is False]
    return 1 if disagree else 0


if __name__ == "__main__":
    sys.exit(main())
