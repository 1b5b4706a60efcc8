// AF_UNIX over POSIX.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <native/native_unix.hpp>
#include <posix/datagram.hpp>
#include <posix/options.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

constexpr socklen_t no_name = offsetof(sockaddr_un, sun_path);
static_assert(sizeof(sockaddr_un::sun_path) == LocalAddress::longest + 1);

#if defined(__linux__)
constexpr bool has_abstract_names = true;
#else
constexpr bool has_abstract_names = false;
#endif

int fail_with(int code) {
  errno = code;
  return failed;
}

socklen_t to_native(const LocalAddress& from, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  const std::string_view name = from.name();
  const std::size_t front = from.is_abstract() ? 1 : 0;
  std::memcpy(address.sun_path + front, name.data(), name.size());
  if (from.is_unnamed()) return no_name;
  return static_cast<socklen_t>(no_name + name.size() + 1);  // the zero before, or behind it
}

LocalAddress from_native(const sockaddr_un& address, socklen_t size) {
  if (size <= no_name) return {};
  const std::size_t length = size - no_name;
  if (address.sun_path[0] == '\0') {
    return LocalAddress::abstract({address.sun_path + 1, length - 1}).value_or(LocalAddress());
  }
  const std::size_t text = ::strnlen(address.sun_path, length);
  return LocalAddress::path({address.sun_path, text}).value_or(LocalAddress());
}

int native_type(Type type) {
  return (type == Type::stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
}

bool is_offered(Type type) { return type == Type::stream || type == Type::datagram; }

}  // namespace

int local_open(Type type) {
  if (!is_offered(type)) return fail_with(ESOCKTNOSUPPORT);
  return ::socket(AF_UNIX, native_type(type), 0);
}

int local_pair(Type type, int (&handles)[2]) {
  if (!is_offered(type)) return fail_with(ESOCKTNOSUPPORT);
  return ::socketpair(AF_UNIX, native_type(type), 0, handles);
}

int local_bind(int handle, const LocalAddress& local) {
  if (!has_abstract_names && (local.is_abstract() || local.is_unnamed())) {
    return fail_with(EADDRNOTAVAIL);
  }
  LocalAddress before;  // which unix(7) would silently keep if none is asked for
  if (local.is_unnamed() && local_name(handle, false, before) == 0 && !before.is_unnamed()) {
    return fail_with(EINVAL);
  }
  sockaddr_un address;
  const socklen_t size = to_native(local, address);
  return ::bind(handle, reinterpret_cast<const sockaddr*>(&address), size);
}

int local_connect(int handle, Type type, const LocalAddress& peer) {
  sockaddr_un address;
  socklen_t size = to_native(peer, address);
  if (type == Type::datagram && peer.is_unnamed()) {  // connect(2): the peer is forgotten
    address.sun_family = AF_UNSPEC;
    size = sizeof(address.sun_family);
  }
  return ::connect(handle, reinterpret_cast<const sockaddr*>(&address), size);
}

int local_receive_from(int handle, MutableBytes buffer, int flags, LocalAddress& peer,
                       Datagram& datagram) {
  sockaddr_un address{};
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (receive_datagram(handle, buffer, flags, any, size, datagram) == failed) return failed;
  peer = from_native(address, size);
  return 0;
}

std::ptrdiff_t local_send_to(int handle, Bytes data, int flags, const LocalAddress& peer) {
  sockaddr_un address;
  const socklen_t size = to_native(peer, address);
  return ::sendto(handle, data.data(), data.size(), flags,
                  reinterpret_cast<const sockaddr*>(&address), size);
}

int local_name(int handle, bool of_peer, LocalAddress& name) {
  sockaddr_un address{};
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const int outcome =
      of_peer ? ::getpeername(handle, any, &size) : ::getsockname(handle, any, &size);
  if (outcome == 0) name = from_native(address, size);
  return outcome;
}

Result<void> local_remove(const LocalAddress& address) {
  sockaddr_un path;
  to_native(address, path);
  struct stat about {};
  if (::lstat(path.sun_path, &about) == 0) {
    if (!S_ISSOCK(about.st_mode)) return Errc::operation_not_supported;
    if (::unlink(path.sun_path) == 0) return {};
  }
  if (errno == ENOENT || errno == ENOTDIR) return Error(Errc::name_not_found, errno);
  return local_error(During::other);
}

Error local_error(During context) {
  const int code = errno;
  const bool asks_for_a_peer = context == During::connect || context == During::send;
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      if (asks_for_a_peer) return to_error(code);
      return Error(Errc::address_not_available, code);
    case EROFS: return Error(Errc::permission_denied, code);
    case ELOOP:
    case ENAMETOOLONG: return Error(Errc::malformed_address, code);
    default: return to_error(code);
  }
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
