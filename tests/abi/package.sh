#!/usr/bin/env bash
# The Debian packages: built twice, in folders of different names and without a compiler cache, they are the
# same byte for byte. Unpacked into a root of their own, they serve a C and a C++ program by pkg-config and by
# CMake, and the command runs; dependencies follow from the symbols; lintian has nothing to say.
# usage: package.sh SOURCE_DIR WORK_DIR
set -euo pipefail
source=$1 work=$2

[[ -z ${MLP_SANITIZE-} ]] || {
	echo "skipped: built with -fsanitize=$MLP_SANITIZE"
	exit 77
}
for tool in dpkg-deb dpkg-shlibdeps; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool (dpkg, dpkg-dev)"
		exit 77
	}
done
fail() {
	echo "$*" >&2
	exit 1
}
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
rm -rf "$work"
mkdir -p "$work"
export SOURCE_DATE_EPOCH=1767225600 CCACHE_DISABLE=1

for copy in a another/folder; do
	mkdir -p "$work/$copy"
	tar -C "$source" --exclude=./build --exclude=./.git -cf - . | tar -C "$work/$copy" -xf -
done
for copy in a another/folder; do
	"$work/$copy/scripts/package" >"$work/log" 2>&1 || {
		tail -n 40 "$work/log"
		fail "scripts/package fails in $copy"
	}
done
for file in src/libmlp.so tools/mlp package/packages/{libmlp0,libmlp-dev_,mlp-tools_}*.deb; do
	for first in "$work"/a/build/package/$file; do
		cmp "$first" "$work/another/folder/build/package/${first#"$work"/a/build/package/}" ||
			fail "built in another folder, $file differs"
	done
done
echo "two builds are the same"

packages=("$work"/a/build/package/package/packages/*.deb)
[[ ${#packages[@]} == 3 ]] || fail "packages: ${packages[*]}"
root=$work/root
for package in "${packages[@]}"; do
	dpkg-deb -x "$package" "$root"
done
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/$multiarch/pkgconfig
export LD_LIBRARY_PATH=$root/usr/lib/$multiarch
project=$source/tests/consumer/project

read -ra flags <<<"$(pkg-config --cflags --libs mlp)"
[[ " ${flags[*]} " == *" -I$root/usr/include "* ]] || fail "pkg-config says ${flags[*]}"
"${CC:-cc}" "$project/consumer.c" "${flags[@]}" -o "$work/consumer"
"${CXX:-c++}" "$project/consumer.cpp" "${flags[@]}" -o "$work/consumer_cpp"
cmake -S "$project" -B "$work/cmake" "-DCONSUMER_LANGUAGES=C;CXX" -DCONSUMER_TARGET=mlp::mlp \
	"-DCMAKE_PREFIX_PATH=$root/usr" >"$work/log"
cmake --build "$work/cmake" >>"$work/log"
for program in "$work"/consumer "$work"/consumer_cpp "$work"/cmake/consumer_{C,CXX}; do
	[[ $(ldd "$program") == *" $root/usr/lib/$multiarch/libmlp.so."* ]] || fail "$program runs on another libmlp"
	"$program"
done
[[ $("$root/usr/bin/mlp" --version) == "mlp "* ]] || fail "mlp --version says $("$root/usr/bin/mlp" --version)"
"$root/usr/bin/mlp" --version | head -n 1

# who links libmlp depends on the release that has what he calls
dpkg-deb -R "$work"/a/build/package/package/packages/libmlp0*.deb "$work/unpacked"
mkdir -p "$work/depends/debian"
printf 'Source: consumer\n\nPackage: consumer\nArchitecture: any\n' >"$work/depends/debian/control"
depends=$(cd "$work/depends" && dpkg-shlibdeps -O "-S$work/unpacked" "-l$work/unpacked/usr/lib/$multiarch" -e"$work/consumer")
[[ $depends =~ libmlp0[.0-9]*\ \(\>=\ 0\.1\) ]] || fail "dpkg-shlibdeps says $depends"
echo "$depends"

if command -v lintian >/dev/null; then
	as_root=()
	((EUID != 0)) || as_root=(--allow-root)
	lintian --fail-on error,warning -I "${as_root[@]}" "${packages[@]}"
else
	echo "lintian is not here"
fi
rm -rf "$work"
