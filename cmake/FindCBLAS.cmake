# Finds a CBLAS: header and library, verified to compile and link together.
#
# CMake's own FindBLAS looks for the Fortran interface only. Set before, all optional:
#   CBLAS_VENDOR     OpenBLAS (default), Generic (libblas), BLIS, MKL or Custom
#   CBLAS_LIBRARIES  the libraries themselves, full paths or names; needed for Custom
#   CBLAS_INCLUDE_DIR, CBLAS_HEADER   where the header is, and its name
#   CBLAS_PREFIX, CBLAS_SUFFIX        around every symbol: scipy_ for scipy_cblas_sgemm
#
# Gives CBLAS_FOUND, the target CBLAS::CBLAS, CBLAS_INTEGER_BITS and the variables above.

set(CBLAS_VENDOR "OpenBLAS" CACHE STRING "CBLAS: OpenBLAS, Generic, BLIS, MKL or Custom")
set_property(CACHE CBLAS_VENDOR PROPERTY STRINGS OpenBLAS Generic BLIS MKL Custom)
set(CBLAS_LIBRARIES "" CACHE STRING "Libraries of the CBLAS; empty: those of CBLAS_VENDOR")
set(CBLAS_PREFIX "" CACHE STRING "Prefix of the CBLAS's symbols, such as scipy_")
set(CBLAS_SUFFIX "" CACHE STRING "Suffix of the CBLAS's symbols, such as 64_")

set(_names_OpenBLAS openblas)
set(_names_Generic blas)
set(_names_BLIS blis)
set(_names_MKL mkl_rt)
if(NOT CBLAS_VENDOR MATCHES "^(OpenBLAS|Generic|BLIS|MKL|Custom)$")
  message(FATAL_ERROR "CBLAS_VENDOR is '${CBLAS_VENDOR}'; "
                      "must be OpenBLAS, Generic, BLIS, MKL or Custom")
endif()

if(CBLAS_VENDOR STREQUAL "MKL")
  set(CBLAS_HEADER "mkl_cblas.h" CACHE STRING "Header of the CBLAS")
else()
  set(CBLAS_HEADER "cblas.h" CACHE STRING "Header of the CBLAS")
endif()
# What was found for one vendor must not serve another.
if(DEFINED CBLAS_FOUND_FOR AND NOT CBLAS_FOUND_FOR STREQUAL CBLAS_VENDOR
   AND CBLAS_INCLUDE_DIR STREQUAL CBLAS_FOUND_INCLUDE_DIR)
  unset(CBLAS_INCLUDE_DIR CACHE)
endif()
# Debian keeps each provider's header in a folder named after its flavour, with alternatives beside
# the other headers.
string(TOLOWER "${CBLAS_VENDOR}" _directory)
find_path(CBLAS_INCLUDE_DIR NAMES ${CBLAS_HEADER} PATH_SUFFIXES
  ${_directory} ${_directory}-pthread ${_directory}-openmp ${_directory}-serial)
set(CBLAS_FOUND_FOR "${CBLAS_VENDOR}" CACHE INTERNAL "")
set(CBLAS_FOUND_INCLUDE_DIR "${CBLAS_INCLUDE_DIR}" CACHE INTERNAL "")

if(CBLAS_LIBRARIES)
  set(_cblas_libraries ${CBLAS_LIBRARIES})
elseif(NOT CBLAS_VENDOR STREQUAL "Custom")
  find_library(CBLAS_${CBLAS_VENDOR}_LIBRARY NAMES ${_names_${CBLAS_VENDOR}})
  mark_as_advanced(CBLAS_${CBLAS_VENDOR}_LIBRARY)
  if(CBLAS_${CBLAS_VENDOR}_LIBRARY)
    set(_cblas_libraries ${CBLAS_${CBLAS_VENDOR}_LIBRARY})
  endif()
endif()

