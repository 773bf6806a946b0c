#!/usr/bin/env bash
# The library runs on every processor of its architecture: on x86-64 no instructions of AVX, or of its time,
# but in the kernels that are compiled for a particular instruction set, and reached after asking for it.
# usage: baseline.sh FILE_WITH_OBJECT_PATHS
set -euo pipefail

if [[ $(uname -m) != x86_64 || ${C_FLAGS-} == *-m@(arch|avx|fma|bmi|lzcnt|popcnt|movbe)* ]]; then
	echo "skipped: not x86-64, or built for a particular processor"
	exit 77
fi
mapfile -t objects <"$1"
result=0

# Wide registers; mnemonics that begin with v, as AVX names what it does to xmm registers (verr and verw are
# older); and what came with AVX2 or shortly before for general registers. Not tzcnt: compilers write it
# where a processor may take it for bsf.
newer=$'%([yz]mm[0-9]|k[0-7])|\t(v([a-df-z]|ex)|(andn|bextr|bls(i|r|msk)|bzhi|mulx|pdep|pext|rorx|s(ar|hl|hr)x|lzcnt|popcnt|movbe) )'

newer_instructions() { # newer_instructions OBJECT: how many
	objdump -d --no-show-raw-insn "$1" | grep -cE "$newer" || true
}

declare -A count=([any]=0 [2]=0 [3]=0)
for object in "${objects[@]}"; do
	newer_here=$(newer_instructions "$object")
	if [[ $object =~ /mlp_kernels_f(32|64)_([23])\.dir/ ]]; then
		set=${BASH_REMATCH[2]}
		count[$set]=$((count[$set] + newer_here))
	elif ((newer_here > 0)); then
		echo "$newer_here instructions that not every x86-64 has in $object" >&2
		result=1
	else
		count[any]=$((count[any] + 1))
	fi
done
((count[any] > 0 && count[2] > 0 && count[3] > 0)) || {
	echo "found no objects for the baseline, or no kernels for AVX2 or AVX-512" >&2
	result=1
}
echo "${count[any]} objects for the baseline; instructions of AVX2: ${count[2]}, of AVX-512: ${count[3]}"
exit $result
