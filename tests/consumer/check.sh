#!/usr/bin/env bash
# One way of using libmlp, tried by the programs in project/; tests/consumer/CMakeLists.txt sets the
# environment.
# usage: check.sh WAY
set -euo pipefail
way=$1
stage=$WORK/stage
here=$SOURCE/tests/consumer/project
own=$WORK/$way

fail() {
	echo "$way: $*" >&2
	exit 1
}

if [[ -n $MLP_SANITIZE ]]; then
	echo "skipped: callers would have to be built with -fsanitize=$MLP_SANITIZE too"
	exit 77
fi
unset PKG_CONFIG_PATH DESTDIR CFLAGS CXXFLAGS LDFLAGS

# run PROGRAM [LIBRARY_DIRECTORY]
run() {
	LD_LIBRARY_PATH=${2-}$BLAS_DIRECTORIES:${LD_LIBRARY_PATH-} "$1"
}

needed() {
	objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }'
}

# A caller of the shared library links libmlp, and no BLAS.
check_links_shared() {
	local names
	names=$(needed "$1")
	grep '^libmlp' <<<"$names" >/dev/null || fail "$1 does not link libmlp.so"
	! grep -iE 'blas|blis|mkl' <<<"$names" || fail "$1 links a BLAS of its own"
}
check_links_static() {
	local names
	names=$(needed "$1")
	! grep '^libmlp' <<<"$names" || fail "$1 links libmlp.so"
}

# Only libmlp's own .pc file is to be seen: none of a BLAS.
pkg_config() {
	PKG_CONFIG_LIBDIR=$1/$LIBDIR/pkgconfig pkg-config "${@:2}" mlp
}

