// The posix world: both roles over the kernel's own sockets on loopback, each in its thread.
#include <fmt/format.h>

#include <array>
#include <semaphore>
#include <thread>

#include <twinsock/multicast.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/resolve.hpp>

#include "advice.hpp"
#include "one_at_a_time.hpp"
#include "role.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

using twinsock::IpAddress;
using twinsock::exchanges::Finds;
using twinsock::exchanges::Over;

std::optional<std::string> lacks_raw(const Exchange& exchange, Family family) {
  const auto socket =
      twinsock::exchanges::open_server(exchange, Endpoint(IpAddress::loopback(family), 0));
  if (socket) return std::nullopt;
  return fmt::format(
      "a raw socket is refused: {}; run it as root, or give this program "
      "CAP_NET_RAW",
      described(socket.error()));
}

std::optional<std::string> lacks_frames() {
  constexpr std::uint16_t ether_type = 0x88b5;  // IEEE 802: for local experiments
  const auto socket = twinsock::PacketSocket::open(ether_type, loopback_interface);
  if (socket) return std::nullopt;
  return fmt::format(
      "a packet socket on the loopback is refused: {}; run it as root, or give this program "
      "CAP_NET_RAW",
      described(socket.error()));
}

// What the loopback is called here; "": it has no name of that family.
std::string_view local_name(Family family) {
  std::array<twinsock::AddressInfo, 1> room;
  for (const std::string_view name : {"localhost", "ip6-localhost"}) {
    const auto found = twinsock::getaddrinfo(name, "", room, {.family = family});
    if (found && found->front().endpoint.address().is_loopback()) return name;
  }
  return {};
}

bool reaches_groups(Family family) {
  auto socket = twinsock::Socket::open(family, twinsock::Type::datagram);
  if (!socket) return false;
  // The discard port, with no hop to take: it goes nowhere.
  IpAddress group = IpAddress::v4(239, 255, 83, 75);
  if (family == Family::inet6) {
    group = IpAddress::v6({0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 83, 75});
  }
  return socket->setsockopt(twinsock::option::multicast_ttl, 0) &&
         socket->setsockopt(twinsock::option::multicast_interface, loopback_interface) &&
         socket->sendto("", Endpoint(group, 9));
}

class PosixWorld final : public World {
 public:
  std::string_view name() const override { return "posix"; }

  std::optional<std::string> unavailable(Family family) override {
    const auto port = reserve_closed_port(family);
    if (port) return std::nullopt;
    return fmt::format(
        "this host has no {} loopback: {}; {}", family == Family::inet6 ? "IPv6" : "IPv4",
        described(port.error()),
        family == Family::inet6 ? "turn IPv6 on, or take --family inet" : "take --family inet6");
  }

  std::optional<std::string> lacks(const Exchange& exchange, Family family) override {
    if (const char* why = twinsock::exchanges::lacking(exchange, family)) return why;
    if (exchange.over == Over::ethernet) return lacks_frames();
    if (exchange.type == twinsock::Type::raw) return lacks_raw(exchange, family);
    if (exchange.finds == Finds::by_name && local_name(family).empty()) {
      return fmt::format(
          "this host has no name for its {} loopback; add a line to /etc/hosts: "
          "{} localhost",
          twinsock::name(family), IpAddress::loopback(family).to_text().view());
    }
    if (exchange.finds == Finds::by_group && !reaches_groups(family)) {
      return "the loopback has no route to groups of this family";
    }
    return std::nullopt;
  }

  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override {
    Outcome outcome;
    Listening listening =
        exchange.over == Over::local
            ? open_local_listening("")
            : open_listening(exchange, Endpoint(IpAddress::loopback(settings.family), 0));
    auto closed = reserve_closed_port(settings.family);
    if (!listening.failure.empty() || !closed) {
      outcome.server.failure =
          closed ? listening.failure
                 : fmt::format("cannot reserve a port: {}", described(closed.error()));
      return outcome;
    }

    OneAtATime heard(watcher);
    const twinsock::Deadline deadline(settings.deadline);
    RoleSetup server{.exchange = exchange,
                     .side = Side::server,
                     .deadline = deadline,
                     .listening = &listening.socket};
    RoleSetup client{.exchange = exchange,
                     .side = Side::client,
                     .deadline = deadline,
                     .peer = {IpAddress::loopback(settings.family), listening.endpoint.port()},
                     .closed = closed->endpoint,
                     .say = settings.say,
                     .host = std::string(local_name(settings.family)),
                     .local = listening.name};
    stay_with(IpAddress::loopback(settings.family), server);
    stay_with(IpAddress::loopback(settings.family), client);
    std::binary_semaphore listens(0);
    std::thread server_thread(
        [&] { outcome.server = run_role(server, heard, [&] { listens.release(); }); });
    listens.acquire();
    outcome.client = run_role(client, heard, [] {});
    server_thread.join();
    return outcome;
  }

  bool replays() const override { return false; }
};

}  // namespace

std::unique_ptr<World> make_posix_world() { return std::make_unique<PosixWorld>(); }

}  // namespace host_sim::tool
