// What each Errc is called and says: one table, twinsock/errc.hpp's own words, which a test
// compares.
#include <cstddef>

#include <twinsock/errc.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

// A macro, so that an image that only prints names does not carry the sentences.
#define TWINSOCK_ERRC_TABLE(ROW)                                                                \
  ROW(none, "no error: only from connect_ex and option::pending_error")                         \
  ROW(would_block, "the call would have to wait and this socket (or call) does not wait")       \
  ROW(timed_out, "the deadline of settimeout passed, or the peer fell silent for too long")     \
  ROW(in_progress, "a non-blocking connect has begun; wait until writable, ask pending_error")  \
  ROW(already_in_progress, "the connect that was begun before has not ended yet")               \
  ROW(connection_refused, "nobody listens at that address and port")                            \
  ROW(connection_reset, "the peer, or its host, dropped the connection; unread bytes are lost") \
  ROW(connection_aborted, "the local stack dropped the connection")                             \
  ROW(broken_pipe, "sending after shutdown(write) or after the connection is gone")             \
  ROW(end_of_stream, "the peer ended the stream before recv_exactly had all its bytes")         \
  ROW(not_connected, "the call needs a connection (or a peer) and there is none")               \
  ROW(already_connected, "connect on a socket that is connected")                               \
  ROW(destination_required, "a datagram without a destination, on a socket without a peer")     \
  ROW(message_too_long, "a datagram larger than the protocol or the stack can carry")           \
  ROW(address_in_use, "another socket holds that address and port")                             \
  ROW(address_not_available, "that address is not one of this host's")                          \
  ROW(address_family_not_supported,                                                             \
      "this world, or this socket, does not have that address family")                          \
  ROW(socket_type_not_supported, "this family does not have that socket type")                  \
  ROW(protocol_not_supported, "this socket type does not have that protocol")                   \
  ROW(option_not_supported, "this world, or this kind of socket, does not have that option")    \
  ROW(operation_not_supported, "the call makes no sense for this kind of socket")               \
  ROW(invalid_argument, "an argument is outside the range its description allows")              \
  ROW(permission_denied, "the system, or a missing option such as broadcast, forbids it")       \
  ROW(unreachable, "no route to that host or network")                                          \
  ROW(network_down, "the interface is down or failed")                                          \
  ROW(no_buffer_space, "the stack has no memory for this now; nothing was sent or received")    \
  ROW(too_many_sockets, "every socket or descriptor is in use; close one and try again")        \
  ROW(closed, "the socket is not open")                                                         \
  ROW(name_not_found, "no such host or service name")                                           \
  ROW(name_lookup_failed, "the name server did not answer or failed; trying again may help")    \
  ROW(malformed_address, "the text is not an address, or not one with a port")                  \
  ROW(io_error, "anything else; native() says what the system called it")

#define TWINSOCK_ERRC_CODE(code, sentence) Errc::code,
#define TWINSOCK_ERRC_NAME(code, sentence) #code,
#define TWINSOCK_ERRC_SENTENCE(code, sentence) sentence,
constexpr Errc codes[] = {TWINSOCK_ERRC_TABLE(TWINSOCK_ERRC_CODE)};
constexpr const char* names[] = {TWINSOCK_ERRC_TABLE(TWINSOCK_ERRC_NAME)};
constexpr const char* sentences[] = {TWINSOCK_ERRC_TABLE(TWINSOCK_ERRC_SENTENCE)};

constexpr std::size_t index_of(Errc code) { return static_cast<std::uint16_t>(code); }

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(codes); ++i) {
    if (index_of(codes[i]) != i) return false;
  }
  return true;
}
static_assert(in_order() && codes[std::size(codes) - 1] == Errc::io_error,
              "the table has every Errc, in the header's order");

}  // namespace

std::string_view name(Errc code) {
  return index_of(code) < std::size(names) ? names[index_of(code)] : "unknown";
}

std::string_view describe(Errc code) {
  return index_of(code) < std::size(sentences) ? sentences[index_of(code)] : "not an error code";
}

std::span<const Errc> all_errcs() { return codes; }

}  // namespace twinsock::inline TWINSOCK_BACKEND
