// The seam over POSIX sockets.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include <native/native.hpp>
#include <posix/address.hpp>
#include <posix/datagram.hpp>
#include <posix/options.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

static_assert(to_flags(Flags::none) == MSG_NOSIGNAL);
static_assert(to_flags(Flags::peek) == (MSG_PEEK | MSG_NOSIGNAL));
static_assert(to_flags(Flags::dont_wait) == (MSG_DONTWAIT | MSG_NOSIGNAL));

namespace {

int native_family(Family family) { return family == Family::inet ? AF_INET : AF_INET6; }

int native_type(Type type) {
  return type == Type::stream ? SOCK_STREAM : type == Type::datagram ? SOCK_DGRAM : SOCK_RAW;
}

int read_int(int handle, int level, int name, int& value) {
  socklen_t size = sizeof(value);
  return ::getsockopt(handle, level, name, &value, &size);
}

}  // namespace

int open(Family family, Type type, Protocol protocol) {
  const int handle = ::socket(native_family(family), native_type(type) | SOCK_CLOEXEC, protocol);
  if (handle < 0 || family != Family::inet6 || type == Type::raw) return handle;
  // The system may have another default (net.ipv6.bindv6only); ours serves both families.
  if (set_option(handle, family, OptionId::ipv6_only, 0) == failed) {
    const int code = errno;
    ::close(handle);
    errno = code;
    return failed;
  }
  return handle;
}

void close(int handle) { ::close(handle); }

Result<Description> describe(int handle) {
  int domain = 0;
  int type = 0;
  int protocol = 0;
  int listening = 0;
  if (read_int(handle, SOL_SOCKET, SO_DOMAIN, domain) != 0 ||
      read_int(handle, SOL_SOCKET, SO_TYPE, type) != 0 ||
      read_int(handle, SOL_SOCKET, SO_PROTOCOL, protocol) != 0) {
    return last_error(During::other);
  }
  read_int(handle, SOL_SOCKET, SO_ACCEPTCONN, listening);
  if (domain != AF_INET && domain != AF_INET6) return Errc::address_family_not_supported;
  if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW) {
    return Errc::socket_type_not_supported;
  }
  Endpoint peer;
  return Description{domain == AF_INET ? Family::inet : Family::inet6,
                     type == SOCK_STREAM  ? Type::stream
                     : type == SOCK_DGRAM ? Type::datagram
                                          : Type::raw,
                     static_cast<Protocol>(protocol), listening != 0,
                     peer_endpoint(handle, peer) == 0};
}

int bind(int handle, Type, const Endpoint& local) {
  NativeAddress address;
  const socklen_t size = to_native(local, address);
  return ::bind(handle, &address.any, size);
}

int listen(int handle, int backlog) { return ::listen(handle, backlog); }

int accept(int handle, bool inherits, Endpoint& peer) {
  NativeAddress address;
  socklen_t size = sizeof(address);
  const int accepted = ::accept4(handle, &address.any, &size, SOCK_CLOEXEC);
  if (accepted < 0) return failed;
  peer = from_native(address, size);
  if (inherits) reset_inherited(accepted);
  return accepted;
}

int connect(int handle, const Endpoint& peer) {
  NativeAddress address;
  const socklen_t size = to_native(peer, address);
  return ::connect(handle, &address.any, size);
}

int disconnect(int handle) {
  Endpoint before;
  local_endpoint(handle, before);
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::connect(handle, &nobody, sizeof(nobody)) != 0) return failed;
  Endpoint after;
  if (local_endpoint(handle, after) == failed || after.port() == before.port()) return 0;
  // Linux gives back a port that it had chosen itself; ours remains.
  return bind(handle, Type::datagram, {after.address(), before.port()});
}

int shutdown(int handle, Shutdown how) {
  return ::shutdown(handle, how == Shutdown::read    ? SHUT_RD
                            : how == Shutdown::write ? SHUT_WR
                                                     : SHUT_RDWR);
}

int local_endpoint(int handle, Endpoint& local) {
  NativeAddress address;
  socklen_t size = sizeof(address);
  if (::getsockname(handle, &address.any, &size) != 0) return failed;
  local = from_native(address, size);
  return 0;
}

int peer_endpoint(int handle, Endpoint& peer) {
  NativeAddress address;
  socklen_t size = sizeof(address);
  if (::getpeername(handle, &address.any, &size) != 0) return failed;
  peer = from_native(address, size);
  return 0;
}

int receive_from(int handle, MutableBytes buffer, int flags, Endpoint& peer, Datagram& datagram) {
  NativeAddress address;
  socklen_t size = sizeof(address);
  if (receive_datagram(handle, buffer, flags, &address.any, size, datagram) == failed) {
    return failed;
  }
  peer = from_native(address, size);
  return 0;
}

std::ptrdiff_t send_to(int handle, Bytes data, int flags, const Endpoint& peer) {
  NativeAddress address;
  const socklen_t size = to_native(peer, address);
  return ::sendto(handle, data.data(), data.size(), flags, &address.any, size);
}

int set_timeout(int handle, Timeout before, Timeout timeout) {
  if (before.is_zero() != timeout.is_zero()) {
    int non_blocking = timeout.is_zero() ? 1 : 0;
    if (::ioctl(handle, FIONBIO, &non_blocking) != 0) return failed;
  }
  if (timeout.is_zero()) return 0;  // the time set before remains, so that none must clear it
  if (!timeout.is_none()) anchor_stamps();
  timeval time{};  // zero: no limit
  if (!timeout.is_none()) {
    time.tv_sec = timeout.ms() / 1000;
    time.tv_usec = timeout.ms() % 1000 * 1000;
  }
  if (::setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) != 0) return failed;
  return ::setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

int wait(int handle, bool for_write, Timeout timeout) {
  pollfd entry{handle, static_cast<short>(for_write ? POLLOUT : POLLIN), 0};
  return ::poll(&entry, 1, timeout.ms());
}

Error pending_error(int handle, During context) {
  int code = 0;
  if (read_int(handle, SOL_SOCKET, SO_ERROR, code) != 0) return last_error(context);
  return to_error(code);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
