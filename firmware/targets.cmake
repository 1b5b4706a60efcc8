# run-BOARD, flash-BOARD, debug-BOARD: each prints the command that it runs.
# TWINSOCK_IMAGE chooses the image; TWINSOCK_BOARD_DRIVE is where a board that is a USB drive is
# mounted.
set(TWINSOCK_IMAGE exchanges CACHE STRING "What run-, flash- and debug-BOARD take")
get_property(images GLOBAL PROPERTY twinsock_images)
if(NOT TWINSOCK_IMAGE IN_LIST images)
  list(JOIN images ", " images_text)
  message(FATAL_ERROR "TWINSOCK_IMAGE is '${TWINSOCK_IMAGE}'; the images here are ${images_text}")
endif()
set(TWINSOCK_BOARD_DRIVE "" CACHE PATH "Where the board's USB drive is mounted, if it has one")

set(board_tool ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/board_tool.py)

add_custom_target(run-${TWINSOCK_BOARD}
  COMMAND ${board_tool} run ${CMAKE_BINARY_DIR}/board.json $<TARGET_FILE:${TWINSOCK_IMAGE}>
  DEPENDS ${TWINSOCK_IMAGE} USES_TERMINAL VERBATIM)
add_custom_target(flash-${TWINSOCK_BOARD}
  COMMAND ${board_tool} flash ${CMAKE_BINARY_DIR}/board.json $<TARGET_FILE:${TWINSOCK_IMAGE}>
    --drive "${TWINSOCK_BOARD_DRIVE}"
  DEPENDS ${TWINSOCK_IMAGE} USES_TERMINAL VERBATIM)
add_custom_target(debug-${TWINSOCK_BOARD}
  COMMAND ${board_tool} debug ${CMAKE_BINARY_DIR}/board.json $<TARGET_FILE:${TWINSOCK_IMAGE}>
  DEPENDS ${TWINSOCK_IMAGE} USES_TERMINAL VERBATIM)
add_custom_target(size
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/size_report.py
    ${CMAKE_BINARY_DIR}/blank.map ${CMAKE_BINARY_DIR}/exchanges.map
  DEPENDS blank exchanges USES_TERMINAL VERBATIM)
