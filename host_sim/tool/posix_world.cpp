// The posix world: both roles over the kernel's own sockets on loopback, each in its thread.
#include <fmt/format.h>

#include <semaphore>
#include <thread>

#include "advice.hpp"
#include "one_at_a_time.hpp"
#include "role.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

using twinsock::IpAddress;

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

  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override {
    Outcome outcome;
    Listening listening =
        open_listening(exchange, Endpoint(IpAddress::loopback(settings.family), 0));
    auto closed = reserve_closed_port(settings.family);
    if (!listening.failure.empty() || !closed) {
      outcome.server.failure =
          closed ? listening.failure
                 : fmt::format("cannot reserve a port: {}", described(closed.error()));
      return outcome;
    }

    OneAtATime heard(watcher);
    const twinsock::Deadline deadline(settings.deadline);
    const RoleSetup server{.exchange = exchange,
                           .side = Side::server,
                           .deadline = deadline,
                           .listening = &listening.socket};
    const RoleSetup client{.exchange = exchange,
                           .side = Side::client,
                           .deadline = deadline,
                           .peer = listening.endpoint,
                           .closed = closed->endpoint,
                           .say = settings.say};
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
