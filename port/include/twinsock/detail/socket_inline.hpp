// The success path of the three calls that carry data, one native call each; all else is in
// port/core.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {

[[noreturn, gnu::cold]] void two_tasks_in_one_half();

// INVARIANT: who uses the native handle has said so before it read the handle, so that whoever
// closes either sees it here or is seen in the handle (core/tasks.cpp). The processor's half of
// that order is paid by who closes: here the fence is one for the compiler.
[[gnu::always_inline]] inline void enter(std::atomic<std::uint8_t>& half) {
#ifndef NDEBUG
  if (half.load(std::memory_order_relaxed) != 0) two_tasks_in_one_half();
#endif
  half.store(1, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}
[[gnu::always_inline]] inline void leave(std::atomic<std::uint8_t>& half) {
  half.store(0, std::memory_order_release);
}

// A count, or a failure as a negative number: what a Cortex-M returns in one register, where a
// Result takes the way through memory.
constexpr std::ptrdiff_t failure(Error error) {
  const auto bits = static_cast<std::uint32_t>(error.native()) << 16 |
                    static_cast<std::uint16_t>(error.code()) | 0x8000'0000U;
  return static_cast<std::int32_t>(bits);
}
constexpr Error error_of(std::ptrdiff_t failure) {
  const auto bits = static_cast<std::uint32_t>(failure);
  return Error(static_cast<Errc>(bits & 0xffff), static_cast<std::int32_t>(bits << 1) >> 17);
}
inline Result<std::size_t> to_result(std::ptrdiff_t outcome) {
  if (outcome < 0) return error_of(outcome);
  return static_cast<std::size_t>(outcome);
}

}  // namespace detail

inline Result<std::size_t> Socket::recv_into(MutableBytes buffer, Flags flags) {
  if constexpr (!native::inline_calls) return detail::to_result(receive(buffer, flags));
  const native::Stamp began = native::stamp();
  std::ptrdiff_t got = native::not_called;
  if (!buffer.empty()) {
    detail::enter(receivers_);
    const std::int32_t gate = receive_gate_.load(std::memory_order_relaxed);
    got = native::recv(gate, buffer.data(), buffer.size(), native::to_flags(flags));
    detail::leave(receivers_);
    if (got > 0) [[likely]]
      return static_cast<std::size_t>(got);
  }
  return detail::to_result(receive(began, got, buffer, flags));
}

inline Result<std::size_t> Socket::send(Bytes data, Flags flags) {
  if constexpr (!native::inline_calls) return detail::to_result(transmit(data, flags));
  const native::Stamp began = native::stamp();
  detail::enter(senders_);
  const std::int32_t handle = handle_.load(std::memory_order_relaxed);
  const std::ptrdiff_t sent =
      native::send(handle, data.data(), data.size(), native::to_flags(flags));
  detail::leave(senders_);
  if (sent > 0) [[likely]]
    return static_cast<std::size_t>(sent);
  return detail::to_result(transmit(began, sent, data, flags));
}

inline Result<void> Socket::sendall(Bytes data, std::size_t* sent) {
  if constexpr (!native::inline_calls) return transmit_all(data, sent);
  const native::Stamp began = native::stamp();
  detail::enter(senders_);
  const std::int32_t handle = handle_.load(std::memory_order_relaxed);
  const std::ptrdiff_t count =
      native::send(handle, data.data(), data.size(), native::to_flags(Flags::none));
  detail::leave(senders_);
  if (count == static_cast<std::ptrdiff_t>(data.size())) [[likely]] {
    if (sent) *sent = data.size();
    return {};
  }
  return transmit_all(began, count, data, sent);
}

inline int Socket::fileno() const {
  const std::int32_t handle = handle_.load(std::memory_order_relaxed);
  return handle >= 0 ? handle : -1;
}

template <class T, bool Seldom>
Result<T> Socket::getsockopt(Option<T, Seldom> option) const {
  const auto get = Seldom ? &Socket::get_seldom_option : &Socket::get_option;
  std::int32_t raw = 0;
  if (const Result<void> got = (this->*get)(option.id, raw); !got) return got.error();
  T value{};
  detail::OptionCodec::decode(raw, value);
  return value;
}

inline Result<MutableBytes> Socket::recv(MutableBytes buffer, Flags flags) {
  const Result<std::size_t> count = recv_into(buffer, flags);
  if (!count) return count.error();
  return buffer.first(*count);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
