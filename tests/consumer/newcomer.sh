#!/usr/bin/env bash
# What the README tells a new user, word by word. scripts/clean-room runs it as root in a Debian that has nothing
# in it yet, with the sources in ~/libmlp: it installs, and makes a user.
# usage: newcomer.sh [OPTION OF scripts/test...]
set -euo pipefail
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
user=newcomer
prefix=$HOME/.local # the user's

say() {
	printf '\n== %s\n' "$*"
}
fail() {
	echo "newcomer: $*" >&2
	exit 1
}

as_root() {
	cd "$sources"
	say "scripts/demo"
	scripts/demo
	say "a user, who may install nothing"
	apt-get -qq -y --no-install-recommends install g++ man-db >/dev/null # to be had by who writes C++ and reads
	id $user >/dev/null 2>&1 || useradd --create-home $user
	rm -rf /home/$user/libmlp
	cp -R "$sources" /home/$user/libmlp
	rm -rf /home/$user/libmlp/build
	chown -R $user:$user /home/$user/libmlp
	setpriv --reuid=$user --regid=$user --clear-groups \
		/usr/bin/env -i HOME=/home/$user PATH=/usr/local/bin:/usr/bin:/bin TERM=dumb \
		/home/$user/libmlp/tests/consumer/newcomer.sh --user
	if (($# > 0)); then
		say "scripts/test $*"
		scripts/test "$@"
	fi
	say "all is as the README says"
}

# the example of the chapter "A program"
program() {
	awk '/^## /{ inside = $0 == "## A program" }
		/^```/ { block = !block && $0 == "```c"; next }
		inside && block' "$HOME/libmlp/README.md"
}

# expect_xor FILE: what xor prints
expect_xor() {
	[[ $(wc -l <"$1") == 4 ]] || fail "xor prints $(cat "$1")"
	awk '($5 > 0.5) != ($1 != $3) { exit 1 }' "$1" || fail "xor has not learned: $(cat "$1")"
}

libraries() {
	say "Build, install, link"
	cd ~/libmlp
	cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
	cmake --build build --parallel "$(nproc)"
	cmake --install build --prefix "$HOME/.local"

	say "pkg-config"
	mkdir -p ~/app
	cd ~/app
	program >xor.c
	diff xor.c ~/libmlp/examples/xor.c || fail "the README's program is not examples/xor.c"
	cp ~/libmlp/examples/from_cpp.cpp .
	local lib
	lib=$(dirname "$(dirname "$(find "$prefix" -name mlp.pc)")")
	[[ $lib == "$prefix/lib" ]] || say "the library folder is $lib"
	export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib
	# shellcheck disable=SC2046 # as the README has it
	cc xor.c $(pkg-config --cflags --libs mlp) -o xor
	./xor | tee xor.txt
	expect_xor xor.txt
	# shellcheck disable=SC2046
	c++ from_cpp.cpp $(pkg-config --cflags --libs mlp) -o from_cpp
	./from_cpp
	unset PKG_CONFIG_PATH LD_LIBRARY_PATH

	say "find_package"
	cat >CMakeLists.txt <<-'END'
		cmake_minimum_required(VERSION 3.22)
		project(app C CXX)
		find_package(mlp 0.1 REQUIRED)
		add_executable(app xor.c)
		target_link_libraries(app PRIVATE mlp::mlp)
		add_executable(app_cpp from_cpp.cpp)
		target_link_libraries(app_cpp PRIVATE mlp::mlp)
	END
	consume -DCMAKE_PREFIX_PATH="$prefix"

	say "add_subdirectory"
	sed -i 's/^find_package.*/add_subdirectory(libmlp)/' CMakeLists.txt
	cp -R ~/libmlp .
	rm -rf libmlp/build
	consume
}

# consume OPTION...: the caller's project in the present folder
consume() {
	rm -rf build
	cmake -S . -B build "$@" >log && cmake --build build --parallel "$(nproc)" >>log || {
		cat log
		fail "the caller's project does not build"
	}
	build/app | tee xor.txt
	expect_xor xor.txt
	build/app_cpp
}

shell() {
	say "From the shell"
	mkdir -p ~/tables
	cd ~/tables
	export PATH=$HOME/.local/bin:$PATH # and nothing else: the command finds its library
	head -1000 ~/libmlp/examples/data/digits.csv >train.csv
	tail -797 ~/libmlp/examples/data/digits.csv >test.csv
	mlp train train.csv --target 65 --out digits.safetensors --report digits.html
	mlp eval digits.safetensors test.csv | tee eval.txt
	mlp predict digits.safetensors test.csv >answers.csv
	mlp info digits.safetensors
	mlp export digits.safetensors --out digits.c
	cc -O2 -c digits.c
	awk '{ sub(",", "", $3); exit !($2 == "accuracy" && $3 > 0.9) }' eval.txt || fail "digits.csv is not learned"
	[[ $(wc -l <answers.csv) -ge 797 ]] || fail "$(wc -l <answers.csv) predictions for 797 rows"
	[[ -s digits.html ]] || fail "no report"
	man mlp | grep -F -- target >/dev/null || fail "man mlp"
	man 3 mlp | grep mlp_network_create >/dev/null || fail "man 3 mlp"
}

uninstall() {
	say "uninstall"
	xargs rm <~/libmlp/build/install_manifest.txt
	find ~/.local -not -type d | grep . >&2 && fail "these are left" || true
}

if [[ ${1-} == --user ]]; then
	~/libmlp/scripts/bootstrap # has nothing to do, and says nothing
	libraries
	shell
	uninstall
else
	as_root "$@"
fi
