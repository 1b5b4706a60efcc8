# The images of the conformance cases: one, or as many as a small board needs to hold them all.
# Built on request or with the tests, as they take longer than all else.
include(${TWINSOCK_ROOT}/tests/conformance/cases.cmake)
if(NOT DEFINED board_conformance_images)
  set(board_conformance_images 1)
endif()
if(NOT DEFINED board_conformance_scratch)
  set(board_conformance_scratch 131072)  # what the largest transfers want
endif()

list(LENGTH TWINSOCK_CONFORMANCE_CASES files)
math(EXPR files_each "(${files} + ${board_conformance_images} - 1) / ${board_conformance_images}")
set(conformance_images)
foreach(number RANGE 1 ${board_conformance_images})
  set(image conformance)
  if(board_conformance_images GREATER 1)
    set(image conformance-${number})
  endif()
  math(EXPR first "(${number} - 1) * ${files_each}")
  list(SUBLIST TWINSOCK_CONFORMANCE_CASES ${first} ${files_each} cases)
  twinsock_add_image(${image}
    SOURCES images/conformance/main.cpp ${TWINSOCK_CONFORMANCE_RUNNER} ${cases})
  target_include_directories(${image} PRIVATE ${TWINSOCK_ROOT}/tests)
  target_compile_definitions(${image} PRIVATE
    TWINSOCK_CONFORMANCE_SCRATCH=${board_conformance_scratch})
  if(NOT TWINSOCK_FIRMWARE_TESTS)
    set_target_properties(${image} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  list(APPEND conformance_images ${image})
endforeach()
