# shellcheck shell=bash
# For the scripts that run the tests on another BLAS: one build for the generic libblas.so.3, and choosing what it
# finds under that name.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
libraries=/usr/lib/$(cc -print-multiarch)
# what the library exports, how it installs and how files are read is the same on all of them
same_on_all='^(abi|consumer|tools|torch|fuzz|long)$'
export OMP_WAIT_POLICY=passive # tests run side by side

build_for_all() {
	build providers -DCMAKE_BUILD_TYPE=Release -DMLP_TESTS=ON -DMLP_BENCHMARKS=OFF -DMLP_LONG_TESTS=OFF \
		-DCBLAS_VENDOR=Generic
}

# build_info BUILD ITEM: what the library in build/BUILD says of itself, by the number of the item.
build_info() {
	"$root/build/$1/tests/unit/test_version" 2>/dev/null | sed -n "s/^build info $2: //p"
}

# What the library must take a provider for, and its threads. BLIS's libblas.so.3 keeps to itself what it is.
recognised_as() {
	case $1 in
	openblas-*) echo "OpenBLAS ${1#openblas-}" ;;
	*/libblis.so.*) echo "BLIS unknown" ;;
	*) echo "CBLAS unknown" ;;
	esac
}

# use_provider NAME: from now on what build_for_all built runs on this one; false if it is not installed. NAME/LIBRARY:
# with this library of it before libblas.so.3.
use_provider() {
	local directory=$libraries/${1%%/*} loaded found
	unset LD_PRELOAD
	[[ -e $directory/libblas.so.3 && -e $libraries/$1 ]] || return 1
	export LD_LIBRARY_PATH=$directory
	loaded=$(ldd "$root/build/providers/src/libmlp.so" | awk '$1 ~ /blas|blis/ { print $3 }')
	printf '\n-- %s: %s\n' "$1" "$(tr '\n' ' ' <<<"$loaded")"
	if ! grep -qx "$directory/libblas.so.3" <<<"$loaded" || grep -v "^$directory/" <<<"$loaded"; then
		echo "another BLAS than $1 is loaded" >&2
		exit 1
	fi
	[[ $1 != */* ]] || export LD_PRELOAD=$libraries/$1
	found="$(build_info providers 3) $(build_info providers 6)"
	if [[ $found != "$(recognised_as "$1")" ]]; then
		echo "$1 is taken for $found" >&2
		exit 1
	fi
}

# run_tests BUILD OPTION...: the tests in build/BUILD that a BLAS has a part in.
run_tests() {
	ctest --test-dir "$root/build/$1" --no-tests=error --output-on-failure --parallel "$jobs" \
		--label-exclude "$same_on_all" "${@:2}"
}
