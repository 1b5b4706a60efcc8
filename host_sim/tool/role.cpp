// One role of an exchange on the desktop's own sockets.
#include "role.hpp"

#include <fmt/format.h>

#include "advice.hpp"
#include "exchanges/local.hpp"
#include "interface.hpp"
#include "keyboard.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using twinsock::IpAddress;
using twinsock::Result;
using twinsock::Socket;

class DesktopContext final : public twinsock::RoleContext {
 public:
  DesktopContext(const RoleSetup& setup, Watcher& watcher, const std::function<void()>& ready,
                 RoleOutcome& outcome)
      : setup_(setup), watcher_(watcher), ready_(ready), outcome_(outcome) {}

  std::span<const std::string_view> arguments() const override { return {}; }
  IpAddress address(Family family) const override { return IpAddress::loopback(family); }
  void report(std::string_view line) override {
    outcome_.transcript.emplace_back(line);
    watcher_.line(setup_.side, line);
  }
  void log(std::string_view line) override { watcher_.log(setup_.side, line); }
  void ready() override {
    if (!told_) ready_();
    told_ = true;
  }
  int ask(std::string_view prompt, std::span<char> buffer) override {
    return setup_.interactive ? watcher_.ask(prompt, buffer, setup_.deadline) : -1;
  }

 private:
  const RoleSetup& setup_;
  Watcher& watcher_;
  const std::function<void()>& ready_;
  RoleOutcome& outcome_;
  bool told_ = false;
};

std::string failure_text(const twinsock::exchanges::Verdict& verdict) {
  const std::string came = printable(verdict.came);
  return fmt::format("{}: expected {}, came {}; {}", printable(verdict.step),
                     printable(verdict.expected), came, advice(came));
}

}  // namespace

void stay_with(const IpAddress& address, RoleSetup& setup) {
  if (!address.is_loopback()) {
    const bool frames = setup.exchange.over == twinsock::exchanges::Over::ethernet;
    if (frames && !address.is_any()) setup.interface = interface_towards(address);
    return;
  }
  setup.interface = loopback_interface;
  setup.everyone = IpAddress::v4(127, 255, 255, 255);
}

RoleOutcome run_role(const RoleSetup& setup, Watcher& watcher, const std::function<void()>& ready) {
  RoleOutcome outcome;
  DesktopContext context(setup, watcher, ready, outcome);
  const std::vector<std::string_view> say(setup.say.begin(), setup.say.end());
  twinsock::exchanges::Run run{.context = context,
                               .deadline = setup.deadline,
                               .peer = setup.peer,
                               .closed = setup.closed,
                               .say = say,
                               .interactive = setup.interactive,
                               .after_arrival = setup.after_arrival,
                               .host = setup.host,
                               .everyone = setup.everyone,
                               .interface = setup.interface,
                               .local = setup.local};
  const auto verdict = setup.side == Side::client ? setup.exchange.client(run)
                                                  : setup.exchange.server(run, *setup.listening);
  context.ready();  // a server that failed before it listened keeps nobody waiting
  if (!verdict.passed) outcome.failure = failure_text(verdict);
  return outcome;
}

Result<ReservedPort> reserve_closed_port(Family family) {
  auto socket = Socket::open(family, twinsock::Type::stream);
  if (!socket) return socket.error();
  if (const auto bound = socket->bind({IpAddress::loopback(family), 0}); !bound) {
    return bound.error();
  }
  const auto endpoint = socket->getsockname();
  if (!endpoint) return endpoint.error();
  return ReservedPort{std::move(*socket), *endpoint};
}

Listening open_listening(const Exchange& exchange, const Endpoint& local) {
  const auto refused = [&](twinsock::Error error) {
    return fmt::format("cannot listen on {}: {}; {}", local.to_text().view(), described(error),
                       advice(error.code()));
  };
  Listening listening;
  listening.local = local;
  auto socket = twinsock::exchanges::open_server(exchange, local);
  if (!socket) {
    listening.failure = refused(socket.error());
    return listening;
  }
  const auto endpoint = socket->getsockname();
  if (!endpoint) {
    listening.failure = refused(endpoint.error());
    return listening;
  }
  listening.socket = std::move(*socket);
  const bool has_port = exchange.type != twinsock::Type::raw;
  listening.endpoint = Endpoint(local.address(), has_port ? endpoint->port() : std::uint16_t{0});
  return listening;
}

Listening open_local_listening(const std::string& name) {
  Listening listening;
  auto socket = twinsock::exchanges::open_local_server(name);
  const auto bound = socket ? twinsock::local_name(*socket) : socket.error();
  if (!bound) {
    listening.failure = fmt::format("cannot listen on {}: {}; {}", name, described(bound.error()),
                                    bound.error() == twinsock::Errc::address_in_use
                                        ? "stop the program that holds it, or take another name"
                                        : "take a name in a folder that is there and is yours");
    return listening;
  }
  listening.socket = std::move(*socket);
  listening.name = twinsock::exchanges::text_of(*bound);
  return listening;
}

}  // namespace host_sim::tool
