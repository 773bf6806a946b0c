# Run by CPack when the packages are made: what CPack 3.25 cannot say. They may be installed for several
# architectures side by side, and ldconfig is triggered instead of called.

find_program(DPKG_DEB dpkg-deb REQUIRED)
set(_work ${CPACK_TEMPORARY_DIRECTORY}/control)
foreach(_package IN LISTS CPACK_PACKAGE_FILES)
  file(REMOVE_RECURSE ${_work})
  execute_process(COMMAND ${DPKG_DEB} --raw-extract ${_package} ${_work} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${_work}/DEBIAN/postinst ${_work}/DEBIAN/postrm)
  file(READ ${_work}/DEBIAN/control _control)
  if(_control MATCHES "Package: mlp-tools\n")
    set(_together foreign)
  else()
    set(_together same)
  endif()
  string(REGEX REPLACE "(^|\n)(Architecture: [^\n]*\n)" "\\1\\2Multi-Arch: ${_together}\n" _control "${_control}")
  file(WRITE ${_work}/DEBIAN/control "${_control}")
  execute_process(COMMAND ${DPKG_DEB} --root-owner-group -Zxz --build ${_work} ${_package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
