#!/usr/bin/env bash
# Programs written for the headers of earlier releases of this ABI, as they were then (tests/abi/old), compile
# with them and run with the library of today.
# usage: old_header.sh LIBRARY SOURCE_DIR
set -euo pipefail
library=$1 source=$2

if [[ -n $MLP_SANITIZE ]]; then
	echo "skipped: built with -fsanitize=$MLP_SANITIZE"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$(dirname "$library")
abi=$(awk '$2 == "MLP_ABI_VERSION" { print $3 }' "$source/include/mlp/version.h")
count=0
for old in "$source"/tests/abi/old/*/; do
	grep -qE "define MLP_ABI_VERSION +$abi\$" "$old/mlp/mlp.h" || continue
	"${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror -I "$old" "$old/program.c" -o "$work/program" \
		-L "$folder" -lmlp -lm
	LD_LIBRARY_PATH=$folder:${LD_LIBRARY_PATH-} "$work/program"
	count=$((count + 1))
done
echo "$count releases of ABI $abi"
((count > 0))
