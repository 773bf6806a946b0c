#!/usr/bin/env bash
# The library runs on every processor of its architecture: no wide vector registers on x86-64.
# usage: baseline.sh LIBRARY
set -euo pipefail

if [[ $(uname -m) != x86_64 || ${C_FLAGS-} == *-m@(arch|avx)* ]]; then
	echo "skipped: not x86-64, or built for a particular processor"
	exit 77
fi
wide=$(objdump -d --no-show-raw-insn "$1" | grep -cE '%[yz]mm[0-9]') || true
if ((wide > 0)); then
	echo "$wide instructions of AVX in a library for the baseline" >&2
	exit 1
fi
