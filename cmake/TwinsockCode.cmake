# How a target of our own code is compiled, in this build and in an installed package.
include_guard(GLOBAL)

# Desktop tools and tests: C++20 with warnings.
function(twinsock_own_code target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
    $<$<BOOL:${TWINSOCK_WERROR}>:-Werror>)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

# Code that must also run on a microcontroller. An assertion names its file from the root of these
# sources: where somebody built them is nobody's business, and costs flash.
function(twinsock_portable_code target)
  twinsock_own_code(${target})
  cmake_path(SET root NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..)
  target_compile_options(${target} PRIVATE -fmacro-prefix-map=${root}=
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>)
endfunction()
