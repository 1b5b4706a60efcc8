// How assertion_failed reaches the program's handler, in the programs that have one.
#pragma once

#include <twinsock/assert.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::detail {

// Weak in assert.cpp, where it does nothing; assert_handler.cpp has the other one.
void call_assert_handler(const char* file, int line, const char* condition);

}  // namespace twinsock::inline TWINSOCK_BACKEND::detail
