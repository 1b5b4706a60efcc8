# Fails if a public header brings a system's or a stack's socket headers, or a heavy standard one,
# into its user's program. COMPILER, BACKEND_DIR, INCLUDE_DIR, HEADERS (names, comma between).
string(REPLACE "," ";" headers "${HEADERS}")
set(socket_headers "[^ ]*/(sys/socket|netinet/[a-z]+|arpa/inet|lwip/[a-z0-9_]+)\\.h[ \n]")
set(heavy_headers "[^ ]*/c\\+\\+/[0-9.]+/(iostream|mutex|functional|memory|vector|map)[ \n]")
foreach(header IN LISTS headers)
  execute_process(
    COMMAND ${COMPILER} -std=c++20 -fno-exceptions -fno-rtti -M -x c++
            -I${INCLUDE_DIR} -I${BACKEND_DIR} ${INCLUDE_DIR}/${header}
    OUTPUT_VARIABLE used COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "${socket_headers}|${heavy_headers}" banned "${used}")
  # libstdc++'s <chrono> needs <string>; that much is <chrono>'s own.
  if(NOT used MATCHES "/chrono[ \n]" AND used MATCHES "/c\\+\\+/[0-9.]+/string[ \n]")
    list(APPEND banned "string")
  endif()
  if(banned)
    message(SEND_ERROR "<${header}> brings in ${banned}")
  endif()
endforeach()
