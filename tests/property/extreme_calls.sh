#!/usr/bin/env bash
# Every public call is made with extreme numbers by some test_extreme_*.c, or is in extreme_exempt.txt, which lists
# those that take no floating-point numbers, and those that only hand them on; none is in neither or in both.
# usage: extreme_calls.sh SOURCE_DIR
set -euo pipefail
export LC_ALL=C
tests=$1/tests/property
symbols=$(cut -d" " -f1 "$1/tests/abi/symbols.txt")
covered=$({
	grep -hoE '\bmlp_[a-z0-9_]+\b' "$tests"/test_extreme_*.c "$tests"/extreme*.h
	grep -hoE 'FN\([a-z0-9_]+\)' "$tests"/test_extreme_*.c "$tests"/extreme*.h |
		sed -E 's/FN\((.*)\)/mlp_\1_f32\nmlp_\1_f64/'
} | sort -u | comm -12 - <(echo "$symbols"))
exempt=$(grep -v '^#' "$tests/extreme_exempt.txt" | sort)
forgotten=$(comm -23 <(echo "$symbols") <(sort -u <<<"$covered"$'\n'"$exempt"))
stale=$(comm -13 <(comm -23 <(echo "$symbols") <(echo "$covered")) <(echo "$exempt"))
if [[ -n $forgotten$stale ]]; then
	printf 'neither tested with extreme numbers nor exempt:\n%s\n' "${forgotten:-(none)}" >&2
	printf 'exempt, but tested or no public call:\n%s\n' "${stale:-(none)}" >&2
	exit 1
fi
echo "$(wc -l <<<"$covered") calls with extreme numbers, $(wc -l <<<"$exempt") exempt"
