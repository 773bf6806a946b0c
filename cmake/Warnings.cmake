# Warnings and sanitizers for every target of this project.

function(mlp_set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes;-Wvla>)
  if(MLP_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MLP_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MLP_SANITIZE}
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${MLP_SANITIZE})
  endif()
  if(MLP_FUZZ) # what libFuzzer watches; its driver is linked into the fuzz targets alone
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:-fsanitize=fuzzer-no-link>)
  endif()
endfunction()
