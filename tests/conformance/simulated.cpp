// twinsock_conformance_sim: the conformance cases on a simulated node, in virtual time.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <host_sim/observer.hpp>
#include <host_sim/simulation.hpp>

#include "mirror.hpp"

namespace {

constexpr const char* usage =
    "usage: twinsock_conformance_sim IMAGE [--seed N] [--mirror] [--faults TEXT] [WORD]...\n"
    "Runs the cases of docs/SOCKET_CONTRACT.md on a node of that image. The words are those of "
    "the\n"
    "cases: list, NAME, GROUP.*.\n"
    "  --seed N       1 if not given\n"
    "  --mirror       over a simulated cable and back, not over the node's loopback\n"
    "  --faults TEXT  the same, over a bad one: \"loss=5% jitter=10ms\"\n"
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

struct Options {
  std::string image;
  uint64_t seed = 1;
  bool mirror = false;
  host_sim::Faults faults{};
  std::vector<std::string> words{};
};

int run(const Options& options) {
  host_sim::Expected<host_sim::Image> image = host_sim::Image::open(options.image);
  if (!image) {
    std::fprintf(stderr, "%s\n", image.error().c_str());
    return 2;
  }
  host_sim::Simulation simulation({.seed = options.seed});
  Printer printer;
  simulation.add_observer(printer);
  host_sim::NodeOptions role{.name = "node", .role = "conformance", .arguments = options.words};
  role.arguments.push_back("world=sim");
  conformance::Mirror mirror(simulation);
  if (options.mirror) {
    const bool lossless = options.faults == host_sim::Faults();
    const std::string ipv4 = conformance::Mirror::ipv4;
    role.arguments.insert(role.arguments.end(),
                          {"inet=" + ipv4, std::string("inet6=") + conformance::Mirror::ipv6,
                           lossless ? "network=lossless" : "network=lossy",
                           "silencer=" + ipv4 + ":" + std::to_string(mirror.order_port)});
  }
  host_sim::Node& node = simulation.add_node(*image, role);
  simulation.connect(node, mirror.port(), options.faults);  // so that its interface is up
  const host_sim::RunResult result =
      simulation.run_until([&] { return node.finished(); }, 240h, "the cases to end");
  if (result.reached) return node.status();
  std::fprintf(stderr, "%s\n%s\n", result.text.c_str(), simulation.describe().c_str());
  return 1;
}

// False: an option is wrong, and that was said.
bool read_arguments(int argc, char** argv, Options& options) {
  options.image = argv[1];
  for (int i = 2; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--mirror") {
      options.mirror = true;
    } else if (word == "--seed" && i + 1 < argc) {
      options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--faults" && i + 1 < argc) {
      const host_sim::Expected<host_sim::Faults> faults = host_sim::parse_faults(argv[++i]);
      if (!faults) return std::fprintf(stderr, "%s\n", faults.error().c_str()), false;
      options.faults = *faults;
      options.mirror = true;
    } else {
      options.words.emplace_back(word);
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) == "--help") {
    std::puts(usage);
    return argc < 2 ? 2 : 0;
  }
  Options options;
  return read_arguments(argc, argv, options) ? run(options) : 2;
}
