// AF_UNIX: streams and datagrams between programs of one host, by name in place of an address.
//
//   auto name = LocalAddress::path("/run/thermometer");    // or LocalAddress::abstract("thermo")
//   auto listener = open_local(Type::stream);
//   bind(*listener, *name), listener->listen();               // then accept, recv, poll … as ever
//
// The Socket is an ordinary one of Family::local: only the calls that carry a name are here; accept
// and recvfrom of Socket itself give no peer. Where there is no such family (lwIP), open_local and
// socketpair fail with Errc::address_family_not_supported at once, and nothing else is reached.
// Blocking, threads and interrupts: as Socket's calls of the same name.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// A name of a local socket: a path in the file system, an abstract name (Linux: unix(7)), or none.
// A value of 110 bytes.
class LocalAddress {
 public:
  static constexpr std::size_t longest = 107;  // bytes of a path or of an abstract name

  constexpr LocalAddress() = default;  // none: of a socket that was never bound
  // 1 … 107 bytes without a zero among them. Errc::malformed_address otherwise.
  static Result<LocalAddress> path(std::string_view path);
  // 1 … 107 bytes, any. It leaves no file behind and is gone with its last socket.
  static Result<LocalAddress> abstract(std::string_view name);

  constexpr bool is_unnamed() const { return size_ == 0; }
  constexpr bool is_abstract() const { return abstract_; }
  // The path, or the abstract name without the zero in front of it.
  constexpr std::string_view name() const { return {bytes_.data(), size_}; }
  friend constexpr bool operator==(const LocalAddress& a, const LocalAddress& b) {
    return a.abstract_ == b.abstract_ && a.name() == b.name();
  }

 private:
  static Result<LocalAddress> make(std::string_view text, bool abstract);

  std::array<char, longest + 1> bytes_{};
  std::uint8_t size_ = 0;
  bool abstract_ = false;
};

// Type::stream or Type::datagram. Errors as Socket::open's.
Result<Socket> open_local(Type type);

// Two sockets that are each other's peer. Errors as Socket::open's.
struct SocketPair {
  Socket first;
  Socket second;
};
Result<SocketPair> socketpair(Type type = Type::stream);

// Makes the name. A path becomes a file, which stays when the socket is closed: see remove_local.
// LocalAddress() takes a free abstract name, so that a datagram socket can be answered.
// address_in_use (a file of that name, too), address_not_available (no such folder; abstract names
// where the system has none), permission_denied, invalid_argument (bound already).
Result<void> bind(Socket& socket, const LocalAddress& local);
// As Socket::connect; waits while the listener's backlog is full. connection_refused: nobody has
// that name, or nobody listens there. After a failure a stream can only be closed.
Result<void> connect(Socket& socket, const LocalAddress& peer);

struct LocalReceived {
  MutableBytes data;
  LocalAddress peer;  // none: a sender without a name, which cannot be answered
  bool truncated;
};
// As Socket::recvfrom and Socket::sendto, for datagrams. A datagram is never lost, doubled or
// reordered; a full receiver makes sendto wait. connection_refused: nobody has that name.
Result<LocalReceived> recvfrom_local(Socket& socket, MutableBytes buffer,
                                     Flags flags = Flags::none);
Result<std::size_t> sendto(Socket& socket, Bytes data, const LocalAddress& peer,
                           Flags flags = Flags::none);

Result<LocalAddress> local_name(const Socket& socket);  // getsockname
Result<LocalAddress> peer_name(const Socket& socket);   // getpeername; not_connected

// Removes the file of a path that no socket uses any more, as unlink does: before bind, where an
// earlier run may have left it, and at the end. name_not_found: there is none; permission_denied;
// operation_not_supported: not a socket's file, or an abstract name.
Result<void> remove_local(const LocalAddress& address);

}  // namespace twinsock::inline TWINSOCK_BACKEND
