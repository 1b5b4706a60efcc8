# Where lwIP's sources are: TWINSOCK_LWIP_DIR, else what tools/setup brought into .deps/lwip.
if(NOT TWINSOCK_LWIP_DIR AND EXISTS ${CMAKE_CURRENT_LIST_DIR}/../.deps/lwip/src/include/lwip/init.h)
  cmake_path(SET TWINSOCK_LWIP_SOURCE_DIR NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../.deps/lwip)
else()
  set(TWINSOCK_LWIP_SOURCE_DIR ${TWINSOCK_LWIP_DIR})
endif()
