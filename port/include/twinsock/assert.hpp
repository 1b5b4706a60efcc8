// Bugs stop the program here, in every world, through one handler that a test or a product
// replaces. What a peer or a network can cause is never a bug: it is a value (twinsock/errc.hpp).
#pragma once

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// Called with the file, the line and the broken condition; must not return.
using AssertHandler = void (*)(const char* file, int line, const char* condition);

// Replaces the handler and returns the one before; nullptr restores the backend's own, which prints
// one line and stops the program (POSIX: abort; lwIP: LWIP_PLATFORM_ASSERT). Not thread-safe: set
// it at start-up. Never blocks.
AssertHandler set_assert_handler(AssertHandler handler);

[[noreturn]] void assertion_failed(const char* file, int line, const char* condition);

}  // namespace twinsock::inline TWINSOCK_BACKEND

#define TWINSOCK_ASSERT(condition)                     \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::twinsock::assertion_failed(__FILE__, __LINE__, #condition))
