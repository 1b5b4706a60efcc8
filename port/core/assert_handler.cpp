// The replaceable assert handler and its word of RAM: see assert.cpp for why it stands alone.
#include <core/assert_handler.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {
AssertHandler chosen_handler = nullptr;  // nullptr: the backend's own
}

namespace detail {
void call_assert_handler(const char* file, int line, const char* condition) {
  if (chosen_handler) chosen_handler(file, line, condition);
}
}  // namespace detail

AssertHandler set_assert_handler(AssertHandler handler) {
  const AssertHandler before = chosen_handler;
  chosen_handler = handler;
  return before;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
