// Socket: TCP, UDP and raw sockets with the names and the meaning of Python's `socket`, the same
// over POSIX and over lwIP. Every clause is in docs/SOCKET_CONTRACT.md.
//
//   auto socket = Socket::open(Family::inet, Type::stream);
//   socket->settimeout(std::chrono::seconds(3));
//   if (auto ok = socket->connect({IpAddress::v4(192, 0, 2, 1), 5005}); !ok) return ok.error();
//   socket->sendall("hello");
//   std::array<char, 64> buffer;
//   auto answer = socket->recv(buffer);            // Result<MutableBytes>; empty: end of stream
//
// Lifetime: move-only, 16 bytes, owns one descriptor; the destructor closes it. A default-made
// Socket is closed. Calls on a closed Socket fail with Errc::closed; on a moved-from one they
// assert. No call allocates; every buffer is the caller's.
//
// Blocking: connect, accept, recv*, send*, sendall and recv_exactly wait at most settimeout's time,
// counted from their start, then fail with Errc::timed_out (Errc::would_block when that time is
// zero). Nothing else waits, but for close on a socket with option::linger.
// Threads: distinct objects are safe. On one object, one task may be inside a call that receives
// (recv*, poll for reading), one inside a call that sends (send*, connect, poll for writing), any
// number may accept; and any task may call shutdown or close, which end these calls within 200 ms
// (TASK-4). Everything else needs the caller's lock; builds without NDEBUG assert. A Socket that is
// moved or destroyed is nobody else's any more. Interrupts: no call is safe.
#pragma once

#include <atomic>

