# firmware-BOARD: the images of each board, built by firmware/, a project of its own, into
# boards/BOARD of this build tree, where host_sim looks for them. None is built unasked.
find_program(TWINSOCK_ARM_GCC arm-none-eabi-g++)
mark_as_advanced(TWINSOCK_ARM_GCC)

file(GLOB boards CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/firmware/boards
  ${PROJECT_SOURCE_DIR}/firmware/boards/*/board.cmake)
list(TRANSFORM boards REPLACE "/board.cmake" "" OUTPUT_VARIABLE TWINSOCK_BOARDS)

set(TWINSOCK_BOARDS_IN_QEMU)
foreach(board IN LISTS TWINSOCK_BOARDS)
  file(STRINGS ${PROJECT_SOURCE_DIR}/firmware/boards/${board}/board.cmake machine
    REGEX "^set\\(board_qemu_machine ")
  if(machine)
    list(APPEND TWINSOCK_BOARDS_IN_QEMU ${board})
  endif()
  if(TWINSOCK_ARM_GCC AND TWINSOCK_LWIP_SOURCE_DIR)
    add_custom_target(firmware-${board}
      COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR}/firmware
        -B ${PROJECT_BINARY_DIR}/boards/${board} -G Ninja -DTWINSOCK_BOARD=${board}
        -DTWINSOCK_LWIP_DIR=${TWINSOCK_LWIP_SOURCE_DIR}
      COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}/boards/${board}
      USES_TERMINAL VERBATIM)
  else()
    add_custom_target(firmware-${board}
      COMMAND ${CMAKE_COMMAND} -E echo
        "It takes arm-none-eabi-g++ and lwIP: run tools/setup, then configure again."
      COMMAND ${CMAKE_COMMAND} -E false VERBATIM)
  endif()
endforeach()
