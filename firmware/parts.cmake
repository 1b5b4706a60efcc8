# The libraries every image is linked from. Each is one line of the size report.
set(port ${TWINSOCK_ROOT}/port)

# What all of it sees: the board's lwipopts.h and the kernel's port.
add_library(firmware_includes INTERFACE)
target_include_directories(firmware_includes INTERFACE
  ${board_dir} ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_CURRENT_LIST_DIR}/arch/cortex_m/port
  ${port} ${port}/coop/sys_arch ${port}/lwip/include)
target_compile_definitions(firmware_includes INTERFACE
  $<$<NOT:$<BOOL:${TWINSOCK_IPV6}>>:LWIP_IPV6=0>
  $<$<BOOL:${TWINSOCK_SHORT_PANICS}>:TWINSOCK_SHORT_PANICS=1>)
target_include_directories(firmware_includes SYSTEM INTERFACE
  ${TWINSOCK_LWIP_SOURCE_DIR}/src/include)

set(LWIP_DIR ${TWINSOCK_LWIP_SOURCE_DIR})
# lwIP's list writes a header into lwIP's own tree: two builds at once must take turns.
file(LOCK ${LWIP_DIR}/filelists.lock GUARD FILE TIMEOUT 120)
include(${LWIP_DIR}/src/Filelists.cmake)
add_library(lwip STATIC ${lwipcore_SRCS} ${lwipcore4_SRCS} ${lwipcore6_SRCS} ${lwipapi_SRCS}
  ${LWIP_DIR}/src/netif/ethernet.c)
target_link_libraries(lwip PUBLIC firmware_includes)

file(GLOB coop_sources CONFIGURE_DEPENDS ${port}/coop/kernel/*.cpp ${port}/coop/sys_arch/*.cpp)
add_library(coop STATIC ${coop_sources})
twinsock_portable_code(coop)
target_link_libraries(coop PUBLIC firmware_includes lwip)
target_link_libraries(lwip INTERFACE $<LINK_ONLY:coop>)  # they need each other

# The socket layer against this lwIP.
add_subdirectory(${port} port EXCLUDE_FROM_ALL)
twinsock_add_lwip_library(sockets LWIP lwip)
twinsock_portable_code(sockets)

# Wherever they lie, assertions name the same files, also if ccache makes paths relative: the sizes
# of images are compared to the byte.
file(RELATIVE_PATH port_from_here ${CMAKE_BINARY_DIR} ${port})
file(RELATIVE_PATH lwip_from_here ${CMAKE_BINARY_DIR} ${LWIP_DIR})
target_compile_options(coop PRIVATE -fmacro-prefix-map=${port_from_here}/=port/)
target_compile_options(lwip PRIVATE -fmacro-prefix-map=${LWIP_DIR}/=lwip/
  -fmacro-prefix-map=${lwip_from_here}/=lwip/)

add_subdirectory(${TWINSOCK_ROOT}/exchanges exchanges EXCLUDE_FROM_ALL)
add_library(exchange_roles STATIC ${TWINSOCK_EXCHANGES_SOURCES})
twinsock_portable_code(exchange_roles)
target_include_directories(exchange_roles PUBLIC ${TWINSOCK_ROOT})
target_link_libraries(exchange_roles PUBLIC sockets)

file(GLOB firmware_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/arch/cortex_m/*.cpp
  ${CMAKE_CURRENT_LIST_DIR}/arch/cortex_m/*.S
  boot/*.cpp console/*.cpp drivers/*.cpp net/*.cpp runtime/*.cpp ${board_dir}/*.cpp)
add_library(board OBJECT ${firmware_sources} ${board_sources})
twinsock_portable_code(board)
target_link_libraries(board PUBLIC firmware_includes)
target_include_directories(board PUBLIC ${port}/include ${port}/lwip/include)
