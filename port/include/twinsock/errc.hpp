// Every way in which a call can fail: one closed set, the same value for the same event in every
// world. docs/SOCKET_CONTRACT.md says which call gives which.
//
//   if (auto n = socket.recv_into(buffer); !n && n.error() == Errc::timed_out) try_again_later();
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Errc : std::int16_t {
  none = 0,              // no error: only from connect_ex and option::pending_error
  would_block,           // the call would have to wait and this socket (or call) does not wait
  timed_out,             // the deadline of settimeout passed, or the peer fell silent for too long
  in_progress,           // a non-blocking connect has begun; wait until writable, ask pending_error
  already_in_progress,   // the connect that was begun before has not ended yet
  connection_refused,    // nobody listens at that address and port
  connection_reset,      // the peer, or its host, dropped the connection; unread bytes are lost
  connection_aborted,    // the local stack dropped the connection
  broken_pipe,           // sending after shutdown(write) or after the connection is gone
  end_of_stream,         // the peer ended the stream before recv_exactly had all its bytes
  not_connected,         // the call needs a connection (or a peer) and there is none
  already_connected,     // connect on a socket that is connected
  destination_required,  // a datagram without a destination, on a socket without a peer
  message_too_long,      // a datagram larger than the protocol or the stack can carry
  address_in_use,        // another socket holds that address and port
  address_not_available,         // that address is not one of this host's
  address_family_not_supported,  // this world, or this socket, does not have that address family
  socket_type_not_supported,     // this family does not have that socket type
  protocol_not_supported,        // this socket type does not have that protocol
  option_not_supported,          // this world, or this kind of socket, does not have that option
  operation_not_supported,       // the call makes no sense for this kind of socket
  invalid_argument,              // an argument is outside the range its description allows
  permission_denied,             // the system, or a missing option such as broadcast, forbids it
  unreachable,                   // no route to that host or network
  network_down,                  // the interface is down or failed
  no_buffer_space,     // the stack has no memory for this now; nothing was sent or received
  too_many_sockets,    // every socket or descriptor is in use; close one and try again
  closed,              // the socket is not open
  name_not_found,      // no such host or service name
  name_lookup_failed,  // the name server did not answer or failed; trying again may help
  malformed_address,   // the text is not an address, or not one with a port
  io_error,            // anything else; native() says what the system called it
};

// The name as it stands above ("timed_out"); "unknown" for a number that is none of these. Never
// blocks; safe from an interrupt.
std::string_view name(Errc code);
// The sentence beside it, without a full stop. Never blocks; safe from an interrupt.
std::string_view describe(Errc code);
// All of them in order, `none` first.
std::span<const Errc> all_errcs();

// An Errc with the number that the native stack gave (errno, or 0 where the layer itself decided).
// Two are equal if their codes are. One word, which a processor returns in a register and makes of
// a constant: every stack's numbers fit into its upper half.
class Error {
 public:
  constexpr Error(Errc code, int native = 0)
      : bits_(static_cast<std::uint16_t>(code) | static_cast<std::uint32_t>(native) << 16) {}

  constexpr Errc code() const { return static_cast<Errc>(bits_ & 0xffff); }
  // For people and logs; differs by world.
  constexpr int native() const { return static_cast<std::int32_t>(bits_) >> 16; }
  friend constexpr bool operator==(Error a, Error b) { return a.code() == b.code(); }
  friend constexpr bool operator==(Error a, Errc b) { return a.code() == b; }

 private:
  std::uint32_t bits_;
};
static_assert(sizeof(Error) == 4);

}  // namespace twinsock::inline TWINSOCK_BACKEND
