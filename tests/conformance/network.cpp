// Cases: what the network tells, or fails to tell: no route, an ICMP error, an interface that is
// down, a peer that fell silent.
#include <utility>

#include <conformance/context.hpp>
#include <twinsock/packet.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Protocol icmp = 1, tcp = 6;
constexpr std::size_t ipv4_header = 20, icmp_header = 8, told = ipv4_header + 8;

// Documentation addresses (RFC 5737, RFC 3849), to which nothing leads in any world of the cases.
Endpoint nowhere(Family family) {
  if (family == Family::inet) return {IpAddress::v4(203, 0, 113, 9), 9};
  return {IpAddress::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}), 9};
}

// A datagram socket where nothing leads to nowhere(), after `call`.
Errc without_a_route(Context& t, Errc (*call)(Socket& socket, const Endpoint& peer)) {
  const bool left = t.host().leave_network(true);
  Socket socket = t.udp();
  const Errc outcome = call(socket, nowhere(t.family()));
  if (left) t.host().return_to_network();
  return outcome;
}

// "Host unreachable" about the packet with that beginning (RFC 792).
using IcmpError = std::array<std::uint8_t, icmp_header + told>;
IcmpError host_unreachable(std::span<const std::uint8_t> packet) {
  IcmpError error{3, 1};
  for (std::size_t i = 0; i < told; ++i) error[icmp_header + i] = packet[i];
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < error.size(); i += 2) {
    sum += static_cast<std::uint32_t>(error[i] << 8 | error[i + 1]);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~(sum + (sum >> 16));
  error[2] = static_cast<std::uint8_t>(sum >> 8);
  error[3] = static_cast<std::uint8_t>(sum);
  return error;
}

// A connect that nobody answers, and an ICMP error about its first packet, as a router on the way
// would send it. Then what a further connect says within 150 ms.
Errc after_an_icmp_error(Context& t) {
  Socket listener = t.listener(1);
  Socket clients[4];
  const Endpoint there = t.reach(listener);
  for (Socket& each : clients) {  // the backlog is full when one gets no answer
    each = t.tcp();
    if (!each.settimeout(std::chrono::milliseconds(100))) return Errc::io_error;
    if (each.connect_ex(there) == Errc::timed_out) break;
  }
  Result<Socket> wire = Socket::open(Family::inet, Type::raw, tcp);
  Result<Socket> router = Socket::open(Family::inet, Type::raw, icmp);
  Socket client = t.tcp();
  if (!wire || !router || !wire->settimeout(t.patience()) || !client.setblocking(false) ||
      client.connect_ex(there) != Errc::in_progress) {
    return Errc::io_error;
  }
  const Result<Endpoint> name = client.getsockname();
  std::array<std::uint8_t, 128> packet{};
  for (std::uint16_t from = 0; !name || from != name->port();) {
    const Result<std::size_t> size = wire->recv_into(packet);
    if (!name || !size || *size < told) return Errc::io_error;
    from = static_cast<std::uint16_t>(packet[ipv4_header] << 8 | packet[ipv4_header + 1]);
  }
  const Result<std::size_t> sent = router->sendto(host_unreachable(packet), {t.address(), 0});
  Errc outcome = sent ? Errc::already_in_progress : sent.error().code();
  for (int i = 0; i < 30 && outcome == Errc::already_in_progress; ++i) {
    sleep_for(std::chrono::milliseconds(5));
    outcome = client.connect_ex(there);
  }
  return outcome;
}

// Two ends, of which one sends nothing and hears nothing any more.
bool silent_pair(Context& t, Pair& pair) {
  if (!t.connect(pair)) return false;
  if (t.silence(pair.server)) return true;
  t.fail(__FILE__, __LINE__, "silencing the peer");
  return false;
}

// Ends both without a further word to each other.
void forget(Context& t, Pair& pair) {
  t.end_silence();
  Context::reset(pair.client);
  Context::reset(pair.server);
}

