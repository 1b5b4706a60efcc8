// errno to Errc: the one table of the posix backend.
#include <cerrno>

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

Errc translate(int code) {
  switch (code) {
    case 0: return Errc::none;
    case EAGAIN: return Errc::would_block;
    case EINPROGRESS: return Errc::in_progress;
    case EALREADY: return Errc::already_in_progress;
    case ETIMEDOUT: return Errc::timed_out;
    case ENOENT:  // a local name that nobody has
    case ENOTDIR:
    case ECONNREFUSED: return Errc::connection_refused;
    case ECONNRESET: return Errc::connection_reset;
    case ECONNABORTED: return Errc::connection_aborted;
    case EPIPE: return Errc::broken_pipe;
    case ENOTCONN: return Errc::not_connected;
    case EISCONN: return Errc::already_connected;
    case EDESTADDRREQ: return Errc::destination_required;
    case EMSGSIZE: return Errc::message_too_long;
    case EADDRINUSE: return Errc::address_in_use;
    case ENODEV:  // a scope that is no interface
    case EADDRNOTAVAIL: return Errc::address_not_available;
    case EAFNOSUPPORT:
    case EPFNOSUPPORT: return Errc::address_family_not_supported;
    case ESOCKTNOSUPPORT: return Errc::socket_type_not_supported;
    case EPROTONOSUPPORT:
    case EPROTOTYPE: return Errc::protocol_not_supported;
    case ENOPROTOOPT: return Errc::option_not_supported;
    case EOPNOTSUPP: return Errc::operation_not_supported;
    case EINVAL:
    case EDOM: return Errc::invalid_argument;
    case EACCES:
    case EPERM: return Errc::permission_denied;
    case ENETUNREACH:
    case EHOSTUNREACH: return Errc::unreachable;
    case ENETDOWN:
    case EHOSTDOWN: return Errc::network_down;
    case ENOBUFS:
    case ENOMEM: return Errc::no_buffer_space;
    case EMFILE:
    case ENFILE: return Errc::too_many_sockets;
    case EBADF:
    case ENOTSOCK: return Errc::closed;
    default: return Errc::io_error;
  }
}

}  // namespace

Error to_error(int code) { return Error(translate(code), code); }

Error last_error(During context) {
  const int code = errno;
  // connect(2), Linux: no free local port is left.
  if (context == During::connect && code == EAGAIN) return Error(Errc::address_not_available, code);
  return to_error(code);
}

bool is_would_block(int native_code) {
  return native_code == EAGAIN || native_code == EINTR || native_code == EINPROGRESS;
}

bool was_interrupted() { return errno == EINTR; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
