// The posix backend's part of the public headers: its namespace, and the native calls that are
// worth a place on the caller's success path. No system header is included here.
#pragma once

#include <cstddef>
#include <cstdint>

#define TWINSOCK_BACKEND posix

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Flags : std::uint8_t;

namespace native {

inline constexpr bool inline_calls = true;
inline constexpr std::ptrdiff_t not_called = -2;  // distinct from the -1 of a failed native call
inline constexpr std::size_t most_polled = 1024;

// The C library's own functions under other names, so that a user's program sees no system header.
std::ptrdiff_t recv(int handle, void* data, std::size_t size, int flags) __asm__("recv");
std::ptrdiff_t send(int handle, const void* data, std::size_t size, int flags) __asm__("send");

// MSG_PEEK is 2, MSG_DONTWAIT 0x40, MSG_NOSIGNAL 0x4000 (always: a broken pipe is a value, not a
// signal). port/posix asserts these at compile time.
constexpr int to_flags(Flags flags) {
  const int bits = static_cast<int>(flags);
  return ((bits & 1) << 1) | ((bits & 8) << 3) | 0x4000;
}

// When a call began, as cheaply as the machine can tell: a signal may cut a timed wait short, and
// then the rest of its deadline has to be known. Only port/posix can turn it into milliseconds.
struct Stamp {
  std::uint32_t low, high;  // apart: to join them costs two instructions a call
};
using StampArgument = const Stamp&;
inline Stamp stamp() {
#if defined(__x86_64__)
  Stamp ticks;
  __asm__ volatile("rdtsc" : "=a"(ticks.low), "=d"(ticks.high));
  return ticks;
#elif defined(__aarch64__)
  std::uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return {static_cast<std::uint32_t>(ticks), static_cast<std::uint32_t>(ticks >> 32)};
#else
  return {};  // unknown: the deadline then starts anew at the first signal
#endif
}

}  // namespace native

}  // namespace twinsock::inline TWINSOCK_BACKEND
