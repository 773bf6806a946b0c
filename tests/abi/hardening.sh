#!/usr/bin/env bash
# What cmake/Hardening.cmake asks for is in the library and in the command, as installed.
# usage: hardening.sh BUILD_DIR CONFIGURATION FILE_WITH_OBJECT_PATHS OPTION...
set -euo pipefail
export LC_ALL=C
build=$1 configuration=$2 objects=$3
shift 3
options=" $* "
result=0

skip() {
	echo "skipped: $*"
	exit 77
}
[[ -z $MLP_SANITIZE ]] || skip "built with -fsanitize=$MLP_SANITIZE"
[[ -n $* ]] || skip "built without MLP_HARDENING, or for a system that it knows nothing of"
command -v readelf >/dev/null || skip "no readelf"
[[ -e $build/cmake_install.cmake ]] || skip "built without install rules"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
for component in Runtime Tools; do
	DESTDIR='' cmake --install "$build" --config "$configuration" --component $component --prefix "$stage" >/dev/null
done
mapfile -t libraries < <(find "$stage" -name 'libmlp.so.*' -type f)
mapfile -t programs < <(find "$stage" -path '*/bin/*' -type f)
((${#libraries[@]} == 1)) || {
	echo "${#libraries[@]} libraries are installed" >&2
	exit 1
}

complain() { # complain FILE WHAT
	echo "${1#"$stage"/}: $2" >&2
	result=1
}
has() { # has TEXT PATTERN
	grep -E "$2" <<<"$1" >/dev/null
}

for file in "${libraries[@]}" "${programs[@]}"; do
	segments=$(readelf --program-headers --wide "$file" | sed '/Section to Segment/,$d')
	dynamic=$(readelf --dynamic --wide "$file")
	wanted=$(nm --dynamic --undefined-only "$file")

	has "$segments" '^ *GNU_RELRO ' || complain "$file" "relocations stay writable"
	has "$dynamic" 'BIND_NOW|Flags:.* NOW' || complain "$file" "functions are bound late, to a writable table"
	has "$segments" '^ *GNU_STACK ' || complain "$file" "does not say that its stack is not executable"
	! has "$segments" '^ *GNU_STACK .* RWE ' || complain "$file" "wants an executable stack"
	! has "$segments" '^ *LOAD .* RWE ' || complain "$file" "has a segment to be written and executed"
	! has "$dynamic" 'TEXTREL' || complain "$file" "has relocations in its code"
	if [[ $options == *" -fstack-protector-strong "* ]]; then
		has "$wanted" ' __stack_chk_fail(@|$)' || complain "$file" "stacks are not protected"
	fi
	if [[ $options == *" -D_FORTIFY_SOURCE="* ]]; then
		has "$wanted" ' __[a-z]+_chk(@|$)' || complain "$file" "no call checks the size of what it writes to"
	fi
	# a path from the file itself moves with what is installed
	if paths=$(grep -E '\((RPATH|RUNPATH)\)' <<<"$dynamic") && [[ $paths != *'['"\$ORIGIN/"* || $file == *.so.* ]]; then
		complain "$file" "looks for libraries at $paths"
	fi
done
for file in "${programs[@]}"; do
	has "$(readelf --dynamic --wide "$file")" 'Flags:.* PIE' || complain "$file" "always loads at one address"
done

# what the linker gathers of this depends on the C library's start-up files, so each object is asked
if [[ $options == *" -fcf-protection "* ]]; then
	mapfile -t files <"$objects"
	((${#files[@]} > 0)) || complain "$objects" "no objects"
	for file in "${files[@]}"; do
		has "$(readelf --notes --wide "$file")" 'IBT, SHSTK' || complain "$file" "branches are not protected"
	done
fi

((result != 0)) || echo "checked: ${libraries[*]##*/} ${programs[*]##*/}, built with$options"
exit $result
