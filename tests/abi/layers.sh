#!/usr/bin/env bash
# The layers of the source: a file calls and includes only its own layer and those below it, and each
# object asks of the system only what its layer may use.
#     5 src/*.c    4 engine/    3 kernels/    2 blas/    1 base/
# usage: layers.sh FILE_WITH_OBJECT_PATHS SOURCE_DIR CBLAS_HEADER
set -euo pipefail
export LC_ALL=C
mapfile -t objects <"$1"
source=$2 cblas_header=$3
result=0

complain() {
	echo "$*" >&2
	result=1
}

layer_of() { # layer_of PATH_BELOW_SRC, into $layer
	case $1 in
	base/*) layer=1 ;;
	blas/* | mlp_cblas_config.h) layer=2 ;;
	kernels/*) layer=3 ;;
	engine/*) layer=4 ;;
	*) layer=5 ;;
	esac
}

# What every object may use: bytes and strings, elementary functions, and what compilers bring in
# by themselves (thread-local storage, stack protection, sanitizers, coverage).
strings='mem(cpy|move|set|cmp)|bcmp|str(len|n?cmp|ncpy|chr|str)'
maths='(a?(sin|cos|tan)h?|sincos|atan2|exp[2m]?1?|log(2|10|1p)?|pow|sqrt|cbrt|hypot|erfc?|fma|fm(ax|in|od)|fabs|copysign|floor|ceil|trunc|rint|nearbyint|l?lround|round|ldexp|frexp|scalbn|remainder)f?'
toolchain='_GLOBAL_OFFSET_TABLE_|__tls_get_addr|__stack_chk_(fail|guard)|__[a-z]+_chk|__(odr_)?(a|ub|t|l)san_.*|__sanitizer_.*|__(gcov|llvm|aarch64|atomic)_.*'
everywhere="$strings|$maths|$toolchain"

allowed() { # allowed PATH_BELOW_SRC, into $allowed: what else this file may use
	allowed=none
	case $1 in
	base/alloc.*) allowed+='|malloc|free|aligned_alloc|posix_memalign|madvise' ;;
	base/affinity.*) allowed+='|sysconf|sched_getaffinity|__sched_cpucount' ;;
	base/bell.*) allowed+='|clock_gettime' ;;
	base/library.*) allowed+='|dl(addr|open|sym|close|error)' ;;
	base/workers.*) allowed+='|sig(fill|del)set' ;;
	base/disk_error.*) allowed+='|(__xpg_)?strerror_r' ;;
	base/disk_file.*) allowed+='|open(64)?|fstat(64)?|__fxstat(64)?|read|close|__errno_location|__error' ;;
	base/replace_file.*)
		allowed+='|readlink|__readlink_chk|[lf]?stat(64)?|__[lf]?xstat(64)?|open(at)?(64)?|write|fchmod|fsync|renameat|unlinkat|close|getpid'
		allowed+='|strrchr|__errno_location|__error'
		;;
	esac
	case $1 in
	file/checksum.* | file/safetensors_*) allowed+='|json_[a-z_]+' ;;
	file/input.*) allowed+='|__errno_location|__error' ;;
	esac
	case $1 in
	file/checksum.*) allowed+='|crc32_z' ;;
	base/* | blas/*) allowed+='|pthread_.*' ;;
	esac
	case $1 in
	blas/*) allowed+='|[a-z0-9_]*(cblas|openblas|bli|omp|MKL)_.*' ;;
	kernels/instructions.c) allowed+='|__cpu_(model|indicator_init)' ;; # of the compiler's library
	esac
}

file_of() { # the source of an object, below src/, into $file
	file=${1#*.dir/}
	file=${file#./}
	file=${file%.o*}
	[[ -e $source/$file ]] || file=${file#*/} # the configuration's name
}

declare -A defined_in harmless
for object in "${objects[@]}"; do
	file_of "$object"
	layer_of "$file"
	while read -r name _; do
		defined_in[$name]=$layer
	done < <(nm --defined-only --extern-only --format=posix "$object")
done

for object in "${objects[@]}"; do
	file_of "$object"
	layer_of "$file"
	allowed "$file"
	while read -r name _; do
		if [[ -n ${defined_in[$name]-} ]]; then
			((${defined_in[$name]} <= layer)) ||
				complain "$file (layer $layer) calls $name of layer ${defined_in[$name]}"
		elif [[ -z ${harmless[$name]-} ]]; then
			if [[ $name =~ ^($everywhere)$ ]]; then
				harmless[$name]=yes
			elif ! [[ $name =~ ^($allowed)$ ]]; then
				complain "$file must not use $name"
			fi
		fi
	done < <(nm --undefined-only --format=posix "$object")
done

count=0
while IFS=: read -r path line; do
	file=${path#"$source"/}
	layer_of "$file"
	own=$layer
	count=$((count + 1))
	case $line in
	*\"*)
		name=${line#*\"}
		name=${name%%\"*}
		layer_of "$name"
		((layer <= own)) || complain "$file (layer $own) includes $name of layer $layer"
		;;
	*\<*)
		name=${line#*<}
		name=${name%%>*}
		case $name,$file in
		mlp/* | stddef.h,* | stdint.h,* | stdbool.h,* | string.h,* | math.h,* | float.h,* | limits.h,*) ;;
		stdlib.h,base/alloc.c | sys/mman.h,base/alloc.c | immintrin.h,kernels/vector.h | pthread.h,base/* | stdatomic.h,base/* | stdatomic.h,engine/* | @CBLAS_HEADER@,blas/* | "$cblas_header",blas/*) ;;
		jansson.h,file/checksum.[ch] | jansson.h,file/safetensors_*.[ch] | zlib.h,file/checksum.c) ;;
		errno.h,base/disk_error.h | errno.h,file/input.c | stdio.h,base/replace_file.c) ;;
		fcntl.h,base/disk_file.c | sys/stat.h,base/disk_file.c | unistd.h,base/disk_file.c) ;;
		fcntl.h,base/replace_file.c | sys/stat.h,base/replace_file.c | unistd.h,base/replace_file.c) ;;
		sched.h,base/affinity.c | unistd.h,base/affinity.c | time.h,base/bell.c) ;;
		dlfcn.h,base/library.c | signal.h,base/workers.c | xmmintrin.h,base/float_mode.h) ;;
		*) complain "$file must not include <$name>" ;;
		esac
		;;
	esac
done < <(grep -rE --include='*.[ch]' --include='*.h.in' '^#[[:space:]]*include' "$source")
((count > 0 && ${#objects[@]} > 0)) || complain "found no includes or no objects"

echo "${#objects[@]} objects, $count includes"
exit $result