#include <twinsock/detail/socket_types.hpp>
#include <twinsock/option.hpp>
#include <twinsock/timeout.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class Socket {
 public:
  static constexpr int default_backlog = 5;

  constexpr Socket() = default;
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;  // closes what it held
  ~Socket();

  // address_family_not_supported, socket_type_not_supported, protocol_not_supported,
  // permission_denied (raw, packet), too_many_sockets, no_buffer_space.
  static Result<Socket> open(Family family, Type type, Protocol protocol = 0);
  // Takes over a native descriptor, which must be an open socket of a family above: closed,
  // address_family_not_supported; the descriptor is the caller's still. Sets it blocking.
  static Result<Socket> adopt(int descriptor);
  int detach();        // gives the descriptor away, -1 if closed; the Socket is closed then
  int fileno() const;  // the native descriptor, or -1

  // Server. Port 0 takes a free one. address_in_use, address_not_available, permission_denied,
  // invalid_argument (bound already), address_family_not_supported.
  Result<void> bind(const Endpoint& local);
  // backlog: connections that wait for accept, 1 … 255, clamped. An unbound socket is bound first.
  Result<void> listen(int backlog = default_backlog);
  // A connection that died before it was accepted is passed over. timed_out, would_block,
  // too_many_sockets (the connection stays queued, or is reset: declared), invalid_argument (not
  // listening). The new socket blocks and inherits nothing.
  Result<Accepted> accept();

  // Client. connection_refused, timed_out, unreachable, in_progress (timeout zero),
  // already_connected, already_in_progress. After a failure the socket can only be closed. On a
  // datagram socket it fixes the peer, at once; Endpoint{} takes it back.
  Result<void> connect(const Endpoint& peer);
  Errc connect_ex(const Endpoint& peer);  // the same; Errc::none for success, as Python's 0

  // Sending. connection_reset, broken_pipe, not_connected, message_too_long, no_buffer_space,
  // timed_out, would_block: what had not been counted in a result was not sent. A stream takes as
  // much as there is room for, a datagram goes whole or not at all.
  Result<std::size_t> send(Bytes data, Flags flags = Flags::none);
  // All of it, under one deadline. After a failure `*sent` (if asked for) bytes had been handed to
  // the stack in order, and the stream is usable only if the caller goes on from there.
  Result<void> sendall(Bytes data, std::size_t* sent = nullptr);
  // To `peer`; on a stream the peer is ignored, as it has one. A broadcast needs option::broadcast.
  Result<std::size_t> sendto(Bytes data, const Endpoint& peer, Flags flags = Flags::none);

  // Receiving. 0 bytes (an empty view): the peer ended the stream, for ever after; or an empty
  // datagram; or an empty buffer. connection_reset, timed_out, would_block, not_connected: no byte
  // is lost by the last three.
  Result<MutableBytes> recv(MutableBytes buffer, Flags flags = Flags::none);
  Result<std::size_t> recv_into(MutableBytes buffer, Flags flags = Flags::none);
  Result<Received> recvfrom(MutableBytes buffer, Flags flags = Flags::none);
  Result<ReceivedInto> recvfrom_into(MutableBytes buffer, Flags flags = Flags::none);
  // Fills the buffer, under one deadline; end_of_stream if the peer ends before. After a failure
  // the first `*received` (if asked for) bytes of the buffer are filled.
  Result<void> recv_exactly(MutableBytes buffer, std::size_t* received = nullptr);

  // read: later receives see the end of the stream; write: the peer does, once all is sent; a
  // second time is no error. not_connected.
  Result<void> shutdown(Shutdown how);
  void close();  // never fails; bytes on their way are still sent, unless option::linger says else
  bool is_open() const { return handle_.load(std::memory_order_relaxed) >= 0; }

  Result<Endpoint> getsockname() const;
  Result<Endpoint> getpeername() const;  // not_connected

  Family family() const { return family_; }
  Type type() const { return type_; }
  Protocol proto() const;  // 0 if closed

  Result<void> settimeout(Timeout timeout);  // none at first; invalid_argument: not valid()
  Timeout gettimeout() const;
  Result<void> setblocking(bool blocking);  // settimeout of none or zero
  bool getblocking() const { return timeout_ms_ != 0; }

  template <class T, bool Seldom>
  Result<void> setsockopt(Option<T, Seldom> option, std::type_identity_t<T> value) {
    if constexpr (Seldom) return set_seldom_option(option.id, detail::OptionCodec::encode(value));
    return set_option(option.id, detail::OptionCodec::encode(value));
  }
  template <class T, bool Seldom>
  Result<T> getsockopt(Option<T, Seldom> option) const;

 private:
  friend struct SocketCore;  // the portable implementation, port/core
  using Stamp = native::StampArgument;
  std::ptrdiff_t receive(MutableBytes, Flags);  // a count, or detail::failure
  std::ptrdiff_t receive(Stamp began, std::ptrdiff_t got, MutableBytes, Flags);
  std::ptrdiff_t transmit(Bytes, Flags);
  std::ptrdiff_t transmit(Stamp began, std::ptrdiff_t sent, Bytes, Flags);
  Result<void> transmit_all(Bytes, std::size_t* total);
  Result<void> transmit_all(Stamp began, std::ptrdiff_t sent, Bytes, std::size_t* total);
  Result<void> connect_datagram(const Endpoint& peer);
  Result<void> set_option(OptionId id, std::int32_t value);
  Result<void> get_option(OptionId id, std::int32_t& value) const;
  Result<void> set_seldom_option(OptionId id, std::int32_t value);
  Result<void> get_seldom_option(OptionId id, std::int32_t& value) const;

  // Invariant: receive_gate_ == handle_ while a receive may find bytes, else a detail::Gate, with
  // which the native call fails at once and the failure path knows why: the check costs nothing.
  std::atomic<std::int32_t> handle_ = -1;
  std::atomic<std::int32_t> receive_gate_ = -1;
  std::int32_t timeout_ms_ = -1;
  Family family_ : 4 = Family::unspecified;
  Type type_ : 4 = Type::stream;
  mutable std::atomic<detail::Phase> phase_ = detail::Phase::fresh;
  // Tasks inside a call of that half, for which a close by another task waits (core/tasks.cpp).
  mutable std::atomic<std::uint8_t> receivers_ = 0;
  mutable std::atomic<std::uint8_t> senders_ = 0;
};
static_assert(sizeof(Socket) == 16);

struct Accepted {
  Socket socket;
  Endpoint peer;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND

#include <twinsock/detail/socket_inline.hpp>
