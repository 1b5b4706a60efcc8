# Fails if the library's assert handler was linked into PROGRAM, according to NM.
execute_process(COMMAND ${NM} -C ${PROGRAM} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES "assertion_failed")
  message(FATAL_ERROR "${PROGRAM} does not assert, so it proves nothing")
endif()
if(symbols MATCHES "chosen_handler|set_assert_handler")
  message(FATAL_ERROR "${PROGRAM} never sets an assert handler, but carries one")
endif()
