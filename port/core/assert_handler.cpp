// The replaceable assert handler and its word of RAM: see assert.cpp for why it stands alone.
#include <core/assert_handler.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {
AssertHandler current = nullptr;  // nullptr: the backend's own
}

namespace detail {
void call_assert_handler(const char* file, int line, const char* condition) {
  if (current) current(file, line, condition);
}
}  // namespace detail

AssertHandler set_assert_handler(AssertHandler handler) {
  const AssertHandler before = current;
  current = handler;
  return before;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
