// sendmsg and recvmsg: one call over several buffers of the caller (scatter and gather).
//
//   const Bytes parts[] = {header, payload, trailer};
//   auto sent = sendmsg(socket, parts);                 // one datagram, or bytes of a stream
//   const MutableBytes room[] = {{&head, sizeof(head)}, body};
//   auto got = recvmsg(socket, room);                   // Result<MessageReceived>
//
// Streams, datagrams and raw sockets. There is no ancillary data: lwIP has next to none of what
// POSIX has. Blocking, threads, interrupts and errors: as Socket's send, sendto and recvfrom.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// How many buffers one call takes, empty ones included: they stand on the caller's stack.
inline constexpr std::size_t most_parts = 16;

struct MessageReceived {
  std::size_t nbytes;  // in the buffers, which are filled in their order
  Endpoint peer;       // who sent it; none on a stream
  bool truncated;      // the datagram was longer than all of them; the rest is gone
};

// All parts in their order: as one datagram, or as bytes of a stream, of which as many are taken as
// there is room for. To `peer`, or without one to where the socket is connected.
// invalid_argument: more than most_parts.
Result<std::size_t> sendmsg(Socket& socket, std::span<const Bytes> parts,
                            const Endpoint& peer = Endpoint(), Flags flags = Flags::none);
// No room at all receives nothing from a stream, at once, and takes one datagram.
Result<MessageReceived> recvmsg(Socket& socket, std::span<const MutableBytes> parts,
                                Flags flags = Flags::none);

}  // namespace twinsock::inline TWINSOCK_BACKEND
