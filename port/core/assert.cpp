// Where a broken condition goes: to the program's handler if it set one, else to the backend.
//
// The library owns no static RAM. The handler's word therefore stands in assert_handler.cpp beside
// set_assert_handler, and the linker takes that file out of the library only for a program that
// calls it; its detail::call_assert_handler then replaces the weak one below. (A build that links
// the library's objects one by one, not as an archive, carries the word always.)
#include <core/assert_handler.hpp>
#include <native/native.hpp>
#include <twinsock/detail/result_storage.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {

[[gnu::weak]] void call_assert_handler(const char*, int, const char*) {}

// Here, and not a TWINSOCK_ASSERT in the header: each use of a Result then pays for one bare call.
void value_of_failed_result() {
  assertion_failed("twinsock/result.hpp", 0, "value of a failed Result");
}
void error_of_success() { assertion_failed("twinsock/result.hpp", 0, "error() of a success"); }

}  // namespace detail

void assertion_failed(const char* file, int line, const char* condition) {
  detail::call_assert_handler(file, line, condition);
  native::stop(file, line, condition);  // no handler, or one that returned although it must not
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
