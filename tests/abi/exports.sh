#!/usr/bin/env bash
# The exported symbols are those of symbols.txt, each with the release that it came with: by the version
# node it is exported and written in (MLP_0.1), and by the @since of its declaration. Nodes begin anew with a
# SONAME: what is older than the first is in the first.
# usage: exports.sh LIBRARY SOURCE_DIR
set -euo pipefail
export LC_ALL=C
library=$1 source=$2
expected=$source/tests/abi/symbols.txt

exported() { # version nodes are absolute symbols (A)
	nm -D --defined-only --format=posix "$library" |
		awk '$2 != "A" { sub(/@+MLP_/, " ", $1); print $1 }' | sort
}
mapped() {
	awk '/^MLP_[0-9.]+ \{/ { node = substr($1, 5) }
		/local:/ { node = "" }
		node != "" && /^\t[A-Za-z_0-9*]+;/ { sub(/;.*/, "", $1); print $1, node }' "$source/src/mlp.map" | sort
}
# a call whose description is that of another is as old as that
declared() {
	awk '/^\/\*\*/ { comment = 1; since = "unknown" }
		comment && match($0, /@since [0-9.]*[0-9]/) { since = substr($0, RSTART + 7, RLENGTH - 7) }
		comment && match($0, /@copydoc mlp_[a-z_0-9]+/) { since = of[substr($0, RSTART + 9, RLENGTH - 9)] }
		/\*\// { comment = 0 }
		/^MLP_API / { declaration = ""; open = 1 }
		open { declaration = declaration $0 }
		open && /;/ {
			open = 0
			sub(/ *\(.*/, "", declaration)
			sub(/.*[ *]/, "", declaration)
			of[declaration] = since
			print declaration, since
		}' "$source"/include/mlp/*.h | sort
}

# the committed list, with nodes for releases
nodes() {
	awk -v first="$(sed -nE '0,/^MLP_/s/^MLP_([0-9.]+) .*/\1/p' "$source/src/mlp.map")" '
		function number(release, part) { split(release, part, "."); return part[1] * 1e6 + part[2] * 1e3 + part[3] }
		{ print $1, number($2) < number(first) ? first : $2 }' "$expected"
}

result=0
check() { # check WHAT LIST EXPECTED: both are commands
	diff -u --label symbols.txt <("$3") --label "$1" <("$2") || result=1
}
committed() {
	cat "$expected"
}
sort -uc "$expected"
check "exported by $library" exported nodes
check "named in src/mlp.map" mapped nodes
check "declared MLP_API in include/mlp" declared committed
if grep -v '^mlp_' "$expected"; then
	echo "a name without mlp_ is exported" >&2
	result=1
fi
echo "$(wc -l <"$expected") symbols"
exit $result
