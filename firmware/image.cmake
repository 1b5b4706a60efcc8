# twinsock_add_image(NAME SOURCES FILE… [LIBRARIES TARGET…]): NAME.elf for the board, its map, its
# size, and the checks that hold for every image.
function(twinsock_add_image name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  set_property(GLOBAL APPEND PROPERTY twinsock_images ${name})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES SUFFIX .elf
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
    LINK_DEPENDS "${board_dir}/board.ld;${PROJECT_SOURCE_DIR}/arch/cortex_m/sections.ld")
  twinsock_portable_code(${name})
  target_link_libraries(${name} PRIVATE board ${arg_LIBRARIES} sockets coop)
  target_link_options(${name} PRIVATE
    -L${PROJECT_SOURCE_DIR}/arch/cortex_m -T${board_dir}/board.ld
    -Wl,-Map=${CMAKE_BINARY_DIR}/${name}.map)
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check_image.py
      --nm ${CMAKE_NM} $<TARGET_FILE:${name}>
    COMMENT "Checking that ${name}.elf has no heap" VERBATIM)
  if(board_flash_drive_path MATCHES "[.]bin$")  # what such a drive takes, beside the .elf
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${name}>
        ${CMAKE_BINARY_DIR}/${name}.bin VERBATIM)
  endif()
endfunction()
