# What makes a mistake in memory harder to use, as far as the compiler has it: mlp_harden(TARGET), and
# mlp_harden_kernels(TARGET), for kernels: only what costs no time there.

option(MLP_HARDENING "Protect stack, bounds, jumps and relocations of what is built" ON)

set(MLP_HARDENING_OPTIONS "")
set(MLP_HARDENING_KERNEL_OPTIONS "")
set(MLP_HARDENING_LINK_OPTIONS "")

# sanitizers see more, and do not look through the calls that FORTIFY puts in place of others
if(MLP_HARDENING AND NOT MLP_SANITIZE AND NOT APPLE AND NOT WIN32)
  include(CheckCCompilerFlag)
  include(CheckCSourceCompiles)
  include(CheckLinkerFlag)
  include(CheckPIESupported)
  include(CMakePushCheckState)

  set(_branches -fcf-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(_branches -mbranch-protection=standard)
  endif()
  foreach(_option -fstack-protector-strong -fstack-clash-protection ${_branches})
    string(MAKE_C_IDENTIFIER "MLP_COMPILER_HAS${_option}" _has)
    check_c_compiler_flag(${_option} ${_has})
    if(${_has})
      list(APPEND MLP_HARDENING_OPTIONS ${_option})
      if(NOT _option STREQUAL "-fstack-protector-strong")
        list(APPEND MLP_HARDENING_KERNEL_OPTIONS ${_option})
      endif()
    endif()
  endforeach()
  foreach(_option -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
    string(MAKE_C_IDENTIFIER "MLP_LINKER_HAS${_option}" _has)
    check_linker_flag(C ${_option} ${_has})
    if(${_has})
      list(APPEND MLP_HARDENING_LINK_OPTIONS ${_option})
    endif()
  endforeach()
  check_pie_supported(LANGUAGES C) # and has CMake link with -pie

  # FORTIFY needs an optimiser, and stays as it is where the distribution's compiler or the user chose
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_FLAGS -O2)
  check_c_source_compiles("
    #ifdef _FORTIFY_SOURCE
    #error chosen already
    #endif
    int main(void) { return 0; }" MLP_FORTIFY_IS_OPEN)
  set(CMAKE_REQUIRED_DEFINITIONS -D_FORTIFY_SOURCE=3)
  check_c_source_compiles("
    #include <string.h>
    #if !defined __USE_FORTIFY_LEVEL || __USE_FORTIFY_LEVEL < 3
    #error no such level here
    #endif
    int main(void) { return 0; }" MLP_FORTIFY_HAS_3)
  cmake_pop_check_state()
  set(_level $<IF:$<BOOL:${MLP_FORTIFY_HAS_3}>,3,2>)
  foreach(_configuration RELEASE RELWITHDEBINFO MINSIZEREL)
    set(_flags "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${_configuration}} ")
    if(MLP_FORTIFY_IS_OPEN AND _flags MATCHES "-O([1-3sz]|fast)? " AND NOT _flags MATCHES "_FORTIFY_SOURCE|-O0 ")
      list(APPEND MLP_HARDENING_OPTIONS $<$<CONFIG:${_configuration}>:-D_FORTIFY_SOURCE=${_level}>)
    endif()
  endforeach()
endif()

function(mlp_harden target)
  target_compile_options(${target} PRIVATE ${MLP_HARDENING_OPTIONS})
  get_target_property(_type ${target} TYPE)
  if(_type MATCHES "^(SHARED_LIBRARY|EXECUTABLE)$")
    target_link_options(${target} PRIVATE ${MLP_HARDENING_LINK_OPTIONS})
  endif()
  if(MLP_HARDENING_OPTIONS)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
endfunction()

# Their few arrays are of fixed size, and filled by loops beside them. A guard there costs steps of small nets 1 %, and
# memcpy, which loads and stores vectors, makes a tenth more code with Clang in FORTIFY's wrapper.
function(mlp_harden_kernels target)
  target_compile_options(${target} PRIVATE ${MLP_HARDENING_KERNEL_OPTIONS})
endfunction()
