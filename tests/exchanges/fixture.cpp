// Two roles of an exchange on loopback, or one of them against a peer that a test scripts.
#include "fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include <twinsock/multicast.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/resolve.hpp>

#include "exchanges/local.hpp"

namespace exchange_tests {

bool Recorder::wait_until_ready() {
  std::unique_lock hold(lock_);
  changed_.wait(hold, [&] { return ready_ || ended_; });
  return ready_;
}

void Recorder::end() {
  const std::lock_guard hold(lock_);
  ended_ = true;
  changed_.notify_all();
}

void Recorder::ready() {
  const std::lock_guard hold(lock_);
  ready_ = true;
  changed_.notify_all();
}

int Recorder::ask(std::string_view, std::span<char> buffer) {
  if (typed.empty()) return -1;
  const std::string line = typed.front();
  typed.pop_front();
  const std::size_t size = std::min(line.size(), buffer.size());
  std::copy_n(line.begin(), size, buffer.begin());
  return static_cast<int>(size);
}

namespace {

constexpr std::uint32_t loopback_interface = 1;
constexpr Timeout script_patience = 20s;  // a role that went away is a failure and no hang

Outcome outcome_of(const Verdict& verdict, const Recorder& recorder) {
  return {verdict, recorder.lines, recorder.logs};
}

Outcome client_outcome(const Exchange& exchange, const Setup& setup, const Endpoint& peer,
                       const std::string& local) {
  Recorder recorder;
  recorder.typed = setup.client_types;
  ExchangeRun run{.context = recorder,
                  .deadline = Deadline(setup.deadline),
                  .peer = peer,
                  .closed = closed_port(setup.family),
                  .say = setup.say,
                  .interactive = !setup.client_types.empty(),
                  .host = "localhost",
                  .everyone = IpAddress::v4(127, 255, 255, 255),
                  .interface = loopback_interface,
                  .local = local};
  const Verdict verdict = exchange.client(run);
  return outcome_of(verdict, recorder);
}

// A server's socket, and where it is reached.
struct Listening {
  Socket socket;
  Endpoint endpoint;
  std::string local;  // its name, if it has no endpoint
};

Listening listen_for(const Exchange& exchange, Family family) {
  auto socket = open_for(exchange, family);
  if (!socket) throw std::runtime_error("cannot listen on loopback");
  if (exchange.over == Over::local) {
    const std::string name(twinsock::exchanges::text_of(*twinsock::local_name(*socket)));
    return {std::move(*socket), {}, name};
  }
  // A server for a group is bound to every address.
  const Endpoint endpoint(IpAddress::loopback(family), socket->getsockname()->port());
  return {std::move(*socket), endpoint, {}};
}

// Runs the server in a thread of its own and `client` here, once the server is ready.
Outcome with_server(const Exchange& exchange, const Setup& setup,
                    const std::function<void(const Listening&)>& client) {
  Listening listening = listen_for(exchange, setup.family);
  Recorder recorder;
  recorder.typed = setup.server_types;
  Verdict verdict;
  std::thread server([&] {
    ExchangeRun run{.context = recorder,
                    .deadline = Deadline(setup.deadline),
                    .interactive = !setup.server_types.empty(),
                    .interface = loopback_interface};
    verdict = exchange.server(run, listening.socket);
    recorder.end();
  });
  if (recorder.wait_until_ready()) client(listening);
  server.join();
  return outcome_of(verdict, recorder);
}

bool reaches_groups(Family family) {
  auto socket = Socket::open(family, Type::datagram);
  IpAddress group = IpAddress::v4(239, 255, 83, 75);
  if (family == Family::inet6) {
    group = IpAddress::v6({0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 83, 75});
  }
  return socket && socket->setsockopt(twinsock::option::multicast_ttl, 0) &&
         socket->setsockopt(twinsock::option::multicast_interface, loopback_interface) &&
         socket->sendto("", Endpoint(group, 9));
}

const Exchange& exchange_named(std::string_view name) {
  const Exchange* exchange = find(name);
  if (exchange == nullptr) throw std::runtime_error("no such exchange");
  return *exchange;
}

}  // namespace

std::string missing_here(std::string_view name, Family family) {
  const Exchange& exchange = exchange_named(name);
  if (const char* why = lacking(exchange, family)) return why;
  if (exchange.type == Type::raw &&
      !open_server(exchange, Endpoint(IpAddress::loopback(family), 0))) {
    return "no raw sockets";
  }
  if (exchange.over == Over::ethernet &&
      !twinsock::PacketSocket::open(0x88b5, loopback_interface)) {
    return "no packet sockets";
  }
  std::array<twinsock::AddressInfo, 1> room;
  if (exchange.finds == Finds::by_name &&
      !twinsock::getaddrinfo("localhost", "", room, {.family = family})) {
    return "localhost has no address of that family";
  }
  if (exchange.finds == Finds::by_group && !reaches_groups(family)) {
    return "the loopback has no route to groups";
  }
  return {};
}

twinsock::Result<Socket> open_for(const Exchange& exchange, Family family) {
  if (exchange.over == Over::local) return open_local_server("");
  return open_server(exchange, Endpoint(IpAddress::loopback(family), 0));
}

Outcomes run_both(const Exchange& exchange, const Setup& setup, const Between& between) {
  Outcomes outcomes;
  outcomes.server = with_server(exchange, setup, [&](const Listening& server) {
    const Endpoint peer = between ? between(server.endpoint) : server.endpoint;
    outcomes.client = client_outcome(exchange, setup, peer, server.local);
  });
  return outcomes;
}

Outcomes run_both(std::string_view name, const Setup& setup, const Between& between) {
  return run_both(exchange_named(name), setup, between);
}

Outcome run_client(std::string_view name, const Setup& setup, const Script& server_script) {
  const Exchange& exchange = exchange_named(name);
  Listening listening = listen_for(exchange, setup.family);
  std::thread server([&] {
    EXPECT_TRUE(listening.socket.settimeout(script_patience));
    if (exchange.type != Type::stream) return server_script(listening.socket, listening.endpoint);
    auto accepted = listening.socket.accept();
    ASSERT_TRUE(accepted);
    EXPECT_TRUE(accepted->socket.settimeout(script_patience));
    server_script(accepted->socket, listening.endpoint);
  });
  Outcome outcome = client_outcome(exchange, setup, listening.endpoint, listening.local);
  server.join();
  return outcome;
}

Outcome run_server(std::string_view name, const Setup& setup, const Script& client_script) {
  const Exchange& exchange = exchange_named(name);
  return with_server(exchange, setup, [&](const Listening& server) {
    const bool local = exchange.over == Over::local;
    auto socket = local ? twinsock::open_local(exchange.type)
                        : Socket::open(server.endpoint.family(), exchange.type);
    ASSERT_TRUE(socket);
    if (local) {
      ASSERT_TRUE(twinsock::connect(*socket, *parse_local(server.local)));
    } else if (exchange.type == Type::stream) {
      ASSERT_TRUE(socket->connect(server.endpoint));
    }
    ASSERT_TRUE(socket->settimeout(script_patience));
    client_script(*socket, server.endpoint);
  });
}

std::string text_of(const Verdict& verdict) {
  if (verdict.passed) return "passed";
  return "at " + std::string(verdict.step) + ": expected " + std::string(verdict.expected) +
         ", came " + std::string(verdict.came);
}

std::string receive_text(Socket& socket) {
  char buffer[1024];
  const auto came = socket.recv(buffer);
  return came ? std::string(came->text()) : std::string();
}

// Bound but not listening while the test program runs, so that nobody else gets it.
Endpoint closed_port(Family family) {
  static Socket inet;
  static Socket inet6;
  static std::mutex lock;
  const std::lock_guard hold(lock);
  Socket& holder = family == Family::inet6 ? inet6 : inet;
  if (!holder.is_open()) {
    auto opened = Socket::open(family, Type::stream);
    if (!opened || !opened->bind(Endpoint(IpAddress::loopback(family), 0))) return {};
    holder = std::move(*opened);
  }
  return *holder.getsockname();
}

}  // namespace exchange_tests
