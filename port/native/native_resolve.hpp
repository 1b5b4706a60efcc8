// The seam's part for names: a backend needs it only for programs that resolve them.
#pragma once

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

// The addresses of one family of a host, which is not an address itself: how many were written.
// Errc::name_not_found, name_lookup_failed, no_buffer_space. Blocks as the world's resolver does.
Result<std::size_t> resolve(const char* host, Family family, std::span<IpAddress> room);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
