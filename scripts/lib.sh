# shellcheck shell=bash
# For the other scripts: where the project is, and building it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(getconf _NPROCESSORS_ONLN)

# build NAME OPTION...: configure with these options in build/NAME, and build.
build() {
	if [[ -z ${CMAKE_GENERATOR-} ]] && command -v ninja >/dev/null; then
		export CMAKE_GENERATOR=Ninja
	fi
	cmake -S "$root" -B "$root/build/$1" "${@:2}"
	cmake --build "$root/build/$1" --parallel "$jobs"
}