# The header must declare what the library defines, under the same names. A project without C, as
# the installed package may meet, must do without this check.
get_property(_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
if(NOT "C" IN_LIST _languages)
  set(_key unchecked)
  set(CBLAS_WORKS_${_key} TRUE)
elseif(CBLAS_INCLUDE_DIR AND _cblas_libraries)
  include(CheckCSourceCompiles)
  include(CMakePushCheckState)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_QUIET ${CBLAS_FIND_QUIETLY})
  set(CMAKE_REQUIRED_INCLUDES ${CBLAS_INCLUDE_DIR})
  set(CMAKE_REQUIRED_LIBRARIES ${_cblas_libraries})
  set(_call "${CBLAS_PREFIX}cblas_")
  string(SHA1 _key "${CBLAS_INCLUDE_DIR}${CBLAS_HEADER}${_cblas_libraries}${_call}${CBLAS_SUFFIX}")
  string(SUBSTRING ${_key} 0 8 _key)
  check_c_source_compiles("
    #include <${CBLAS_HEADER}>
    int main(void) {
      float a[1] = {2}, c[1] = {0}; double d[1] = {2}, e[1] = {0};
      enum CBLAS_TRANSPOSE no = CblasNoTrans;
      ${_call}sgemm${CBLAS_SUFFIX}(CblasRowMajor, no, no, 1, 1, 1, 1, a, 1, a, 1, 1, c, 1);
      ${_call}dgemv${CBLAS_SUFFIX}(CblasRowMajor, no, 1, 1, 1, d, 1, d, 1, 1, e, 1);
      ${_call}dger${CBLAS_SUFFIX}(CblasRowMajor, 1, 1, 1, d, 1, d, 1, e, 1);
      ${_call}saxpy${CBLAS_SUFFIX}(1, 1, a, 1, c, 1);
      return c[0] > 0 ? 0 : 1;
    }" CBLAS_WORKS_${_key})
  check_c_source_compiles("
    #include <${CBLAS_HEADER}>
    int main(void) {
      /* compiles only if the integers of the prototype are not int */
      _Static_assert(_Generic(&${_call}sdot${CBLAS_SUFFIX},
        float (*)(int, const float *, int, const float *, int) : 4, default : 8) == 8, \"\");
      return 0;
    }" CBLAS_INTEGER_64_${_key})
  cmake_pop_check_state()
  if(CBLAS_INTEGER_64_${_key})
    set(CBLAS_INTEGER_BITS 64)
  else()
    set(CBLAS_INTEGER_BITS 32)
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CBLAS
  REQUIRED_VARS _cblas_libraries CBLAS_INCLUDE_DIR CBLAS_WORKS_${_key}
  REASON_FAILURE_MESSAGE "no usable ${CBLAS_VENDOR} CBLAS. Install libopenblas-dev (Debian, \
Ubuntu), or name another one by -DCBLAS_VENDOR=..., -DCBLAS_LIBRARIES=..., -DCBLAS_INCLUDE_DIR=...")
mark_as_advanced(CBLAS_INCLUDE_DIR)

if(CBLAS_FOUND AND NOT TARGET CBLAS::CBLAS)
  set(CBLAS_LIBRARIES ${_cblas_libraries})
  add_library(CBLAS::CBLAS INTERFACE IMPORTED)
  set_target_properties(CBLAS::CBLAS PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${CBLAS_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${_cblas_libraries}")
  # libmlp refers to OpenBLAS's own functions weakly, which takes nothing from an archive.
  set(CBLAS_HOOKS "")
  if("${_cblas_libraries}" MATCHES "openblas")
    foreach(_name get_parallel get_config set_num_threads get_num_threads)
      list(APPEND CBLAS_HOOKS "${CBLAS_PREFIX}openblas_${_name}${CBLAS_SUFFIX}")
    endforeach()
  endif()
  if("${_cblas_libraries}" MATCHES "openblas[^;]*\\.a(;|$)")
    list(TRANSFORM CBLAS_HOOKS PREPEND "LINKER:-u," OUTPUT_VARIABLE _options)
    set_property(TARGET CBLAS::CBLAS APPEND PROPERTY INTERFACE_LINK_OPTIONS ${_options})
  endif()
endif()
