# Target `docs`: the reference manual from the headers' comments; an undocumented item is an error.

find_package(Doxygen QUIET)
if(DOXYGEN_FOUND)
  configure_file(${PROJECT_SOURCE_DIR}/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
  add_custom_target(docs COMMAND Doxygen::doxygen ${PROJECT_BINARY_DIR}/Doxyfile
    COMMENT "Reference manual in ${PROJECT_BINARY_DIR}/docs/html" VERBATIM)
endif()
