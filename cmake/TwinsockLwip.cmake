# Where lwIP's sources for the simulated nodes are: TWINSOCK_LWIP_DIR, else what tools/setup brought
# into .deps/lwip, else the upstream tag. Sets TWINSOCK_LWIP_SOURCE_DIR; empty: there is none.
set(TWINSOCK_LWIP_SOURCE_DIR "")
option(TWINSOCK_SIM "Build the node images and the simulated world, which need lwIP's sources"
  ${PROJECT_IS_TOP_LEVEL})
set(TWINSOCK_LWIP_GIT https://git.savannah.nongnu.org/git/lwip.git CACHE STRING
  "Where lwIP's upstream tag is fetched from when no other source is there")
mark_as_advanced(TWINSOCK_LWIP_GIT)

if(NOT TWINSOCK_LWIP_DIR AND NOT "$ENV{TWINSOCK_LWIP_DIR}" STREQUAL "")
  set(TWINSOCK_LWIP_DIR $ENV{TWINSOCK_LWIP_DIR})
endif()

# STABLE-2_2_1_RELEASE by commit. The last resort: it lacks the distribution's fixes.
function(twinsock_fetch_lwip)
  find_package(Git QUIET)
  set(reachable 1)
  if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} ls-remote ${TWINSOCK_LWIP_GIT} HEAD
      RESULT_VARIABLE reachable TIMEOUT 20 OUTPUT_QUIET ERROR_QUIET)
  endif()
  if(NOT reachable EQUAL 0)
    message(WARNING "No lwIP: no TWINSOCK_LWIP_DIR, no .deps/lwip (tools/setup brings it), and "
      "${TWINSOCK_LWIP_GIT} cannot be reached. Going on without the simulated world.")
    return()
  endif()
  message(STATUS "lwIP: fetching the upstream tag from ${TWINSOCK_LWIP_GIT}")
  include(FetchContent)
  FetchContent_Declare(twinsock_lwip_upstream
    GIT_REPOSITORY ${TWINSOCK_LWIP_GIT}
    GIT_TAG 77dcd25a72509eb83f72b033d219b1d40cd8eb95
    SOURCE_SUBDIR sources-only)  # its own CMake files are for its own examples
  FetchContent_MakeAvailable(twinsock_lwip_upstream)
  set(TWINSOCK_LWIP_SOURCE_DIR ${twinsock_lwip_upstream_SOURCE_DIR} PARENT_SCOPE)
endfunction()

# Refuses what is no lwIP, or one that is too old, before the compiler does so at length.
function(twinsock_check_lwip directory)
  if(NOT EXISTS ${directory}/src/include/lwip/init.h)
    message(FATAL_ERROR "TWINSOCK_LWIP_DIR is '${directory}', which is no lwIP source: it has no "
      "src/include/lwip/init.h")
  endif()
  file(STRINGS ${directory}/src/include/lwip/init.h lines REGEX "define LWIP_VERSION_[MR]")
  set(version)
  foreach(part IN ITEMS MAJOR MINOR REVISION)
    string(REGEX MATCH "LWIP_VERSION_${part} +([0-9]+)" found "${lines}")
    list(APPEND version ${CMAKE_MATCH_1})
  endforeach()
  list(JOIN version "." version)
  if(version VERSION_LESS 2.2.1)
    message(FATAL_ERROR "lwIP in '${directory}' is ${version}; twinsock needs 2.2.1 or later")
  endif()
  message(STATUS "lwIP ${version}: ${directory}")
endfunction()

if(TWINSOCK_SIM)
  if(TWINSOCK_LWIP_DIR)
    set(TWINSOCK_LWIP_SOURCE_DIR ${TWINSOCK_LWIP_DIR})
  elseif(EXISTS ${CMAKE_CURRENT_LIST_DIR}/../.deps/lwip/src/include/lwip/init.h)
    cmake_path(SET TWINSOCK_LWIP_SOURCE_DIR NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../.deps/lwip)
  else()
    twinsock_fetch_lwip()
  endif()
  if(TWINSOCK_LWIP_SOURCE_DIR)
    twinsock_check_lwip(${TWINSOCK_LWIP_SOURCE_DIR})
  endif()
endif()
