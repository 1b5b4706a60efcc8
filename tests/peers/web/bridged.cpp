// A role of a node image, with the node joined to this host:  bridged_node IMAGE ROLE WORDS
//
// listen=ADDR:PORT is an address of this host, from which port 80 of the node is reached; peer= one
// of this host's loopback.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include <host_sim/observer.hpp>
#include <host_sim/real_time.hpp>
#include <host_sim/slirp_bridge.hpp>

namespace {

using namespace host_sim;

class Printer final : public Observer {
 public:
  explicit Printer(std::string role) : role_(std::move(role)) {}
  void on_node(const NodeRecord& record) override {
    if (record.event == NodeEvent::report) print(stdout, role_ + ": ", record.text);
    if (record.event == NodeEvent::log) print(stderr, "node: ", record.text);
  }

 private:
  static void print(std::FILE* file, std::string line, std::string_view more) {
    line.append(more).append("\n");
    std::fwrite(line.data(), 1, line.size(), file);
    std::fflush(file);
  }
  std::string role_;
};

// This host has all that the node sent, and its ends.
bool is_settled(const Simulation& simulation, const Node& node, const SlirpBridge& desktop) {
  constexpr std::array ending{"FIN-WAIT-1", "CLOSING", "LAST-ACK", "SYN-RCVD"};
  if (simulation.frames_under_way() != 0 || desktop.has_unsent()) return false;
  return std::ranges::none_of(node.sockets(), [&](const TwinsockSocketRow& row) {
    return std::string_view(row.kind) == "tcp" &&
           (row.send_queue != 0 || std::ranges::count(ending, std::string_view(row.state)) > 0);
  });
}

int run(const Image& image, const std::string& role, std::vector<std::string> words) {
  Printer printer(role);
  Simulation simulation;
  simulation.add_observer(printer);
  auto desktop = SlirpBridge::open(simulation);
  if (!desktop) return std::fprintf(stderr, "%s\n", desktop.error().c_str()), 1;
  std::string listen;
  for (std::string& word : words) {
    const bool is_inet6 = word.find('[') != std::string::npos;
    const std::string port = word.substr(word.rfind(':') + 1);
    if (word.starts_with("listen=")) {
      listen = word.substr(7);
      word = is_inet6 ? "listen=[::]:80" : "listen=:80";
    } else if (word.starts_with("peer=")) {
      word = (is_inet6 ? "peer=[" + simulation.gateway_ipv6() + "]:"
                       : "peer=" + simulation.gateway_ipv4() + ":") +
             port;
    }
  }
  Node& node = simulation.add_node(image, {.role = role, .arguments = words, .gateway = true});
  simulation.connect((*desktop)->add_to(simulation, "desktop"), node, {.delay = 1ms});
  RealTime real_time(simulation);
  real_time.add(**desktop);
  if (!listen.empty()) {
    const auto at = (*desktop)->forward(SlirpBridge::Protocol::tcp, listen, node, 80);
    if (!at) return std::fprintf(stderr, "%s\n", at.error().c_str()), 1;
    real_time.run_until([&] { return node.ready() || node.finished(); }, 10s);
    std::fprintf(stderr, "listening on %s\n", at->c_str());
  }
  real_time.run_until([&] { return node.finished(); }, 60s);
  do {
    real_time.run_until([&] { return is_settled(simulation, node, **desktop); }, 10s);
    real_time.run_for(1ms);  // what just came may not be written yet
  } while (!is_settled(simulation, node, **desktop));
  return node.passed() ? 0 : 1;
}

}  // namespace

int main(int count, char** texts) {
  const std::vector<std::string> words(texts + 1, texts + count);
  if (words.size() < 2) return std::fputs("bridged_node IMAGE ROLE WORDS\n", stderr), 2;
  const auto image = host_sim::Image::open(words[0]);
  if (!image) return std::fprintf(stderr, "%s\n", image.error().c_str()), 2;
  return run(*image, words[1], {words.begin() + 2, words.end()});
}
