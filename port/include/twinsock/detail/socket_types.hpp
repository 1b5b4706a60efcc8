// The small types around Socket: what kind it is, how a call is varied, what a receive gives back.
#pragma once

#include <twinsock/bytes.hpp>
#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Type : std::uint8_t { stream, datagram, raw };
enum class Shutdown : std::uint8_t { read, write, both };
enum class Flags : std::uint8_t {
  none = 0,
  peek = 1,  // leave the bytes in the queue (receiving; at least one byte is seen, maybe not all)
  dont_wait = 8,  // this call does not wait, whatever settimeout says
};
constexpr Flags operator|(Flags a, Flags b) {
  return static_cast<Flags>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
// 0 chooses the type's own (TCP, UDP); otherwise an IANA number, for packet sockets an EtherType.
using Protocol = std::uint16_t;

struct Accepted;
struct Received {
  MutableBytes data;  // the part of the caller's buffer that was filled
  Endpoint peer;      // who sent it; none on a stream
  bool truncated;     // the datagram was longer than the buffer; the rest is gone
};
struct ReceivedInto {
  std::size_t nbytes;
  Endpoint peer;
  bool truncated;
};

namespace detail {

enum Gate : std::int32_t {  // values of Socket::receive_gate_ that are no handle
  gate_closed = -1,
  gate_moved = -2,          // moved from: any use is a bug
  gate_not_connected = -3,  // a stream that has no peer yet
  gate_ended = -4,          // the peer ended the stream, for ever
  gate_reset = -5,          // the connection is gone, for ever
  gate_shut = -6,           // shutdown(read) here
};

enum class Phase : std::uint8_t {  // what the sending and connecting side knows
  fresh,
  listening,
  connecting,  // a non-blocking connect is under way
  connected,   // stream: connection made; datagram: peer fixed
  shut_write,  // shutdown(write) here
  broken,      // reset or given up; reported once
  failed,      // a connect failed: the socket can only be closed
};

}  // namespace detail

}  // namespace twinsock::inline TWINSOCK_BACKEND
