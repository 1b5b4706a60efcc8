# The portable sources of the conformance cases, for all who build them: the desktop, the simulated
# nodes and the firmware.
set(TWINSOCK_CONFORMANCE_RUNNER context.cpp runner.cpp)
set(TWINSOCK_CONFORMANCE_CASES
  accept.cpp address.cpp build.cpp connect.cpp datagram.cpp datagram_peer.cpp end.cpp exact.cpp
  life.cpp listen.cpp local.cpp message.cpp network.cpp option.cpp packet.cpp poll.cpp raw.cpp
  server.cpp stream.cpp task.cpp task_end.cpp time.cpp)
list(TRANSFORM TWINSOCK_CONFORMANCE_RUNNER PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
list(TRANSFORM TWINSOCK_CONFORMANCE_CASES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set(TWINSOCK_CONFORMANCE_SOURCES ${TWINSOCK_CONFORMANCE_RUNNER} ${TWINSOCK_CONFORMANCE_CASES})
