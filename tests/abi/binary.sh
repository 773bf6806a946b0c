#!/usr/bin/env bash
# The shared library's name, what it needs at run time, and its size.
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

number() { # number MAJOR|MINOR
	awk -v name="MLP_VERSION_$1" '$2 == name { print $3 }' "$source/include/mlp/version.h"
}
soname=libmlp.so.$(number MAJOR) # before 1.0 a minor version may break the interface
[[ $soname != libmlp.so.0 ]] || soname+=.$(number MINOR)
[[ $(dynamic SONAME "$library") == "$soname" ]] || {
	echo "SONAME is $(dynamic SONAME "$library") instead of $soname" >&2
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
