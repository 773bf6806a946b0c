# Debian packages by CPack: libmlp0.1 (named after the SONAME), libmlp-dev and mlp-tools. For scripts/package,
# which configures for /usr and the BLAS that the user chooses as libblas.so.3.

set(MLP_PACKAGE_MAINTAINER "libmlp authors <maintainers@libmlp.example>" CACHE STRING
  "Maintainer of the Debian packages, Name <address>")
set(MLP_PACKAGE_DATE "@0" CACHE STRING "When they were made, @ and seconds since 1970, for the changelog")
set(_package ${PROJECT_BINARY_DIR}/package)

if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(_runtime libmlp${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
  set(_runtime libmlp${PROJECT_VERSION_MAJOR})
endif()
set(_names ${_runtime} libmlp-dev mlp-tools)
set(_components Runtime Development Tools)

# /usr/share/doc and what lintian has been answered
execute_process(COMMAND date -u -R -d "${MLP_PACKAGE_DATE}" OUTPUT_VARIABLE _date
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${_package}/changelog "libmlp (${PROJECT_VERSION}-1) unstable; urgency=medium

  * Release ${PROJECT_VERSION}; see changelog.gz.

 -- ${MLP_PACKAGE_MAINTAINER}  ${_date}
")
file(READ ${PROJECT_SOURCE_DIR}/LICENSE _licence)
string(REGEX REPLACE "^MIT License\n\nCopyright[^\n]*\n\n" "" _licence "${_licence}")
string(REGEX REPLACE "\n+$" "" _licence "${_licence}")
string(REPLACE "\n\n" "\n.\n" _licence "${_licence}")
string(REPLACE "\n" "\n " _licence "${_licence}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/debian/copyright.in ${_package}/copyright @ONLY)
find_program(GZIP gzip REQUIRED)
foreach(_pair changelog=changelog.Debian.gz CHANGELOG.md=changelog.gz)
  string(REPLACE "=" ";" _pair ${_pair})
  list(GET _pair 0 _from)
  list(GET _pair 1 _to)
  if(_from STREQUAL "CHANGELOG.md")
    set(_from ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
  else()
    set(_from ${_package}/${_from})
  endif()
  execute_process(COMMAND ${GZIP} -9nc ${_from} OUTPUT_FILE ${_package}/${_to} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(_component _name IN ZIP_LISTS _components _names)
  install(FILES ${_package}/copyright ${_package}/changelog.Debian.gz ${_package}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${_name} COMPONENT ${_component})
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/debian/lintian-overrides RENAME ${_name}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${_component})
endforeach()

# what other packages' dependencies are made from: every symbol with the release that it came with
file(STRINGS ${PROJECT_SOURCE_DIR}/tests/abi/symbols.txt _symbols)
file(STRINGS ${PROJECT_SOURCE_DIR}/src/mlp.map _nodes REGEX "^MLP_")
set(_lines "")
foreach(_node IN LISTS _nodes)
  string(REGEX MATCH "^MLP_([0-9.]+)" _ "${_node}")
  string(APPEND _lines " MLP_${CMAKE_MATCH_1}@MLP_${CMAKE_MATCH_1} ${CMAKE_MATCH_1}\n")
endforeach()
foreach(_symbol IN LISTS _symbols)
  string(REGEX REPLACE "^([^ ]+) (.+)$" " \\1@MLP_\\2 \\2\n" _symbol "${_symbol}")
  string(APPEND _lines "${_symbol}")
endforeach()
string(REGEX REPLACE "^libmlp" "libmlp.so." _soname ${_runtime})
file(WRITE ${_package}/symbols "${_soname} ${_runtime} #MINVER#\n* Build-Depends-Package: libmlp-dev\n${_lines}")
file(WRITE ${_package}/triggers "activate-noawait ldconfig\n")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libmlp)
set(CPACK_PACKAGE_VENDOR "libmlp")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${_components})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_OUTPUT_FILE_PREFIX ${_package}/packages)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/control.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${MLP_PACKAGE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_SOURCE libmlp)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/src)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${_runtime})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${_package}/symbols ${_package}/triggers)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "libopenblas0") # every BLAS serves, a plain one slowly
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "multilayer perceptrons on BLAS, shared library
libmlp trains and runs multilayer perceptrons: networks of dense layers, in
single and double precision. It computes forward and backward passes,
derivatives with respect to parameters and inputs, and updates by several
optimizers, and reads and writes models in the safetensors format.
.
This package has the shared library. It runs on any BLAS that is chosen as
libblas.so.3, best on OpenBLAS.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libmlp-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${_runtime} (= ${PROJECT_VERSION}-1)")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "pkg-config, cmake")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "multilayer perceptrons on BLAS, headers
libmlp trains and runs multilayer perceptrons: networks of dense layers, in
single and double precision, from C, C++ and whatever else calls C.
.
This package has what programs that use the library are compiled with: the
headers, which are the manual, and files for pkg-config and CMake.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME mlp-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION math)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${_runtime} (>= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "multilayer perceptrons on BLAS, command
The mlp command learns from a table of numbers and words to predict one of
its columns, or several, and keeps what it has learned in a file. It reads
CSV, NumPy, IDX and FANN files, stops in time, says how good the result is on
rows that it has not seen, and exports a network as one C file.
.
This package has the command, its manual page, and completion for bash, zsh
and fish.")

include(CPack)
