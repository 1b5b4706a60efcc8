# Configures and builds one board's images, with those of the tests; IMAGES: only these. PRODUCT: a
# product's folder.
set(targets)
if(IMAGES)
  set(targets --target ${IMAGES})
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${BINARY_DIR} -G Ninja
  -DTWINSOCK_BOARD=${BOARD} -DTWINSOCK_LWIP_DIR=${LWIP_DIR} -DTWINSOCK_FIRMWARE_TESTS=ON
  -DTWINSOCK_PRODUCT=${PRODUCT}
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY_DIR} ${targets}
  COMMAND_ERROR_IS_FATAL ANY)
