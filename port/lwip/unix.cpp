// AF_UNIX over lwIP: there is none, which is said at once.
#include <lwip/errno.h>

#include <lwip/backend_internal.hpp>
#include <native/native_unix.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

int no_such_family() {
  errno = EAFNOSUPPORT;
  return failed;
}

}  // namespace

int local_open(Type) { return no_such_family(); }
int local_pair(Type, int (&)[2]) { return no_such_family(); }
int local_bind(int, const LocalAddress&) { return no_such_family(); }
int local_connect(int, Type, const LocalAddress&) { return no_such_family(); }
int local_receive_from(int, MutableBytes, int, LocalAddress&, Datagram&) {
  return no_such_family();
}
std::ptrdiff_t local_send_to(int, Bytes, int, const LocalAddress&) { return no_such_family(); }
int local_name(int, bool, LocalAddress&) { return no_such_family(); }
Result<void> local_remove(const LocalAddress&) { return Errc::address_family_not_supported; }
Error local_error(During context) { return to_error(errno, context); }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
