// The lwip backend's part of the public headers: its namespace. Every call is out of line, which
// keeps each further user of a socket small in flash; no lwIP header reaches a user's program.
#pragma once

#include <cstddef>
#include <cstdint>

#define TWINSOCK_BACKEND lwip

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Flags : std::uint8_t;

namespace native {

inline constexpr bool inline_calls = false;
inline constexpr std::ptrdiff_t not_called = -2;
inline constexpr std::size_t most_polled = 32;

struct Stamp {};
using StampArgument = Stamp;
inline Stamp stamp() { return {}; }
std::ptrdiff_t recv(int handle, void* data, std::size_t size, int flags);
std::ptrdiff_t send(int handle, const void* data, std::size_t size, int flags);
// MSG_PEEK is 1, MSG_DONTWAIT 8, as in Flags. port/lwip asserts these at compile time.
constexpr int to_flags(Flags flags) { return static_cast<int>(flags); }

}  // namespace native

}  // namespace twinsock::inline TWINSOCK_BACKEND
