#!/usr/bin/env bash
# The shared library's name, which goes with MLP_ABI_VERSION (sonames.txt), its file and links, what it needs
# at run time, and its size.
# usage: binary.sh LIBRARY SOURCE_DIR [BLAS_LIBRARY ...]
set -euo pipefail
library=$1 source=$2
shift 2
result=0

if [[ -n $MLP_SANITIZE ]]; then
	echo "skipped: built with -fsanitize=$MLP_SANITIZE"
	exit 77
fi
dynamic() { # dynamic TAG FILE
	objdump -p "$2" | awk -v tag="$1" '$1 == tag { print $2 }'
}

number() { # number VERSION_MAJOR|VERSION_MINOR|VERSION_PATCH|ABI_VERSION
	awk -v name="MLP_$1" '$2 == name { print $3 }' "$source/include/mlp/version.h"
}
soname=libmlp.so.$(number VERSION_MAJOR) # before 1.0 a minor version may break the interface
[[ $soname != libmlp.so.0 ]] || soname+=.$(number VERSION_MINOR)
[[ $(dynamic SONAME "$library") == "$soname" ]] || {
	echo "SONAME is $(dynamic SONAME "$library") instead of $soname" >&2
	result=1
}

release=$(number VERSION_MAJOR).$(number VERSION_MINOR).$(number VERSION_PATCH) folder=$(dirname "$library")
while read -r link target; do
	[[ $(readlink "$folder/$link") == "$target" ]] || {
		echo "$link is no link to $target" >&2
		result=1
	}
done <<<"libmlp.so $soname"$'\n'"$soname libmlp.so.$release"
[[ -f $folder/libmlp.so.$release && ! -L $folder/libmlp.so.$release ]] || {
	echo "libmlp.so.$release is no file" >&2
	result=1
}

# every number of the ABI has a SONAME of its own, and the last are those of today
abi=$(number ABI_VERSION)
awk '$1 != NR || seen[$2]++ { print "sonames.txt, line " NR ": " $0; wrong = 1 } END { exit wrong }' \
	"$source/tests/abi/sonames.txt" >&2 || result=1
[[ $(tail -n 1 "$source/tests/abi/sonames.txt") == "$abi $soname" ]] || {
	echo "MLP_ABI_VERSION is $abi and SONAME $soname; sonames.txt ends with" \
		"$(tail -n 1 "$source/tests/abi/sonames.txt")" >&2
	result=1
}

blas=" "
for path in "$@"; do
	[[ -f $path ]] && blas+="$(dynamic SONAME "$path") "
done
for needed in $(dynamic NEEDED "$library"); do
	case $needed in
	libc.so.* | libm.so.* | libpthread.so.* | libjansson.so.* | libz.so.* | ld-linux*.so.* | libc.musl*) ;;
	*)
		[[ $blas == *" $needed "* ]] || {
			echo "needs $needed" >&2
			result=1
		}
		;;
	esac
done

stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$library"
size=$(stat -c %s "$stripped")
echo "$soname: $size bytes stripped, needs $(dynamic NEEDED "$library" | tr '\n' ' ')"
# every kernel is there once per element type and instruction set: six times on x86-64
((size < 1500000)) || {
	echo "the stripped library must stay under 1500000 bytes" >&2
	result=1
}
exit $result
