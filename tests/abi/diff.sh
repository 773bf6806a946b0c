#!/usr/bin/env bash
# The public interface is compatible with the committed dump: what was there is still there, and the same.
# Additions pass; scripts/abi-dump takes them into the dump.
# usage: diff.sh SOURCE_DIR
set -euo pipefail
source=$1

if ! command -v abidw >/dev/null || ! command -v abidiff >/dev/null; then
	echo "skipped: no abidiff (abigail-tools)"
	exit 77
fi
now=$(mktemp)
trap 'rm -f "$now"' EXIT
"$source/scripts/abi-dump" "$now"
abidiff --no-added-syms "$source/tests/abi/libmlp.abi" "$now" || {
	echo "abidiff ends with $?: the interface is not what tests/abi/libmlp.abi has" >&2
	exit 1
}
added=$(abidiff --stat "$source/tests/abi/libmlp.abi" "$now" | sed -nE 's/.* ([0-9]+) Added functions?.*/\1/p') || true
echo "compatible; added since the dump: ${added:-0} functions"
