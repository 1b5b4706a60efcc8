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
      if("thread" IN_LIST TWINSOCK_SANITIZE)
        # ThreadSanitizer does not model fences. port/core orders nothing but atomics by them.
        add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-tsan>)
      endif()
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

include(${CMAKE_CURRENT_LIST_DIR}/TwinsockCode.cmake)
