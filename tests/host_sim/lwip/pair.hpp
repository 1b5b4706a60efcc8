// A client and a server of one exchange on two lwIP nodes, joined by one link.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include <host_sim/simulation.hpp>

namespace host_sim {

class Pair {
 public:
  Pair(const std::string& exchange, const Faults& faults, uint64_t seed = 1, NodeOptions clock = {},
       const std::string& family = "inet")
      : simulation({.seed = seed}),
        server(simulation.add_node(image(), options("server", exchange, family, clock))),
        client(simulation.add_node(image(),
                                   [&] {
                                     NodeOptions chosen =
                                         options("client", exchange, family, clock);
                                     const std::string address = family == "inet6"
                                                                     ? "[" + server.ipv6() + "]"
                                                                     : server.ipv4();
                                     chosen.arguments.push_back("peer=" + address + ":5005");
                                     chosen.arguments.push_back("closed=" + address + ":1");
                                     chosen.after = &server;
                                     return chosen;
                                   }())),
        link(simulation.connect(client, server, faults)) {}

  RunResult run(Duration deadline = 1h) {
    return simulation.run_until([&] { return client.finished() && server.finished(); }, deadline,
                                "the end of both roles");
  }
  ::testing::AssertionResult passes() {
    const RunResult result = run();
    if (result.reached && client.passed() && server.passed()) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << result.text << "\n" << simulation.describe();
  }

  static Image image() {
    static const Image only = *Image::open(EXCHANGES_IMAGE);
    return only;
  }

  Simulation simulation;
  Node& server;
  Node& client;
  Link& link;

 private:
  static NodeOptions options(const std::string& name, const std::string& exchange,
                             const std::string& family, NodeOptions clock) {
    clock.name = name;
    clock.role = exchange + "." + name;
    clock.arguments = {"family=" + family, "deadline=3000000"};
    if (name == "server") clock.arguments.push_back("listen=:5005");
    return clock;
  }
};

}  // namespace host_sim