# build_by_pkg_config PREFIX KIND OPTION...
build_by_pkg_config() {
	local prefix=$1 kind=$2
	local -a flags
	eval "flags=($(pkg_config "$prefix" --cflags --libs "${@:3}"))" # printed for a shell to read
	echo "pkg-config ${*:3}: ${flags[*]}"
	export LD_LIBRARY_PATH=${BLAS_DIRECTORIES#:}:${LD_LIBRARY_PATH-} # for the linker
	"$CC" "$here/consumer.c" -o "$own/c" "${flags[@]}"
	"$CXX" -std=c++11 "$here/consumer.cpp" -o "$own/cpp" "${flags[@]}"
	for program in "$own/c" "$own/cpp"; do
		"check_links_$kind" "$program"
		run "$program" "$prefix/$LIBDIR"
	done
}

# configure LANGUAGES TARGET OPTION...
configure() {
	LD_LIBRARY_PATH=${BLAS_DIRECTORIES#:}:${LD_LIBRARY_PATH-} \
		"$CMAKE" -S "$here" -B "$own/build" -G "$GENERATOR" "-DCMAKE_C_COMPILER=$CC" \
		"-DCMAKE_CXX_COMPILER=$CXX" "-DCONSUMER_LANGUAGES=$1" "-DCONSUMER_TARGET=$2" "${@:3}" 2>&1
}

# build_by_cmake KIND LANGUAGES TARGET OPTION...
build_by_cmake() {
	local kind=$1 language
	rm -rf "$own/build"
	configure "${@:2}" >"$own/log" || {
		cat "$own/log"
		fail "configuring failed"
	}
	LD_LIBRARY_PATH=${BLAS_DIRECTORIES#:}:${LD_LIBRARY_PATH-} \
		"$CMAKE" --build "$own/build" --parallel 2 >"$own/log" 2>&1 || {
		cat "$own/log"
		fail "building failed"
	}
	for language in ${2//;/ }; do
		"check_links_$kind" "$own/build/consumer_$language"
		run "$own/build/consumer_$language"
	done
}

add_subdirectory() { # add_subdirectory KIND TARGET OPTION...
	local -a settings
	read -ra settings <<<"$BLAS_SETTINGS"
	build_by_cmake "$1" "C;CXX" "$2" "-DCONSUMER_SOURCE=$SOURCE" "${settings[@]}" "${@:3}"
	for option in TESTS BENCHMARKS INSTALL; do
		grep -q "^MLP_$option:BOOL=OFF" "$own/build/CMakeCache.txt" || fail "MLP_$option is not OFF"
	done
	grep -q '^CMAKE_BUILD_TYPE:[A-Z]*=$' "$own/build/CMakeCache.txt" ||
		fail "the caller's CMAKE_BUILD_TYPE was changed"
	"$CMAKE" --install "$own/build" --prefix "$own/nothing" >/dev/null
	[[ ! -e $own/nothing ]] || fail "installs: $(find "$own/nothing")"
}

rm -rf "$own"
mkdir -p "$own"

case $way in
install)
	rm -rf "$stage"
	"$CMAKE" --install "$BUILD" --prefix "$stage"
	for file in "$LIBDIR"/{libmlp.so,libmlp.so."$VERSION",pkgconfig/mlp.pc} include/mlp/{mlp,version}.h \
		"$LIBDIR"/cmake/mlp/mlpConfig{,Version}.cmake; do
		[[ -e $stage/$file ]] || fail "$file is missing"
	done
	"$CMAKE" --install "$BUILD" --prefix "$own/runtime" --component Runtime
	unexpected=$(cd "$own/runtime" && find . -not -type d | grep -vE '/libmlp\.so\.[0-9.]+$|^\./bin/') ||
		true
	[[ -z $unexpected ]] || fail "component Runtime has $unexpected"
	! grep -rF -e "$SOURCE" -e "$BUILD" "$stage" --include='*.pc' --include='*.cmake' ||
		fail "the installed files name the build tree"
	;;
pkg_config)
	[[ $(pkg_config "$stage" --modversion) == "$VERSION" ]] || fail "wrong version"
	build_by_pkg_config "$stage" shared
	;;
pkg_config_static) # the linker takes libmlp.a only where there is no libmlp.so
	cp -R "$stage" "$own/stage"
	rm "$own/stage/$LIBDIR"/libmlp.so*
	build_by_pkg_config "$own/stage" static --static
	# and altogether static, where OpenBLAS has an archive: it is recognised there too
	eval "flags=($(pkg_config "$own/stage" --cflags --libs --static))"
	if [[ " ${flags[*]} " == *" -lopenblas "* && $("$CC" -print-file-name=libopenblas.a) == /* ]]; then
		"$CC" -static "$here/consumer.c" -o "$own/all_static" "${flags[@]}"
		"$own/all_static" | tee /dev/stderr | grep ' on OpenBLAS (' >/dev/null ||
			fail "a static OpenBLAS is not recognised"
	fi
	;;
find_package)
	build_by_cmake shared C mlp::mlp "-DCMAKE_PREFIX_PATH=$stage"
	build_by_cmake shared CXX mlp::mlp "-DCMAKE_PREFIX_PATH=$stage" "-DCONSUMER_VERSION=${VERSION%.*}"
	IFS=. read -r major minor _ <<<"$VERSION"
	for version in $major.$((minor + 1)) $((major + 1)).0; do
		! configure C mlp::mlp "-DCMAKE_PREFIX_PATH=$stage" "-DCONSUMER_VERSION=$version" \
			>/dev/null || fail "$VERSION passes for $version"
	done
	;;
find_package_static)
	build_by_cmake static C mlp::mlp_static "-DCMAKE_PREFIX_PATH=$stage"
	configure C mlp::mlp_static >/dev/null || fail "configuring a second time fails"
	build_by_cmake static CXX mlp::mlp_static "-DCMAKE_PREFIX_PATH=$stage"
	build_by_cmake shared C mlp::mlp "-DCMAKE_PREFIX_PATH=$stage"
	;;
static_openblas) # its hooks are members of an archive that nothing else asks for
	tested=()
	for flavour in serial pthread; do # OpenMP's archive wants a compiler's option as well
		archive=$OPENBLAS_ARCHIVES/openblas-$flavour/libopenblas.a
		[[ -e $archive ]] || continue
		build_by_cmake static C "$LIBMLP_ARCHIVE" "-DCONSUMER_MODULES=$SOURCE/cmake" \
			"-DCONSUMER_INCLUDE=$SOURCE/include" "-DCBLAS_LIBRARIES=$archive" | tee "$own/output"
		grep -F " on OpenBLAS ($flavour): " "$own/output" >/dev/null ||
			fail "a static OpenBLAS of flavour $flavour is not recognised"
		tested+=("$flavour")
	done
	if ((${#tested[@]} == 0)); then
		echo "skipped: no libopenblas.a in $OPENBLAS_ARCHIVES/openblas-serial or -pthread"
		exit 77
	fi
	echo "flavours tested: ${tested[*]}"
	;;
moved)
	mkdir -p "$own/else/where"
	cp -R "$stage" "$own/else/where/prefix"
	build_by_pkg_config "$own/else/where/prefix" shared
	build_by_cmake shared C mlp::mlp "-DCMAKE_PREFIX_PATH=$own/else/where/prefix"
	! grep -rF "$stage" "$own/else/where/prefix" --include='*.pc' --include='*.cmake' ||
		fail "the installed files name their prefix"
	;;
add_subdirectory) add_subdirectory shared mlp::mlp ;;
add_subdirectory_static) add_subdirectory static mlp::mlp_static -DMLP_STATIC=ON ;;
*) fail "no such way" ;;
esac
