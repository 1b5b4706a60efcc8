// Multicast: join and leave groups, and say how datagrams to a group are sent. Datagram sockets.
//
//   socket.bind({IpAddress::any(Family::inet), 5353});
//   join_group(socket, IpAddress::v4(224, 0, 0, 251));
//   socket.setsockopt(option::multicast_ttl, 4);
//
// `interface` is an interface's number (1, 2, … as the world counts them), 0: the world's choice.
// A group is left when its socket is closed. Nothing here blocks; threads as Socket's.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// invalid_argument (no multicast address), address_family_not_supported (not the socket's),
// address_in_use (a member already), address_not_available (no such interface, or none with
// multicast), no_buffer_space (the table of groups is full), operation_not_supported (a stream).
Result<void> join_group(Socket& socket, const IpAddress& group, std::uint32_t interface = 0);
// address_not_available: it is not a member.
Result<void> leave_group(Socket& socket, const IpAddress& group, std::uint32_t interface = 0);

namespace option {

// Hops of datagrams to a group: 0 (this host) … 255, default 1.
inline constexpr Option<int, true> multicast_ttl{OptionId::multicast_ttl};
// Whether this host's own members get them as well. Default on.
inline constexpr Option<bool, true> multicast_loop{OptionId::multicast_loop};
// The interface they leave by; 0: the world's choice.
inline constexpr Option<int, true> multicast_interface{OptionId::multicast_interface};

}  // namespace option

}  // namespace twinsock::inline TWINSOCK_BACKEND
