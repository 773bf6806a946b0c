#!/usr/bin/env bash
# The static library defines nothing outside mlp_*.
# usage: archive.sh LIBRARY
set -euo pipefail

names=$(nm --defined-only --extern-only --format=posix "$1" | awk '$2 ~ /^[A-Za-z]$/ { print $1 }')
if grep -vE '^(mlp_|__(odr_asan|asan|tsan|ubsan|gcov|llvm)_|__odr_asan)' <<<"$names"; then
	echo "names without mlp_ in $1" >&2
	exit 1
fi
echo "$(grep -c '^mlp_' <<<"$names") names"
