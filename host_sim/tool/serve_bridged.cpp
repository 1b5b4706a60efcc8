// serve in the sim world: the server is a node, its clients are the desktop's.
#include <fmt/format.h>

#include <host_sim/inspect.hpp>

#include "bridged.hpp"
#include "chat_watcher.hpp"
#include "command.hpp"
#include "serve_loop.hpp"

namespace host_sim::tool {

namespace {

constexpr std::uint16_t node_port = 5005;
constexpr Duration longest_boot = std::chrono::seconds(10);

class BridgedServer {
 public:
  BridgedServer(const Arguments& arguments, const Exchange& exchange, Console& console)
      : arguments_(arguments),
        console_(console),
        watcher_(console),
        served_(arguments, exchange, console),
        local_(parse_local(exchange)),
        deadline_(chat_deadline(arguments)),
        bridged_(arguments, exchange, Side::server, watcher_) {}

  int serve() {
    std::string failure = start();
    if (bridged_.stopped()) return end();
    while (failure.empty()) {
      const RunResult result = bridged_.run_until(
          [this] { return bridged_.has_verdict() || bridged_.node().finished(); }, forever,
          "a client");
      while (bridged_.has_verdict()) {
        const bool passed = report(bridged_.take_verdict());
        if (!arguments_.once) continue;
        bridged_.drain();
        bridged_.finish(console_);
        return passed ? exit_passed : exit_failed;
      }
      if (bridged_.stopped()) return end();
      failure = result.text;
      if (bridged_.node().finished()) failure = "the node's role has ended";
    }
    console_.complain(failure);
    if (!bridged_.simulation().nodes().empty()) console_.say(bridged_.simulation().describe());
    bridged_.finish(console_);
    return exit_failed;
  }

  // Before anything is simulated: "" or why not.
  std::string join() { return bridged_.join(); }
  // Where the desktop's clients go.
  Expected<void> open() {
    const std::uint16_t port = bridged_.has_tap() ? local_.port() : node_port;
    bridged_.add_role({fmt::format("listen=:{}", port),
                       fmt::format("family={}", twinsock::name(local_.family())),
                       fmt::format("deadline={}", deadline_.count()), "wait=clients"});
    if (bridged_.has_tap()) return check_node_address();
    const auto listening = bridged_.forward(local_, node_port);
    if (!listening) {
      return Error{
          fmt::format("{}; take an address of this host and a free port from 1024, or "
                      "port 0",
                      listening.error())};
    }
    listening_ = *listening;
    return {};
  }

 private:
  Endpoint parse_local(const Exchange& exchange) const {
    check_over_lwip(exchange, Family::inet);
    std::optional<Family> family;
    if (arguments_.family) family = parse_family(*arguments_.family);
    const Endpoint local = parse_listen(arguments_.endpoint, family);
    check_over_lwip(exchange, local.family());
    return local;
  }

  std::string node_address() {
    return local_.family() == Family::inet6 ? fmt::format("[{}]", bridged_.node().ipv6())
                                            : bridged_.node().ipv4();
  }

  Expected<void> check_node_address() {
    const Endpoint own = *Endpoint::parse(fmt::format("{}:{}", node_address(), local_.port()));
    if (local_.address().is_any() || local_.address() == own.address()) return {};
    throw UsageError(
        fmt::format("--listen {}: with --tap the server listens on the node, {}; "
                    "allowed: :PORT or {}:PORT",
                    arguments_.endpoint, node_address(), node_address()));
  }

  std::string start() {
    Node& node = bridged_.node();
    const RunResult result = bridged_.run_until([&] { return node.ready() || node.finished(); },
                                                longest_boot, "the node to listen");
    if (!result.reached) return result.text;
    if (node.finished()) {
      return bridged_.has_verdict() ? bridged_.take_verdict() : "the node's role does not start";
    }
    if (bridged_.has_tap()) {
      const std::string& own = bridged_.listening();
      listening_ = fmt::format("{}:{}", node_address(), own.substr(own.rfind(':') + 1));
    }
    console_.say(fmt::format("listening on {}", listening_));
    return "";
  }

  bool report(const std::string& verdict) {
    const bool passed = served_.tell(verdict);
    if (arguments_.sockets) {
      console_.say(fmt::format("sockets of the server\n{}", socket_table(bridged_.node())));
    }
    return passed;
  }

  int end() {
    const int status = served_.stop();
    bridged_.finish(console_);
    return status;
  }

  const Arguments& arguments_;
  Console& console_;
  ChatWatcher watcher_;
  ServedExchanges served_;
  Endpoint local_;
  std::chrono::milliseconds deadline_;
  Bridged bridged_;
  std::string listening_;
};

}  // namespace

int serve_bridged(const Arguments& arguments, const Exchange& exchange, Console& console) {
  BridgedServer server(arguments, exchange, console);
  std::string failure = server.join();
  if (failure.empty()) {
    const auto opened = server.open();
    if (opened) return server.serve();
    failure = opened.error();
  }
  console.complain(failure);
  return exit_failed;
}

}  // namespace host_sim::tool
