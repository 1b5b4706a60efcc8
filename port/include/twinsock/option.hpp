// Typed socket options: the value's type, unit and range are the option's, the same in every world.
//
//   socket.setsockopt(option::keep_alive_idle, std::chrono::seconds(30));
//   bool on = socket.getsockopt(option::no_delay).value_or(false);
//
// A value outside the range is Errc::invalid_argument and changes nothing; an option that this kind
// of socket or this world lacks is Errc::option_not_supported. What was set is what is read back.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <twinsock/errc.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

enum class OptionId : std::uint8_t {
  reuse_address,
  keep_alive,
  keep_alive_idle,
  keep_alive_interval,
  keep_alive_count,
  no_delay,
  linger,
  broadcast,
  receive_buffer,
  send_buffer,
  pending_error,
  time_to_live,
  type_of_service,
  ipv6_only,
  multicast_ttl,
  multicast_loop,
  multicast_interface,
};

// Seldom: implemented apart from the others, so that it costs no flash where it is not used.
template <class T, bool Seldom = false>
struct Option {
  using value_type = T;
  OptionId id;
};

namespace option {

// Bind although a closed connection still holds the port (SO_REUSEADDR). Default off;
// docs/SOCKET_CONTRACT.md says when a server wants it (nearly always).
inline constexpr Option<bool> reuse_address{OptionId::reuse_address};
// Probe a silent TCP peer (SO_KEEPALIVE). Default off.
inline constexpr Option<bool> keep_alive{OptionId::keep_alive};
// Silence before the first probe: 1 … 32,767 s, default 7,200 s. TCP.
inline constexpr Option<std::chrono::seconds> keep_alive_idle{OptionId::keep_alive_idle};
// Between probes: 1 … 32,767 s, default 75 s. TCP.
inline constexpr Option<std::chrono::seconds> keep_alive_interval{OptionId::keep_alive_interval};
// Probes without an answer before Errc::timed_out: 1 … 127, default 9. TCP.
inline constexpr Option<int> keep_alive_count{OptionId::keep_alive_count};
// Send small segments at once, without Nagle's algorithm (TCP_NODELAY). Default off. TCP.
inline constexpr Option<bool> no_delay{OptionId::no_delay};
// What close does with unsent bytes: nullopt (default) sends them in the background; 0 s drops them
// and resets the connection; 1 … 32,767 s waits that long for them. TCP.
inline constexpr Option<std::optional<std::chrono::seconds>> linger{OptionId::linger};
// Allow datagrams to a broadcast address (SO_BROADCAST). Default off. Datagram and raw.
inline constexpr Option<bool> broadcast{OptionId::broadcast};
// Bytes the stack holds for us: 1 … 2,147,483,647, within the system's own limits (Linux:
// 2,304 … net.core.rmem_max, read back as it was set). Datagrams beyond it are dropped.
inline constexpr Option<int> receive_buffer{OptionId::receive_buffer};
// Bytes the stack holds of ours. lwIP fixes it at build time: Errc::option_not_supported.
inline constexpr Option<int> send_buffer{OptionId::send_buffer};
// The outcome of a non-blocking connect, or what befell the connection; reading clears it. Read
// only.
inline constexpr Option<Errc> pending_error{OptionId::pending_error};
// Hops a packet may take (IP_TTL, IPV6_UNICAST_HOPS): 1 … 255; the default is the stack's.
inline constexpr Option<int> time_to_live{OptionId::time_to_live};
// The IPv4 TOS byte, or the IPv6 traffic class: 0 … 255, default 0.
inline constexpr Option<int> type_of_service{OptionId::type_of_service};
// An inet6 socket that leaves IPv4 alone (IPV6_V6ONLY). Default off: it serves both.
inline constexpr Option<bool> ipv6_only{OptionId::ipv6_only};

}  // namespace option

namespace detail {  // how each value type travels through the one untyped call
struct OptionCodec {
  static constexpr std::int32_t encode(bool value) { return value ? 1 : 0; }
  static constexpr std::int32_t encode(int value) { return value; }
  static constexpr std::int32_t encode(std::chrono::seconds value) {  // INT32_MIN is refused
    const auto count = value.count();
    return count < 0 || count > INT32_MAX ? INT32_MIN : static_cast<std::int32_t>(count);
  }
  static constexpr std::int32_t encode(std::optional<std::chrono::seconds> value) {
    return value ? encode(*value) : -1;
  }
  static constexpr void decode(std::int32_t from, bool& to) { to = from != 0; }
  static constexpr void decode(std::int32_t from, int& to) { to = static_cast<int>(from); }
  static constexpr void decode(std::int32_t from, Errc& to) { to = static_cast<Errc>(from); }
  static constexpr void decode(std::int32_t from, std::chrono::seconds& to) {
    to = std::chrono::seconds(from);
  }
  static constexpr void decode(std::int32_t from, std::optional<std::chrono::seconds>& to) {
    to = from < 0 ? std::nullopt : std::optional(std::chrono::seconds(from));
  }
};
}  // namespace detail

}  // namespace twinsock::inline TWINSOCK_BACKEND
