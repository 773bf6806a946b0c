#!/usr/bin/env python3
"""Leaves of a corpus what reaches every line that all of it reaches: reduce.py REPLAY FOLDER SOURCES LLVM-PROFDATA LLVM-COV,
with a replay driver that was built to tell coverage; lines of the files whose paths match SOURCES count. Files named
crash-... stay. scripts/fuzz merge uses it where files are large."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

replay, folder, sources, profdata, cov = sys.argv[1:]


def lines_of(path, profile):
    """(source, line) of every line of the project that a file reaches."""
    subprocess.run([replay, path], env=os.environ | {"LLVM_PROFILE_FILE": profile + ".raw"},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    subprocess.run([profdata, "merge", "-sparse", profile + ".raw", "-o", profile], check=True)
    tracks = subprocess.run([cov, "export", "-format=lcov", replay, f"-instr-profile={profile}"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    reached, source = set(), ""
    for line in tracks.splitlines():
        if line.startswith("SF:"):
            source = line[3:]
        elif (data := re.match(r"DA:(\d+),(\d+)", line)) and data[2] != "0" and re.search(sources, source):
            reached.add((source, int(data[1])))
    return reached


with tempfile.TemporaryDirectory() as place:
    files = {path: lines_of(path, place + "/profile") for path in sorted(Path(folder).iterdir())}
kept = {path for path in files if path.name.startswith("crash-")}
known = set().union(*(files[path] for path in kept))
while True:
    best = max(files, key=lambda path: len(files[path] - known) / (path.stat().st_size + 100))
    if not files[best] - known:
        break
    kept.add(best)
    known |= files[best]
for path in files.keys() - kept:
    path.unlink()
