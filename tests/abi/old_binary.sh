#!/usr/bin/env bash
# Programs built with an earlier library, header and all, run with the library of today put in its place. Earlier
# is the last release (tag v*), or the commit named in MLP_ABI_BASELINE.
# usage: [MLP_ABI_BASELINE=COMMIT] old_binary.sh LIBRARY SOURCE_DIR WORK_DIR
set -euo pipefail
library=$1 source=$2 work=$3

skip() {
	echo "skipped: $*"
	exit 77
}
[[ -z ${MLP_SANITIZE-} ]] || skip "built with -fsanitize=$MLP_SANITIZE"
git -C "$source" rev-parse --git-dir >/dev/null 2>&1 || skip "no git repository, so no earlier library"
baseline=${MLP_ABI_BASELINE-$(git -C "$source" describe --tags --abbrev=0 --match 'v*' 2>/dev/null)} ||
	skip "no release yet (a tag v*); MLP_ABI_BASELINE=COMMIT names another one"

rm -rf "$work"
mkdir -p "$work/source"
git -C "$source" archive "$baseline" | tar -x -C "$work/source"
abi() {
	awk '$2 == "MLP_ABI_VERSION" { print $3 }' "$1/include/mlp/version.h"
}
[[ $(abi "$work/source") == "$(abi "$source")" ]] || skip "$baseline is of another ABI"
# not optimized: its programs matter here, not how fast that library is
cmake -S "$work/source" -B "$work/build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0 -DMLP_BENCHMARKS=OFF \
	>"$work/log"
cmake --build "$work/build" --parallel 2 --target mlp mlp-command >>"$work/log"

old=$work/build/src
programs=()
for program in "$work"/source/tests/consumer/project/consumer.c "$work"/source/tests/abi/old/*/program.c \
	"$work"/source/examples/{xor,custom_loss,sensitivities}.c; do
	[[ -e $program ]] || continue
	name=${program#"$work/source/"}
	name=$work/${name//\//_}
	"${CC:-cc}" -std=c11 -I "$work/source/include" "$program" -o "${name%.c}" -L "$old" -lmlp -lm
	programs+=("${name%.c}")
done
new=$work/new
mkdir "$new"
cp -P "$(dirname "$library")"/libmlp.so* "$new"
for program in "${programs[@]}"; do
	name=${program##*/}
	(cd "$work" && LD_LIBRARY_PATH=$old "$program") >"$work/$name.before" 2>&1 ||
		skip "$name of $baseline does not run with its own library"
	(cd "$work" && LD_LIBRARY_PATH=$new "$program") >"$work/$name.after" 2>&1 || {
		cat "$work/$name.after"
		echo "$name of $baseline fails with the library of today" >&2
		exit 1
	}
	echo "$name runs"
done

# the command, a larger program: a model trained with the library of today
printf 'x,y\n' >"$work/line.csv"
for i in {1..40}; do
	echo "$i,$((2 * i + 1))" >>"$work/line.csv"
done
command=$work/build/tools/mlp
LD_LIBRARY_PATH=$new "$command" train "$work/line.csv" --target y --out "$work/line.safetensors" --epochs 3 --quiet
LD_LIBRARY_PATH=$new "$command" predict "$work/line.safetensors" "$work/line.csv" >"$work/predicted"
[[ $(LD_LIBRARY_PATH=$new ldd "$command") == *" $new/libmlp.so."* ]] || {
	echo "the command does not take the library of today" >&2
	exit 1
}
echo "the command of $baseline runs"
rm -rf "$work"
