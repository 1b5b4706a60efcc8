// Groups and the seldom options: the same checks over every backend.
#include <core/socket_core.hpp>
#include <native/native_multicast.hpp>
#include <twinsock/multicast.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

Result<void> change_group(Socket& socket, const IpAddress& group, std::uint32_t interface,
                          bool join) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (socket.type() != Type::datagram) return Errc::operation_not_supported;
  if (group.family() != socket.family()) return Errc::address_family_not_supported;
  if (!group.is_multicast()) return Errc::invalid_argument;
  if (interface == 0) interface = group.scope();
  return native::change_group(socket.fileno(), group, interface, join);
}

Errc check(const Socket& socket, OptionId id, std::int32_t value) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (socket.type() != Type::datagram) return Errc::option_not_supported;
  const std::int32_t most = id == OptionId::multicast_ttl    ? 255
                            : id == OptionId::multicast_loop ? 1
                                                             : 65'535;
  return value < 0 || value > most ? Errc::invalid_argument : Errc::none;
}

}  // namespace

Result<void> join_group(Socket& socket, const IpAddress& group, std::uint32_t interface) {
  return change_group(socket, group, interface, true);
}

Result<void> leave_group(Socket& socket, const IpAddress& group, std::uint32_t interface) {
  return change_group(socket, group, interface, false);
}

Result<void> Socket::set_seldom_option(OptionId id, std::int32_t value) {
  if (const Errc error = check(*this, id, value); error != Errc::none) return error;
  return SocketCore::outcome(
      native::set_multicast_option(SocketCore::handle(*this), family_, id, value));
}

Result<void> Socket::get_seldom_option(OptionId id, std::int32_t& value) const {
  if (const Errc error = check(*this, id, 0); error != Errc::none) return error;
  return SocketCore::outcome(
      native::get_multicast_option(SocketCore::handle(*this), family_, id, value));
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
