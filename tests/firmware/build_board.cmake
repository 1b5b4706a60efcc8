# Configures and builds one board's images, with those of the tests.
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${BINARY_DIR} -G Ninja
  -DTWINSOCK_BOARD=${BOARD} -DTWINSOCK_LWIP_DIR=${LWIP_DIR} -DTWINSOCK_FIRMWARE_TESTS=ON
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)
