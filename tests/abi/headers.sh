#!/usr/bin/env bash
# Every public header compiles alone, and twice over, in each C and C++ that callers may use.
# usage: headers.sh INCLUDE_DIR
set -euo pipefail
include=$1
result=0
count=0

for compiler in gcc clang g++ clang++; do
	command -v $compiler >/dev/null || continue
	language=c standards='c99 c11 c17'
	[[ $compiler == *++ ]] && language=c++ standards='c++11 c++20'
	for standard in $standards; do
		for header in "$include"/mlp/*.h; do
			name=mlp/${header##*/}
			printf '#include <%s>\n#include <%s>\nextern int not_empty;\n' "$name" "$name" |
				$compiler -std="$standard" -fsyntax-only -Wall -Wextra -Wpedantic -Wundef -Werror \
					-I "$include" -x $language - || {
				echo "$name fails as $standard with $compiler" >&2
				result=1
			}
			count=$((count + 1))
		done
	done
done
echo "$count combinations"
((count > 0)) || result=1
exit $result
