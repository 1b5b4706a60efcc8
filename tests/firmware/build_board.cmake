# Configures and builds one board's images, with those of the tests. IMAGES: only these;
# SIZES_ONLY: those whose sizes are in a table. PRODUCT: a product's folder. A build called
# BOARD-ipv4 is without IPv6.
set(targets)
set(options)
if(BOARD MATCHES "(.+)-ipv4$")
  set(BOARD ${CMAKE_MATCH_1})
  set(options -DTWINSOCK_IPV6=OFF)
endif()
if(SIZES_ONLY)
  set(IMAGES blank exchanges)
endif()
if(IMAGES)
  set(targets --target ${IMAGES})
endif()
# Whoever else builds this board, another target or a test, waits.
file(MAKE_DIRECTORY ${BINARY_DIR})
file(LOCK ${BINARY_DIR}.lock GUARD PROCESS TIMEOUT 1200 RESULT_VARIABLE locked)
if(NOT locked EQUAL 0)
  message(FATAL_ERROR "${BINARY_DIR}.lock: ${locked}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${BINARY_DIR} -G Ninja
  -DTWINSOCK_BOARD=${BOARD} -DTWINSOCK_LWIP_DIR=${LWIP_DIR} -DTWINSOCK_FIRMWARE_TESTS=ON
  -DTWINSOCK_PRODUCT=${PRODUCT} ${options}
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY_DIR} ${targets}
  COMMAND_ERROR_IS_FATAL ANY)
