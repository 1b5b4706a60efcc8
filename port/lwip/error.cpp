// lwIP's errno to Errc: the one table of the lwip backend. lwIP gives one number to different
// events (facts about each are in docs/SOCKET_CONTRACT.md), so the call it came from counts as
// well.
#include <lwip/errno.h>

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

Errc translate(int code) {
  switch (code) {
    case 0: return Errc::none;
    case EWOULDBLOCK: return Errc::would_block;
    case EINPROGRESS: return Errc::in_progress;
    case EALREADY: return Errc::already_in_progress;
    case ETIMEDOUT: return Errc::timed_out;
    case ECONNRESET: return Errc::connection_reset;
    case ECONNABORTED: return Errc::connection_aborted;
    case ENOTCONN: return Errc::not_connected;
    case EISCONN: return Errc::already_connected;
    case EMSGSIZE: return Errc::message_too_long;
    case EADDRINUSE: return Errc::address_in_use;
    case EADDRNOTAVAIL: return Errc::address_not_available;
    case EAFNOSUPPORT: return Errc::address_family_not_supported;
    case ENOPROTOOPT: return Errc::option_not_supported;
    case EOPNOTSUPP: return Errc::operation_not_supported;
    case EINVAL: return Errc::invalid_argument;
    case EHOSTUNREACH: return Errc::unreachable;
    case ENOBUFS:
    case ENOMEM: return Errc::no_buffer_space;
    case ENFILE: return Errc::too_many_sockets;
    case EBADF: return Errc::closed;
    default: return Errc::io_error;  // with -1, an interface that failed, among them
  }
}

}  // namespace

Error to_error(int code, During context) {
  Errc meaning = translate(code);
  switch (context) {
    case During::open:
      if (meaning == Errc::no_buffer_space) meaning = Errc::too_many_sockets;
      break;
    case During::connect:
      if (code == ECONNRESET) meaning = Errc::connection_refused;
      if (code == ECONNABORTED) meaning = Errc::timed_out;  // TCP_SYNMAXRTX attempts
      break;
    case During::accept:
      if (code == ENOTCONN) meaning = Errc::connection_aborted;
      break;
    case During::receive:
      if (code == ECONNABORTED) meaning = Errc::timed_out;  // TCP_MAXRTX, or keep-alive
      break;
    case During::send:
      if (code == ECONNABORTED) meaning = Errc::timed_out;
      if (code == EINPROGRESS) meaning = Errc::would_block;
      if (code == EINVAL) meaning = Errc::permission_denied;  // a broadcast without the option
      break;
    case During::other: break;
  }
  return Error(meaning, code);
}

Error last_error(During context) { return to_error(errno, context); }

bool is_would_block(int native_code) {
  return native_code == EWOULDBLOCK || native_code == EINPROGRESS;
}

bool was_interrupted() { return false; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
