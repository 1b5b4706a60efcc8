// lwIP's errno to Errc: the one table of the lwip backend. lwIP gives one number to different
// events (facts about each are in docs/SOCKET_CONTRACT.md), so the call it came from counts as
// well.
#include <lwip/errno.h>

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

// Rows of one code: those of a call come before the one of all calls, During::other.
struct Row {
  std::uint8_t code;
  During context;
  Errc meaning;
};

constexpr Row rows[] = {
    {ENOBUFS, During::open, Errc::too_many_sockets},
    {ENOMEM, During::open, Errc::too_many_sockets},
    {ECONNRESET, During::connect, Errc::connection_refused},
    {ECONNABORTED, During::connect, Errc::timed_out},  // TCP_SYNMAXRTX attempts
    {ENOTCONN, During::accept, Errc::connection_aborted},
    {ECONNABORTED, During::receive, Errc::timed_out},  // TCP_MAXRTX, or keep-alive
    {ECONNABORTED, During::send, Errc::timed_out},
    {EINPROGRESS, During::send, Errc::would_block},
    {EINVAL, During::send, Errc::permission_denied},  // a broadcast without the option

    {0, During::other, Errc::none},
    {EWOULDBLOCK, During::other, Errc::would_block},
    {EINPROGRESS, During::other, Errc::in_progress},
    {EALREADY, During::other, Errc::already_in_progress},
    {ETIMEDOUT, During::other, Errc::timed_out},
    {ECONNRESET, During::other, Errc::connection_reset},
    {ECONNABORTED, During::other, Errc::connection_aborted},
    {ENOTCONN, During::other, Errc::not_connected},
    {EISCONN, During::other, Errc::already_connected},
    {EMSGSIZE, During::other, Errc::message_too_long},
    {EADDRINUSE, During::other, Errc::address_in_use},
    {EADDRNOTAVAIL, During::other, Errc::address_not_available},
    {EAFNOSUPPORT, During::other, Errc::address_family_not_supported},
    {ENOPROTOOPT, During::other, Errc::option_not_supported},
    {EOPNOTSUPP, During::other, Errc::operation_not_supported},
    {EINVAL, During::other, Errc::invalid_argument},
    {EHOSTUNREACH, During::other, Errc::unreachable},
    {ENOBUFS, During::other, Errc::no_buffer_space},
    {ENOMEM, During::other, Errc::no_buffer_space},
    {ENFILE, During::other, Errc::too_many_sockets},
    {EBADF, During::other, Errc::closed},
};

}  // namespace

Error to_error(int code, During context) {
  for (const Row& row : rows) {
    if (row.code == code && (row.context == context || row.context == During::other)) {
      return Error(row.meaning, code);
    }
  }
  return Error(Errc::io_error, code);  // with -1, an interface that failed, among them
}

Error last_error(During context) { return to_error(errno, context); }

bool is_would_block(int native_code) {
  return native_code == EWOULDBLOCK || native_code == EINPROGRESS;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
