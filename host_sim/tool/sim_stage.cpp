// The simulated stage of one exchange, and what is left on it when all is over.
#include "sim_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace host_sim::tool {

namespace {

constexpr std::uint16_t open_port = 5005;
constexpr std::uint16_t closed_port = 1;
// lwIP gives a segment up after 12 retransmissions, the last of them minutes apart.
constexpr Duration longest_fade = std::chrono::minutes(30);
constexpr Duration fade_step = std::chrono::seconds(10);

std::string address(const Node& node, Family family, std::uint16_t port) {
  return family == Family::inet6 ? fmt::format("[{}]:{}", node.ipv6(), port)
                                 : fmt::format("{}:{}", node.ipv4(), port);
}

NodeOptions server_options(const Exchange& exchange, const Settings& settings) {
  return {.name = "server",
          .role = fmt::format("{}.server", exchange.name),
          .arguments = {fmt::format("listen=:{}", open_port),
                        fmt::format("family={}", twinsock::name(settings.family)),
                        fmt::format("deadline={}", settings.deadline.count())}};
}

constexpr std::string_view server_name = "server.test";  // RFC 6761 6.2: nobody's

Node* add_name_server(Simulation& simulation, const Image& image, const Exchange& exchange,
                      const Settings& settings, const Node& server) {
  if (exchange.finds != twinsock::exchanges::Finds::by_name) return nullptr;
  return &simulation.add_node(
      image, {.name = "names",
              .role = "name_server",
              .arguments = {fmt::format("zone={}={}", server_name, server.ipv4()),
                            fmt::format("zone={}={}", server_name, server.ipv6()),
                            fmt::format("family={}", twinsock::name(settings.family))},
              .after = &server});
}

// The client's link; behind a switch if there are three nodes.
Link& connect(Simulation& simulation, Node& client, Node& server, Node* name_server) {
  if (name_server == nullptr) return simulation.connect(client, server);
  Switch& lan = simulation.add_switch("lan");
  simulation.connect(server, lan);
  simulation.connect(*name_server, lan);
  return simulation.connect(client, lan);
}

NodeOptions client_options(const Exchange& exchange, const Settings& settings, const Node& server,
                           const Node* name_server) {
  NodeOptions options{
      .name = "client",
      .role = fmt::format("{}.client", exchange.name),
      .arguments = {fmt::format("peer={}", address(server, settings.family, open_port)),
                    fmt::format("closed={}", address(server, settings.family, closed_port)),
                    fmt::format("family={}", twinsock::name(settings.family)),
                    fmt::format("deadline={}", settings.deadline.count())},
      .after = name_server != nullptr ? name_server : &server};
  if (name_server != nullptr) {
    options.arguments.push_back(fmt::format("host={}", server_name));
    options.arguments.push_back(fmt::format(
        "dns={}", settings.family == Family::inet6 ? name_server->ipv6() : name_server->ipv4()));
  }
  for (const std::string& line : settings.say) {
    options.arguments.push_back(fmt::format("say={}", line));
  }
  return options;
}

// What a connection in TIME-WAIT has to hold for its two minutes: itself, and TCP's timer.
std::uint32_t held_in_time_wait(const Node& node, std::string_view pool) {
  if (pool != "TCP_PCB" && pool != "SYS_TIMEOUT") return 0;
  const std::vector<TwinsockSocketRow> rows = node.sockets();
  const auto count =
      static_cast<std::uint32_t>(std::ranges::count_if(rows, [](const TwinsockSocketRow& row) {
        return std::string_view(row.state) == "TIME-WAIT";
      }));
  return pool == "TCP_PCB" ? count : std::min(count, 1U);
}

std::vector<std::string> leaks_of(const Node& node, const std::vector<TwinsockPoolRow>& at_rest) {
  std::vector<std::string> lines;
  const std::vector<TwinsockPoolRow> pools = node.pools();
  for (std::size_t i = 0; i < pools.size() && i < at_rest.size(); ++i) {
    if (pools[i].used <= at_rest[i].used) continue;
    if (pools[i].used <= at_rest[i].used + held_in_time_wait(node, pools[i].name)) continue;
    lines.push_back(fmt::format("leak: {}: {} of {} still in use after the end, {} after boot",
                                node.name(), pools[i].used, pools[i].name, at_rest[i].used));
  }
  return lines;
}

}  // namespace

Stage::Stage(const Image& image, const Exchange& exchange, const Settings& settings,
             const SimulationOptions& options)
    : simulation(options),
      server(simulation.add_node(image, server_options(exchange, settings))),
      name_server(add_name_server(simulation, image, exchange, settings, server)),
      client(simulation.add_node(image, client_options(exchange, settings, server, name_server))),
      link(connect(simulation, client, server, name_server)) {}

std::vector<TwinsockPoolRow> pools_at_rest(const Image& image) {
  Simulation simulation({.hash_trace = false});
  Node& one = simulation.add_node(image, {.name = "one"});
  Node& other = simulation.add_node(image, {.name = "other"});
  simulation.connect(one, other);
  simulation.run_for(std::chrono::minutes(1));
  return one.pools();
}

std::vector<std::string> leaks(Stage& stage, const std::vector<TwinsockPoolRow>& at_rest) {
  std::vector<std::string> lines;
  for (Duration waited{}; waited < longest_fade; waited += fade_step) {
    // Over a good cable, whatever a scenario says meanwhile: half of all frames lost, the last
    // segments of a connection take longer than anyone waits, and are no leak.
    if (!stage.link.set_faults({})) break;
    lines = leaks_of(stage.client, at_rest);
    const std::vector<std::string> more = leaks_of(stage.server, at_rest);
    lines.insert(lines.end(), more.begin(), more.end());
    if (lines.empty()) break;
    stage.simulation.run_for(fade_step);
  }
  return lines;
}

}  // namespace host_sim::tool
