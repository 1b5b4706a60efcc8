// twinsock_conformance_sim: the conformance cases on a simulated node, in virtual time.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <host_sim/observer.hpp>
#include <host_sim/simulation.hpp>

namespace {

constexpr const char* usage =
    "usage: twinsock_conformance_sim IMAGE [--seed N] [list] [NAME | GROUP.*]...\n"
    "Runs the cases of docs/SOCKET_CONTRACT.md on a node of that image.\n"
    "exit status: 0 all as declared, 1 not so, 2 wrong use";

// Prints each line when the node says it, so that a hang shows which case it was.
class Printer final : public host_sim::Observer {
 public:
  void on_node(const host_sim::NodeRecord& record) override {
    const bool report = record.event == host_sim::NodeEvent::report;
    if (!report && record.event != host_sim::NodeEvent::log) return;
    std::FILE* file = report ? stdout : stderr;
    std::fprintf(file, "%.*s\n", static_cast<int>(record.text.size()), record.text.data());
    std::fflush(file);
  }
};

using std::chrono_literals::operator""h;

int run(const std::string& path, uint64_t seed, std::vector<std::string> arguments) {
  host_sim::Expected<host_sim::Image> image = host_sim::Image::open(path);
  if (!image) {
    std::fprintf(stderr, "%s\n", image.error().c_str());
    return 2;
  }
  host_sim::Simulation simulation({.seed = seed});
  Printer printer;
  simulation.add_observer(printer);
  arguments.push_back("world=sim");
  host_sim::Node& node = simulation.add_node(
      *image, {.name = "node", .role = "conformance", .arguments = std::move(arguments)});
  host_sim::Port& socket = simulation.add_port("wall");
  simulation.connect(node, socket);  // so that its interface is up
  const host_sim::RunResult result =
      simulation.run_until([&] { return node.finished(); }, 24h, "the cases to end");
  if (result.reached) return node.status();
  std::fprintf(stderr, "%s\n%s\n", result.text.c_str(), simulation.describe().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]) == "--help") {
    std::puts(usage);
    return argc < 2 ? 2 : 0;
  }
  uint64_t seed = 1;
  std::vector<std::string> arguments;
  for (int i = 2; i < argc; ++i) {
    if (std::string(argv[i]) == "--seed" && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      arguments.emplace_back(argv[i]);
    }
  }
  return run(argv[1], seed, std::move(arguments));
}
