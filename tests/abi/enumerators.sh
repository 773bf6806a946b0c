#!/usr/bin/env bash
# Every enumerator of the headers has its number, that of enumerators.c, in C and in C++; every type of
# enumerators ends with ..._MAX_ENUM.
# usage: enumerators.sh SOURCE_DIR
set -euo pipefail
export LC_ALL=C
source=$1
committed=$source/tests/abi/enumerators.c
result=0

"${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$source/include" "$committed" || result=1
"${CXX:-c++}" -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$source/include" -x c++ "$committed" ||
	result=1

# declared: "type name" of every enumerator; comments go first, then each enumerator gets a line
declared=$(cat "$source"/include/mlp/*.h | tr '\n' ' ' | sed -E 's,/\*[^*]*\*+([^/*][^*]*\*+)*/,,g' |
	grep -oE 'enum mlp_[a-z_0-9]+ \{[^}]*\}' |
	sed -E 's/[^A-Za-z_0-9{},]+/ /g' | awk -F '[{}]' '{
		split($1, head, " ")
		count = split($2, each, ",")
		for (i = 1; i <= count; i++)
			if (split(each[i], word, " ") > 0)
				print head[2], word[1]
	}' | sort)
kept=$(awk -F '[(,)]' '$1 == "TYPE" { type = $2 } $1 == "IS" { print type, $2 }' "$committed" | sort)
diff -u --label enumerators.c <(echo "$kept") --label include/mlp <(echo "$declared") || result=1

last=$(awk '{ type = toupper($1) "_MAX_ENUM" } $2 == type { print $1 }' <<<"$declared")
types=$(cut -d' ' -f1 <<<"$declared" | uniq)
diff -u --label "types with ..._MAX_ENUM" <(echo "$last") --label "types" <(echo "$types") || result=1

count=$(wc -l <<<"$declared")
echo "$count enumerators of $(wc -l <<<"$types") types"
((count > 100)) || result=1
exit $result
