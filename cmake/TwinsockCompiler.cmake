# How our own code is compiled: the language, the warnings, and the limits of the portable parts.
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(TWINSOCK_WERROR "Treat warnings in twinsock's own code as errors" ${PROJECT_IS_TOP_LEVEL})
set(TWINSOCK_SANITIZE "" CACHE STRING
  "Sanitizers for everything, lwIP too: address;undefined, thread")
option(TWINSOCK_COVERAGE "Count the lines that run, for tools/coverage" OFF)

if(PROJECT_IS_TOP_LEVEL)
  if(TWINSOCK_SANITIZE)
    list(JOIN TWINSOCK_SANITIZE "," sanitizers)
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # whose manual warns of false warnings here
      add_compile_options(-Wno-maybe-uninitialized)
    endif()
  endif()
  if(TWINSOCK_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
  endif()
  find_program(TWINSOCK_CCACHE ccache)
  mark_as_advanced(TWINSOCK_CCACHE)
  if(TWINSOCK_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${TWINSOCK_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TWINSOCK_CCACHE})
  endif()
endif()

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
