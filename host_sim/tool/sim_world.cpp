// The sim world: both roles on lwIP nodes, joined by one simulated link, in virtual time.
#include <fmt/format.h>

#include <cstdio>

#include <host_sim/inspect.hpp>
#include <host_sim/scenario.hpp>
#include <host_sim/simulation.hpp>
#include <host_sim/trace.hpp>

#include "image_files.hpp"
#include "text.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t open_port = 5005;
constexpr std::uint16_t closed_port = 1;

template <class T>
T checked(Expected<T> value, std::string_view option) {
  if (!value) throw UsageError(fmt::format("{}: {}", option, value.error()));
  return *std::move(value);
}

// Transcripts and logs while the simulation runs.
class Listener final : public Observer {
 public:
  Listener(const Node& client, Watcher& watcher) : client_(client), watcher_(watcher) {}
  void on_node(const NodeRecord& record) override {
    const Side side = record.node == &client_ ? Side::client : Side::server;
    if (record.event == NodeEvent::report) watcher_.line(side, record.text);
    if (record.event == NodeEvent::log) watcher_.log(side, record.text);
  }

 private:
  const Node& client_;
  Watcher& watcher_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

void append(std::vector<std::string>& to, const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  to.insert(to.end(), lines.begin(), lines.end());
}

// The network as the options say: a scenario, or a good cable, and the other options on top.
Scenario read_network(const Arguments& arguments) {
  Scenario network;
  for (const GivenOption& given : arguments.network) {
    if (given.name == "--scenario") network = checked(read_scenario(given.value), given.name);
  }
  for (const GivenOption& given : arguments.network) {
    if (given.name == "--scenario") continue;
    for (Faults* faults : {&network.out, &network.in}) {
      const auto set = set_fault(*faults, given.name.substr(2), given.value);
      if (!set) throw UsageError(fmt::format("{}: {}", given.name, set.error()));
    }
  }
  for (const Faults* faults : {&network.out, &network.in}) {
    if (const auto sound = check_faults(*faults); !sound) throw UsageError(sound.error());
  }
  return network;
}

class SimWorld final : public World {
 public:
  explicit SimWorld(const Arguments& arguments)
      : arguments_(arguments), network_(read_network(arguments)) {
    if (arguments.image && arguments.profile) {
      throw UsageError("--image and --profile are both given; an image has its profile, give one");
    }
    const std::string profile = arguments.profile.value_or("default");
    if (profile != "tiny" && profile != "default" && profile != "large") {
      throw UsageError(
          fmt::format("--profile: there is no profile '{}'; allowed: tiny, default, "
                      "large",
                      profile));
    }
    file_ = arguments.image ? ImageFile{*arguments.image, ""} : find_exchanges_image(profile);
    if (file_.path.empty()) return;
    auto image = Image::open(file_.path);
    if (image) {
      image_ = *image;
    } else if (arguments.image) {
      throw UsageError(fmt::format("--image: {}", image.error()));
    } else {
      file_.missing = fmt::format("{}; build it again", image.error());
    }
  }

  std::string_view name() const override { return "sim"; }
  std::optional<std::string> unavailable(Family) override {
    if (image_) return std::nullopt;
    return file_.missing;
  }
  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override;
  bool replays() const override { return true; }

 private:
  Arguments arguments_;
  Scenario network_;
  ImageFile file_;
  std::optional<Image> image_;
};

std::string address(const Node& node, Family family, std::uint16_t port) {
  return family == Family::inet6 ? fmt::format("[{}]:{}", node.ipv6(), port)
                                 : fmt::format("{}:{}", node.ipv4(), port);
}

struct Stage {  // a simulation with its two nodes and one link
  Simulation simulation;
  Node& server;
  Node& client;
  Link& link;

  Stage(const Image& image, const Exchange& exchange, const Settings& settings)
      : simulation({.seed = settings.seed}),
        server(simulation.add_node(image, server_options(exchange, settings))),
        client(simulation.add_node(image, client_options(exchange, settings))),
        link(simulation.connect(client, server)) {}

 private:
  static NodeOptions server_options(const Exchange& exchange, const Settings& settings) {
    return {.name = "server",
            .role = fmt::format("{}.server", exchange.name),
            .arguments = {fmt::format("listen=:{}", open_port),
                          fmt::format("family={}", twinsock::name(settings.family)),
                          fmt::format("deadline={}", settings.deadline.count())}};
  }
  NodeOptions client_options(const Exchange& exchange, const Settings& settings) const {
    NodeOptions options{
        .name = "client",
        .role = fmt::format("{}.client", exchange.name),
        .arguments = {fmt::format("peer={}", address(server, settings.family, open_port)),
                      fmt::format("closed={}", address(server, settings.family, closed_port)),
                      fmt::format("family={}", twinsock::name(settings.family)),
                      fmt::format("deadline={}", settings.deadline.count())},
        .after = &server};
    for (const std::string& line : settings.say) {
      options.arguments.push_back(fmt::format("say={}", line));
    }
    return options;
  }
};

std::string failure_of(const Node& node, const RunResult& result) {
  if (node.passed()) return "";
  if (!node.panic().empty()) return node.panic();
  if (node.finished() && !node.log().empty()) return node.log().back().text;
  if (node.finished()) return fmt::format("the role returned {}", node.status());
  return result.text.empty() ? fmt::format("it is {}", node_state_name(node.state())) : result.text;
}

Outcome SimWorld::run(const Exchange& exchange, const Settings& settings, Watcher& watcher) {
  Outcome outcome;
  Stage stage(*image_, exchange, settings);
  Simulation& simulation = stage.simulation;
  if (const auto applied = network_.apply(simulation, stage.link); !applied) {
    throw UsageError(applied.error());
  }
  Listener listener(stage.client, watcher);
  simulation.add_observer(listener);
  TextTrace trace(stderr);
  if (arguments_.trace) simulation.add_observer(trace);
  std::unique_ptr<Capture> capture;
  if (arguments_.pcap) {
    capture = checked(Capture::open(*arguments_.pcap, &stage.link), "--pcap");
    simulation.add_observer(*capture);
  }

  // Each role ends by its own deadline; a node that a scenario restarts or slows may take longer.
  const auto over = [&] { return stage.client.finished() && stage.server.finished(); };
  const Duration limit = 3 * settings.deadline + std::chrono::minutes(1);
  const RunResult result = simulation.run_until(over, limit, "the end of both roles");
  outcome.client = {stage.client.transcript(), failure_of(stage.client, result)};
  outcome.server = {stage.server.transcript(), failure_of(stage.server, result)};
  if (!outcome.passed()) {
    append(outcome.notes, simulation.describe());
  } else if (arguments_.sockets) {
    append(outcome.notes, socket_table(stage.client) + socket_table(stage.server));
  }
  if (result.reached) simulation.run_until_idle(std::chrono::seconds(5));
  if (capture) {
    capture->flush();
    if (!capture->error().empty()) outcome.notes.push_back(capture->error());
    for (const std::string& path : capture->paths()) {
      outcome.notes.push_back(fmt::format("frames: {}", path));
    }
  }
  return outcome;
}

}  // namespace

std::unique_ptr<World> make_sim_world(const Arguments& arguments) {
  return std::make_unique<SimWorld>(arguments);
}

}  // namespace host_sim::tool
