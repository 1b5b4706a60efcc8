// The success path of the three calls that carry data, one native call each; all else is in
// port/core.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

inline Result<std::size_t> Socket::recv_into(MutableBytes buffer, Flags flags) {
  const native::Stamp began = native::stamp();
  if constexpr (native::inline_calls) {
    if (!buffer.empty()) {
      const std::int32_t gate = receive_gate_.load(std::memory_order_relaxed);
      const std::ptrdiff_t got =
          native::recv(gate, buffer.data(), buffer.size(), native::to_flags(flags));
      if (got > 0) [[likely]]
        return static_cast<std::size_t>(got);
      return receive(began, got, buffer, flags);
    }
  }
  return receive(began, native::not_called, buffer, flags);
}

inline Result<std::size_t> Socket::send(Bytes data, Flags flags) {
  const native::Stamp began = native::stamp();
  if constexpr (native::inline_calls) {
    const std::ptrdiff_t sent =
        native::send(handle_, data.data(), data.size(), native::to_flags(flags));
    if (sent > 0) [[likely]]
      return static_cast<std::size_t>(sent);
    return transmit(began, sent, data, flags);
  }
  return transmit(began, native::not_called, data, flags);
}

inline Result<void> Socket::sendall(Bytes data, std::size_t* sent) {
  const native::Stamp began = native::stamp();
  if constexpr (native::inline_calls) {
    const std::ptrdiff_t count =
        native::send(handle_, data.data(), data.size(), native::to_flags(Flags::none));
    if (count == static_cast<std::ptrdiff_t>(data.size())) [[likely]] {
      if (sent) *sent = data.size();
      return {};
    }
    return transmit_all(began, count, data, sent);
  }
  return transmit_all(began, native::not_called, data, sent);
}

inline Result<MutableBytes> Socket::recv(MutableBytes buffer, Flags flags) {
  const Result<std::size_t> count = recv_into(buffer, flags);
  if (!count) return count.error();
  return buffer.first(*count);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
