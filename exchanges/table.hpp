// Every exchange's two roles, each pair in the file of its name.
#pragma once

#include "exchange.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace tcp_echo {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_echo
namespace udp_echo {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace udp_echo
namespace tcp_chat {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_chat
namespace udp_chat {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace udp_chat
namespace tcp_greeting {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_greeting
namespace tcp_reply {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_reply
namespace udp_timeout {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace udp_timeout
namespace tcp_refused {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_refused
namespace tcp_bulk {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_bulk
namespace tcp_half_close {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_half_close
namespace tcp_select_server {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_select_server
namespace tcp_socketserver {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace tcp_socketserver
namespace udp_socketserver {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace udp_socketserver
namespace raw_ping {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace raw_ping
namespace dns_connect {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace dns_connect
namespace multicast_discovery {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace multicast_discovery
namespace udp_broadcast {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace udp_broadcast
namespace options_report {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace options_report
namespace unix_echo {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace unix_echo
namespace packet_echo {
Verdict client(Run& run);
Verdict server(Run& run, Socket& listening);
}  // namespace packet_echo

// In the order of `list`. constexpr, so that the table of roles is made from it at compile time.
inline constexpr Exchange table[] = {
    {"tcp_echo", "bytes back: sizes 1 to 1200, then bursts", Type::stream, tcp_echo::client,
     tcp_echo::server},
    {"udp_echo", "the same in datagrams, over a network that may lose them", Type::datagram,
     udp_echo::client, udp_echo::server},
    {"tcp_chat", "lines to and fro until the client says ###", Type::stream, tcp_chat::client,
     tcp_chat::server},
    {"udp_chat", "the same in datagrams", Type::datagram, udp_chat::client, udp_chat::server},
    {"tcp_greeting", "the server greets, the client answers and closes", Type::stream,
     tcp_greeting::client, tcp_greeting::server},
    {"tcp_reply", "one UTF-8 request, one UTF-8 reply", Type::stream, tcp_reply::client,
     tcp_reply::server},
    {"udp_timeout", "a receive that expires, then one that does not", Type::datagram,
     udp_timeout::client, udp_timeout::server},
    {"tcp_refused", "connect_ex to a closed port, then to an open one", Type::stream,
     tcp_refused::client, tcp_refused::server},
    {"tcp_bulk", "1 MiB in both directions at once, digests compared", Type::stream,
     tcp_bulk::client, tcp_bulk::server},
    {"tcp_half_close", "the client ends its half, the server answers what it counted", Type::stream,
     tcp_half_close::client, tcp_half_close::server},
    {"tcp_select_server", "one task serves three clients at once, with a Selector", Type::stream,
     tcp_select_server::client, tcp_select_server::server},
    {"tcp_socketserver", "a TcpServer of two tasks, each with a client", Type::stream,
     tcp_socketserver::client, tcp_socketserver::server},
    {"udp_socketserver", "a UdpServer, its handler called for each datagram", Type::datagram,
     udp_socketserver::client, udp_socketserver::server},
    {"raw_ping", "ICMP echoes through raw sockets, both ends looking", Type::raw, raw_ping::client,
     raw_ping::server},
    {"dns_connect", "a connection by the server's name", Type::stream, dns_connect::client,
     dns_connect::server, Finds::by_name},
    {"multicast_discovery", "a group is asked who is there, its member answers", Type::datagram,
     multicast_discovery::client, multicast_discovery::server, Finds::by_group},
    {"udp_broadcast", "everyone is asked who is there, once that is permitted", Type::datagram,
     udp_broadcast::client, udp_broadcast::server, Finds::by_broadcast},
    {"options_report", "options of each type set, read back, and refused", Type::stream,
     options_report::client, options_report::server},
    {"unix_echo", "bytes, then datagrams back, between programs of one host", Type::stream,
     unix_echo::client, unix_echo::server, Finds::by_address, Over::local},
    {"packet_echo", "Ethernet frames back, of one EtherType, once everyone was asked",
     Type::datagram, packet_echo::client, packet_echo::server, Finds::by_broadcast, Over::ethernet},
};
inline constexpr std::size_t exchange_count = sizeof table / sizeof table[0];
static_assert(role_count == 2 * exchange_count);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
