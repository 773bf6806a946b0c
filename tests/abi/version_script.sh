#!/usr/bin/env bash
# The rules of src/mlp.map: nodes are named after releases, in their order, none later than version.h; each
# inherits from the one before; the first hides everything that no node names; a node names something.
# usage: version_script.sh LIBRARY SOURCE_DIR
set -euo pipefail
export LC_ALL=C
library=$1 source=$2
map=$source/src/mlp.map
result=0

complain() {
	echo "$*" >&2
	result=1
}

number() { # number MAJOR|MINOR|PATCH
	awk -v name="MLP_VERSION_$1" '$2 == name { print $3 }' "$source/include/mlp/version.h"
}
release=$(number MAJOR).$(number MINOR).$(number PATCH)

# a line per node: name, parent (or -), number of names, whether it hides the rest
nodes=$(awk '/^[^ \t].*\{/ { node = $1; names = 0; hides = "no"; part = "" }
	/^[a-z]+:/ { part = $1 }
	/^\t.*;/ { if (part == "global:") names++; else if (part == "local:" && $1 == "*;") hides = "yes"; }
	/^\}/ { parent = $2; sub(/;$/, "", parent); print node, parent == "" || $1 == "};" ? "-" : parent, names, hides }
	' "$map")
before=
while read -r node parent names hides; do
	[[ $node =~ ^MLP_[0-9]+\.[0-9]+(\.[0-9]+)?$ ]] || complain "$node is not named after a release"
	((names > 0)) || complain "$node names nothing"
	if [[ -z $before ]]; then
		[[ $parent == - ]] || complain "$node is the first and inherits from $parent"
		[[ $hides == yes ]] || complain "$node must have local: *, so that nothing else is exported"
	else
		[[ $parent == "$before" ]] || complain "$node inherits from $parent instead of $before"
		[[ $hides == no ]] || complain "$node must have no local:, that is the first node's"
		[[ $(printf '%s\n' "$before" "$node" | sort -V | tail -n 1) == "$node" ]] ||
			complain "$node comes after $before"
	fi
	[[ $(printf '%s\n' "${node#MLP_}" "$release" | sort -V | tail -n 1) == "$release" ]] ||
		complain "$node is later than the release, $release"
	before=$node
done <<<"$nodes"
[[ -n $before ]] || complain "no node in $map"

# in the library: the same nodes, and no symbol without one, or with one that is not the default
defined=$(nm -D --defined-only --format=posix "$library")
diff -u --label src/mlp.map <(cut -d' ' -f1 <<<"$nodes" | sort) \
	--label "nodes of the library" <(awk '$2 == "A" { sub(/@.*/, "", $1); print $1 }' <<<"$defined" | sort) || result=1
without=$(awk '$2 != "A" && $1 !~ /@@MLP_/ { print $1 }' <<<"$defined")
[[ -z $without ]] || complain "exported without a version: $without"
grep -hE '\.symver|__symver__' -r "$source/src" && complain "a symbol is given a node in the source"
echo "$(wc -l <<<"$nodes") nodes, the last $before"
exit $result