constexpr Case cases[] = {
    {"Datagram.WithoutARouteIsUnreachable", "DGRAM-20", each_family,
     [](Context& t) {
       CHECK_ERROR(without_a_route(t,
                                   [](Socket& socket, const Endpoint& peer) {
                                     return outcome_of(socket.sendto("x", peer));
                                   }),
                   Errc::unreachable);
     },
     everywhere, nullptr, no_route},
    {"Datagram.ConnectWithoutARouteIsUnreachable", "DGRAM-20", each_family,
     [](Context& t) {
       CHECK_ERROR(without_a_route(t,
                                   [](Socket& socket, const Endpoint& peer) {
                                     return outcome_of(socket.connect(peer));
                                   }),
                   Errc::unreachable);
     },
     on_posix, "lwIP looks for a route when a datagram is sent", no_route},
    {"Datagram.ConnectWithoutARouteSucceeds", "DGRAM-20", each_family,
     [](Context& t) {
       CHECK_OK(without_a_route(t, [](Socket& socket, const Endpoint& peer) {
         return outcome_of(socket.connect(peer));
       }));
     },
     on_lwip, "Linux looks for a route at once", no_route},
    {"Connect.IcmpErrorEndsAnAttempt", "CONNECT-15", inet_only,
     [](Context& t) { CHECK_ERROR(after_an_icmp_error(t), Errc::unreachable); }, on_posix,
     "lwIP ignores ICMP errors: the time runs out", raw_sockets | more_sockets},
    {"Connect.IcmpErrorIsIgnored", "CONNECT-15", inet_only,
     [](Context& t) { CHECK_ERROR(after_an_icmp_error(t), Errc::already_in_progress); }, on_lwip,
     "Linux ends the attempt", raw_sockets | more_sockets | undisturbed},
    {"Error.InterfaceThatIsDownIsNetworkDown", "ERR-4", any_family,
     [](Context& t) {
       CHECK(t.host().leave_network(false));
       Result<PacketSocket> socket = PacketSocket::open(0x88b5, 1);
       const Errc outcome =
           socket ? outcome_of(socket->sendto(t.scratch().first(64), MacAddress())) : Errc::none;
       t.host().return_to_network();
       CHECK_ERROR(outcome, Errc::network_down);
     },
     everywhere, nullptr, own_frames | no_route},
    {"Reset.SilentPeerIsATimeOut", "RESET-7", each_family,
     [](Context& t) {
       Pair pair;
       CHECK(silent_pair(t, pair));
       CHECK_OK(pair.client.setsockopt(option::keep_alive_idle, std::chrono::seconds(1)));
       CHECK_OK(pair.client.setsockopt(option::keep_alive_interval, std::chrono::seconds(1)));
       CHECK_OK(pair.client.setsockopt(option::keep_alive_count, 1));
       CHECK_OK(pair.client.setsockopt(option::keep_alive, true));
       std::array<char, 4> buffer;
       const Errc first = outcome_of(pair.client.recv(buffer));
       const bool not_by_deadline = !t.patience().is_zero();
       const Errc second = outcome_of(pair.client.recv(buffer));
       const Errc send = outcome_of(pair.client.send("x"));
       forget(t, pair);
       CHECK_ERROR(first, Errc::timed_out);
       CHECK(not_by_deadline);
       CHECK_ERROR(second, Errc::connection_reset);
       CHECK_ERROR(send, Errc::broken_pipe);
     },
     everywhere, nullptr, silencer | undisturbed},
    {"Reset.BytesNobodyAcknowledgesAreATimeOut", "RESET-7", each_family,
     [](Context& t) {
       Pair pair;
       CHECK(silent_pair(t, pair));
       const Result<std::size_t> sent = pair.client.send("is anybody there?");
       CHECK_OK(pair.client.settimeout(std::chrono::hours(3)));
       std::array<char, 4> buffer;
       const std::uint32_t began_ms = now_ms();
       const Errc first = outcome_of(pair.client.recv(buffer));
       const bool not_by_deadline = now_ms() - began_ms < 3 * 3'600'000;
       const Errc second = outcome_of(pair.client.recv(buffer));
       const Errc send = outcome_of(pair.client.send("x"));
       forget(t, pair);
       CHECK_OK(sent);
       CHECK_ERROR(first, Errc::timed_out);
       CHECK(not_by_deadline);
       CHECK_ERROR(second, Errc::connection_reset);
       CHECK_ERROR(send, Errc::broken_pipe);
     },
     everywhere, nullptr, silencer | skips_time | undisturbed},
};

}  // namespace

std::span<const Case> network_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
