#!/usr/bin/env bash
# The exported symbols are those of symbols.txt, of src/mlp.map and of the headers' MLP_API, all alike.
# usage: exports.sh LIBRARY SOURCE_DIR
set -euo pipefail
export LC_ALL=C
library=$1 source=$2
expected=$source/tests/abi/symbols.txt

exported() { # version nodes are absolute symbols (A)
	nm -D --defined-only --format=posix "$library" | awk '$2 != "A" { sub(/@.*/, "", $1); print $1 }' | sort
}
mapped() {
	sed -n '/global:/,/local:/p' "$source/src/mlp.map" | grep -oE '[A-Za-z_0-9*]+;' | tr -d ';' | sort
}
declared() {
	grep -hE '^[^#* ]' "$source"/include/mlp/*.h | tr '\n' ' ' |
		grep -oE 'MLP_API [^;(]*\(' | sed -E 's/.*[ *]([A-Za-z_0-9]+)\($/\1/' | sort
}

result=0
check() { # check WHAT COMMAND: the command prints the expected list
	diff -u --label symbols.txt "$expected" --label "$1" <("$2") || result=1
}
sort -uc "$expected"
check "exported by $library" exported
check "named in src/mlp.map" mapped
check "declared MLP_API in include/mlp" declared
if grep -v '^mlp_' "$expected"; then
	echo "a name without mlp_ is exported" >&2
	result=1
fi
echo "$(wc -l <"$expected") symbols"
exit $result
