// Typed options: which socket has which, and the range of each, the same over every backend.
#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

enum Kinds : std::uint8_t { stream = 1, datagram = 2, raw = 4, any = 7 };

struct Rule {
  Kinds kinds;
  bool inet6_only;
  bool inherited;         // a native stack may hand it on to accepted sockets
  bool connections_only;  // a listener has none, as its connections inherit nothing
  std::int64_t least;
  std::int64_t most;
};

constexpr std::int64_t int_max = 2'147'483'647;
constexpr std::int64_t seconds_max = 32'767;

constexpr Rule rule_of(OptionId id) {
  switch (id) {
    case OptionId::reuse_address: return {any, false, false, false, 0, 1};
    case OptionId::keep_alive: return {stream, false, true, false, 0, 1};
    case OptionId::keep_alive_idle:
    case OptionId::keep_alive_interval: return {stream, false, true, true, 1, seconds_max};
    case OptionId::keep_alive_count: return {stream, false, true, true, 1, 127};
    case OptionId::no_delay: return {stream, false, true, true, 0, 1};
    case OptionId::linger: return {stream, false, true, false, -1, seconds_max};
    case OptionId::broadcast:
      return {static_cast<Kinds>(datagram | raw), false, false, false, 0, 1};
    case OptionId::receive_buffer:
    case OptionId::send_buffer: return {any, false, true, false, 1, int_max};
    case OptionId::pending_error: return {any, false, false, false, 1, 0};  // empty: read only
    case OptionId::time_to_live: return {any, false, true, false, 1, 255};
    case OptionId::type_of_service: return {any, false, true, false, 0, 255};
    case OptionId::ipv6_only: return {any, true, false, false, 0, 1};
    default: break;  // the seldom ones are elsewhere
  }
  return {any, false, false, false, 1, 0};
}

Errc applies(const Rule& rule, Family family, Type type, detail::Phase phase) {
  const int kind = type == Type::stream ? stream : type == Type::datagram ? datagram : raw;
  if ((rule.kinds & kind) == 0) return Errc::option_not_supported;
  if (rule.inet6_only && family != Family::inet6) return Errc::option_not_supported;
  if (rule.connections_only && phase == detail::Phase::listening) return Errc::invalid_argument;
  return Errc::none;
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

Result<void> Socket::set_option(OptionId id, std::int64_t value) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  const Rule rule = rule_of(id);
  const detail::Phase phase = SocketCore::phase(*this);
  if (const Errc error = applies(rule, family_, type_, phase); error != Errc::none) return error;
  if (value < rule.least || value > rule.most) return Errc::invalid_argument;
  if (native::set_option(SocketCore::handle(*this), family_, id, value) == native::failed) {
    return native::last_error(native::During::other);
  }
  if (rule.inherited) SocketCore::touch_options(*this);
  return {};
}

Result<std::int64_t> Socket::get_option(OptionId id) const {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  const detail::Phase phase = SocketCore::phase(*this);
  const Errc error = applies(rule_of(id), family_, type_, phase);
  if (error != Errc::none) return error;
  if (id == OptionId::pending_error) {
    return static_cast<std::int64_t>(SocketCore::take_pending_error(*this));
  }
  std::int64_t value = 0;
  if (native::get_option(SocketCore::handle(*this), family_, id, value) == native::failed) {
    return native::last_error(native::During::other);
  }
  return value;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
