# What `cmake --install` puts where: component Runtime is what programs need to run, Development
# what it takes to build them, Tools (see tools/CMakeLists.txt) the mlp command with its manual page and
# completion.

include(CMakePackageConfigHelpers)
set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/mlp)

install(TARGETS mlp EXPORT mlpTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT Runtime
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Runtime NAMELINK_COMPONENT Development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Development)
install(EXPORT mlpTargets NAMESPACE mlp:: DESTINATION ${_package} COMPONENT Development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/mlp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT Development FILES_MATCHING PATTERN "*.h")

# A program that links libmlp.a links the BLAS too, so there the package finds it, by the same
# settings. That the shared library runs on a BLAS is its own affair.
set(MLP_CBLAS_SETTINGS "")
if(MLP_STATIC)
  foreach(_setting VENDOR HEADER PREFIX SUFFIX LIBRARIES INCLUDE_DIR)
    # where the library and its header are is recorded only if somebody had to say it
    if(NOT _setting MATCHES "LIBRARIES|INCLUDE_DIR" OR NOT "$CACHE{CBLAS_LIBRARIES}" STREQUAL "")
      string(APPEND MLP_CBLAS_SETTINGS
        "  set(CBLAS_${_setting} \"${CBLAS_${_setting}}\" CACHE STRING \"As libmlp.a was built\")\n")
    endif()
  endforeach()
  install(TARGETS mlp_static EXPORT mlpStaticTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Development)
  install(EXPORT mlpStaticTargets NAMESPACE mlp:: DESTINATION ${_package} COMPONENT Development)
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/FindCBLAS.cmake DESTINATION ${_package}
    COMPONENT Development)
endif()

# Before 1.0 a minor version may be incompatible.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(_compatibility SameMinorVersion)
else()
  set(_compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mlpConfigVersion.cmake
  COMPATIBILITY ${_compatibility})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/mlpConfig.cmake.in
  ${PROJECT_BINARY_DIR}/mlpConfig.cmake INSTALL_DESTINATION ${_package}
  NO_SET_AND_CHECK_MACRO)
install(FILES ${PROJECT_BINARY_DIR}/mlpConfig.cmake ${PROJECT_BINARY_DIR}/mlpConfigVersion.cmake
  DESTINATION ${_package} COMPONENT Development)

# mlp.pc finds its prefix from where it is, so the installed tree can be moved. With an absolute
# library directory that is impossible: then it names the prefix, which is known at install time.
foreach(_kind LIB INCLUDE)
  string(TOLOWER ${_kind} _variable)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${_kind}DIR}")
    set(MLP_PC_${_kind}DIR "${CMAKE_INSTALL_${_kind}DIR}")
  else()
    set(MLP_PC_${_kind}DIR "\${prefix}/${CMAKE_INSTALL_${_kind}DIR}")
  endif()
endforeach()

# For static linking: the BLAS, jansson and zlib as -L and -l flags (as Requires.private, callers of libmlp.so
# would need their .pc files, too), and those functions of the BLAS that libmlp refers to weakly.
set(MLP_PC_LIBS_PRIVATE "")
foreach(_hook IN LISTS CBLAS_HOOKS)
  string(APPEND MLP_PC_LIBS_PRIVATE " -Wl,-u,${_hook}")
endforeach()
foreach(_library IN LISTS CBLAS_LIBRARIES MLP_JANSSON_LINK_LIBRARIES MLP_ZLIB_LINK_LIBRARIES)
  if(_library MATCHES "^(.*)/lib([^/]+)[.](so|a|dylib)$")
    if(NOT CMAKE_MATCH_1 IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
      string(APPEND MLP_PC_LIBS_PRIVATE " -L${CMAKE_MATCH_1}")
    endif()
    string(APPEND MLP_PC_LIBS_PRIVATE " -l${CMAKE_MATCH_2}")
  elseif(_library MATCHES "^-" OR IS_ABSOLUTE "${_library}")
    string(APPEND MLP_PC_LIBS_PRIVATE " ${_library}")
  else()
    string(APPEND MLP_PC_LIBS_PRIVATE " -l${_library}")
  endif()
endforeach()
string(APPEND MLP_PC_LIBS_PRIVATE " -lm")
if(CMAKE_USE_PTHREADS_INIT)
  string(APPEND MLP_PC_LIBS_PRIVATE " -pthread")
endif()

if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(MLP_PC_PREFIX "@CMAKE_INSTALL_PREFIX@")
else()
  file(RELATIVE_PATH _up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  string(REGEX REPLACE "/$" "" _up "${_up}")
  set(MLP_PC_PREFIX "\${pcfiledir}/${_up}")
endif()
configure_file(${PROJECT_SOURCE_DIR}/mlp.pc.in ${PROJECT_BINARY_DIR}/mlp.pc.install @ONLY)
install(CODE "configure_file(\"${PROJECT_BINARY_DIR}/mlp.pc.install\"
  \"${PROJECT_BINARY_DIR}/mlp.pc\" @ONLY)" COMPONENT Development)
install(FILES ${PROJECT_BINARY_DIR}/mlp.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT Development)
