// Typed options: which socket has which, and the range of each, the same over every backend.
#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

enum : std::uint8_t {
  stream = 1,
  datagram = 2,
  raw = 4,
  any = stream | datagram | raw,
  inet6_only = 8,
  inherited = 16,         // a native stack may hand it on to accepted sockets
  connections_only = 32,  // a listener has none, as its connections inherit nothing
};

struct Rule {
  OptionId id;
  std::uint8_t traits;
  std::int16_t least;
  std::int32_t most;
};

constexpr std::int32_t seconds_max = 32'767;
constexpr Rule rules[] = {
    {OptionId::reuse_address, any, 0, 1},
    {OptionId::keep_alive, stream | inherited, 0, 1},
    {OptionId::keep_alive_idle, stream | inherited | connections_only, 1, seconds_max},
    {OptionId::keep_alive_interval, stream | inherited | connections_only, 1, seconds_max},
    {OptionId::keep_alive_count, stream | inherited | connections_only, 1, 127},
    {OptionId::no_delay, stream | inherited | connections_only, 0, 1},
    {OptionId::linger, stream | inherited, -1, seconds_max},
    {OptionId::broadcast, datagram | raw, 0, 1},
    {OptionId::receive_buffer, any | inherited, 1, INT32_MAX},
    {OptionId::send_buffer, any | inherited, 1, INT32_MAX},
    {OptionId::pending_error, any, 1, 0},  // empty: read only
    {OptionId::time_to_live, any | inherited, 1, 255},
    {OptionId::type_of_service, any | inherited, 0, 255},
    {OptionId::ipv6_only, any | inet6_only, 0, 1},
};

constexpr bool in_order() {
  std::size_t index = 0;
  for (const Rule& rule : rules) {
    if (rule.id != static_cast<OptionId>(index++)) return false;
  }
  return index == static_cast<std::size_t>(OptionId::ipv6_only) + 1;
}
static_assert(in_order(), "an option's number is its place in the table");

const Rule& rule_of(OptionId id) { return rules[static_cast<std::size_t>(id)]; }

Errc applies(const Socket& socket, OptionId id) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (id > OptionId::ipv6_only) return Errc::option_not_supported;  // the seldom ones are elsewhere
  static_assert(1 << static_cast<int>(Type::stream) == stream &&
                1 << static_cast<int>(Type::datagram) == datagram &&
                1 << static_cast<int>(Type::raw) == raw);
  const std::uint8_t traits = rule_of(id).traits;
  if ((traits & 1 << static_cast<int>(socket.type())) == 0 ||
      ((traits & inet6_only) != 0 && socket.family() != Family::inet6)) {
    return Errc::option_not_supported;
  }
  const bool listens = SocketCore::phase(socket) == detail::Phase::listening;
  return listens && (traits & connections_only) != 0 ? Errc::invalid_argument : Errc::none;
}

}  // namespace

// The stack tells it once, so that it is noted here: a later receive must not take it for an end.
Errc SocketCore::take_pending_error(const Socket& socket) {
  const bool connecting = phase(socket) == Phase::connecting;
  const auto context = connecting ? native::During::connect : native::During::receive;
  const Errc pending = native::pending_error(handle(socket), context).code();
  if (pending == Errc::none || !is_stream(socket)) return pending;
  if (connecting) set_phase(socket, Phase::failed);
  if (phase(socket) == Phase::connected || phase(socket) == Phase::shut_write) broken(socket);
  return pending;
}

Result<void> Socket::set_option(OptionId id, std::int32_t value) {
  if (const Errc error = applies(*this, id); error != Errc::none) return error;
  const Rule& rule = rule_of(id);
  if (value < rule.least || value > rule.most) return Errc::invalid_argument;
  const Error outcome =
      SocketCore::outcome(native::set_option(SocketCore::handle(*this), family_, id, value));
  if (outcome == Errc::none && (rule.traits & inherited) != 0) SocketCore::touch_options(*this);
  return outcome;
}

Result<void> Socket::get_option(OptionId id, std::int32_t& value) const {
  if (const Errc error = applies(*this, id); error != Errc::none) return error;
  if (id == OptionId::pending_error) {
    value = static_cast<std::int32_t>(SocketCore::take_pending_error(*this));
    return {};
  }
  return SocketCore::outcome(native::get_option(SocketCore::handle(*this), family_, id, value));
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
