// Two roles of an exchange on loopback, or one of them against a peer that a test scripts.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "exchanges/exchange.hpp"

namespace exchange_tests {

using namespace twinsock::exchanges;
using ExchangeRun = twinsock::exchanges::Run;  // testing::Test has a Run of its own
using namespace std::chrono_literals;
using twinsock::Bytes;
using twinsock::Deadline;
using twinsock::Endpoint;
using twinsock::Errc;
using twinsock::Family;
using twinsock::Flags;
using twinsock::IpAddress;
using twinsock::MutableBytes;
using twinsock::RoleContext;
using twinsock::Shutdown;
using twinsock::Socket;
using twinsock::Timeout;
using twinsock::Type;

using Lines = std::vector<std::string>;

// Keeps what a role says; types what a test put into `typed`.
class Recorder final : public RoleContext {
 public:
  Lines lines;
  Lines logs;
  std::deque<std::string> typed;
  std::vector<std::string_view> words;

  bool wait_until_ready();  // false: the role ended without
  void end();

  std::span<const std::string_view> arguments() const override { return words; }
  IpAddress address(Family family) const override { return IpAddress::loopback(family); }
  void report(std::string_view line) override { lines.emplace_back(line); }
  void log(std::string_view line) override { logs.emplace_back(line); }
  void ready() override;
  int ask(std::string_view prompt, std::span<char> buffer) override;

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool ready_ = false;
  bool ended_ = false;
};

struct Outcome {
  Verdict verdict;
  Lines lines;
  Lines logs;
};
struct Outcomes {
  Outcome client;
  Outcome server;
};

struct Setup {
  Family family = Family::inet;
  Timeout deadline = 10s;
  std::vector<std::string_view> say{};
  std::deque<std::string> client_types{};  // not empty: the role is interactive
  std::deque<std::string> server_types{};
  Endpoint peer{};  // the client's, if not the server itself: something in between
};

// The endpoint that the client would be given.
using Between = std::function<Endpoint(const Endpoint& server)>;

Outcomes run_both(const Exchange& exchange, const Setup& setup, const Between& between = {});
Outcomes run_both(std::string_view name, const Setup& setup = {}, const Between& between = {});

// Its server's socket on this host, at a free port or name.
twinsock::Result<Socket> open_for(const Exchange& exchange, Family family);

// Why the exchange cannot run over this host's loopback; empty: it can.
std::string missing_here(std::string_view name, Family family);

// One role against a script, which gets an open socket: a server's accepted or bound one, or a
// client's, connected if it is a stream. The socket closes when the script returns.
using Script = std::function<void(Socket& socket, const Endpoint& server)>;
Outcome run_client(std::string_view name, const Setup& setup, const Script& server_script);
Outcome run_server(std::string_view name, const Setup& setup, const Script& client_script);

std::string text_of(const Verdict& verdict);  // for messages of failed assertions
std::string receive_text(Socket& socket);     // one recv of up to 1,024 bytes
Endpoint closed_port(Family family);

}  // namespace exchange_tests
