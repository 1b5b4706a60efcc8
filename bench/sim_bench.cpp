// The simulator's speed: one scenario, named on the command line, for one line of figures.
//
//   sim_bench bulk|echo|idle|load NODES|load-default NODES|pairs PAIRS [ROUND_TRIPS]
//
// sim_bench.py runs them all, side by side with ns-3, and holds them against their goals.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <host_sim/simulation.hpp>

namespace {

using namespace host_sim;
using Clock = std::chrono::steady_clock;

Image open_image(const char* path) {
  auto image = Image::open(path);
  if (image) return *image;
  std::fprintf(stderr, "sim_bench: %s\n", image.error().c_str());
  std::exit(1);
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Proportional set size: shared pages count once, in parts.
double memory_mb() {
  std::ifstream file("/proc/self/smaps_rollup");
  std::string word;
  double kb = 0;
  while (file >> word) {
    if (word == "Pss:" && file >> kb) break;
  }
  return kb / 1024;
}

void expect(bool good, const Simulation& simulation) {
  if (good) return;
  std::fprintf(stderr, "sim_bench: the scenario failed\n%s", simulation.describe().c_str());
  std::exit(1);
}

struct Pair {
  Node* server;
  Node* client;
};

Pair add_pair(Simulation& simulation, const Image& image, const std::string& role,
              const std::string& argument, int number = 0) {
  const std::string suffix = number == 0 ? "" : std::to_string(number);
  Node& server = simulation.add_node(image, {.name = "server" + suffix, .role = role + ".server"});
  Node& client =
      simulation.add_node(image, {.name = "client" + suffix,
                                  .role = role + ".client",
                                  .arguments = {"peer=" + server.ipv4() + ":5005", argument},
                                  .after = &server});
  simulation.connect(client, server, {.delay = 1ms});
  return {&server, &client};
}

void bulk() {
  constexpr uint64_t bytes = 200'000'000;
  Simulation simulation({.shuffle_ties = false, .hash_trace = false});
  const Pair pair =
      add_pair(simulation, open_image(BENCH_LARGE), "bulk", "bytes=" + std::to_string(bytes));
  const Clock::time_point begin = Clock::now();
  simulation.run_until([&] { return pair.server->finished(); }, 1h);
  const double seconds = seconds_since(begin);
  expect(pair.server->passed(), simulation);
  std::printf("frames %llu seconds %.4f virtual %.4f bytes %llu\n",
              static_cast<unsigned long long>(simulation.frames()), seconds,
              std::chrono::duration<double>(simulation.now()).count(),
              static_cast<unsigned long long>(bytes));
}

void echo() {
  constexpr uint64_t count = 500'000;
  Simulation simulation({.shuffle_ties = false, .hash_trace = false});
  const Pair pair =
      add_pair(simulation, open_image(BENCH_DEFAULT), "echo", "count=" + std::to_string(count));
  const Clock::time_point begin = Clock::now();
  simulation.run_until([&] { return pair.client->finished(); }, 24h);
  const double seconds = seconds_since(begin);
  expect(pair.client->passed(), simulation);
  std::printf("round_trips %llu seconds %.4f\n", static_cast<unsigned long long>(count), seconds);
}

void idle() {
  Simulation simulation({.shuffle_ties = false, .hash_trace = false});
  const Pair pair = add_pair(simulation, open_image(BENCH_DEFAULT), "idle", "");
  const Clock::time_point begin = Clock::now();
  simulation.run_for(24h);
  expect(pair.client->state() == NodeState::running && pair.server->state() == NodeState::running,
         simulation);
  std::printf("seconds %.4f events %llu\n", seconds_since(begin),
              static_cast<unsigned long long>(simulation.events()));
}

void load(int nodes, const char* path) {
  const Image image = open_image(path);
  const double before = memory_mb();
  Simulation simulation({.shuffle_ties = false, .hash_trace = false, .ipv4_prefix = 16});
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < nodes; ++i) simulation.add_node(image, {});
  simulation.run_for(1us);
  const double seconds = seconds_since(begin);
  for (const Node* node : simulation.nodes()) {
    expect(node->state() == NodeState::running, simulation);
  }
  std::printf("nodes %d seconds %.4f memory_mb %.1f\n", nodes, seconds, memory_mb() - before);
}

// Pairs of echoes, so many round trips in all.
void pairs(int count, int round_trips) {
  const Image image = open_image(BENCH_TINY);
  Simulation simulation({.shuffle_ties = false, .hash_trace = false, .ipv4_prefix = 16});
  std::vector<Pair> all;
  for (int i = 1; i <= count; ++i) {
    all.push_back(
        add_pair(simulation, image, "echo", "count=" + std::to_string(round_trips / count), i));
  }
  simulation.run_for(1us);  // loaded and booted
  const Clock::time_point begin = Clock::now();
  size_t done = 0;
  simulation.run_until(
      [&] {
        while (done < all.size() && all[done].client->finished()) ++done;
        return done == all.size();
      },
      24h);
  const double seconds = seconds_since(begin);
  for (const Pair& pair : all) expect(pair.client->passed(), simulation);
  std::printf("pairs %d round_trips %d seconds %.4f events %llu\n", count, round_trips, seconds,
              static_cast<unsigned long long>(simulation.events()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const int number = argc > 2 ? std::atoi(argv[2]) : 0;
  if (what == "bulk") return bulk(), 0;
  if (what == "echo") return echo(), 0;
  if (what == "idle") return idle(), 0;
  if (what == "load" && number > 0) return load(number, BENCH_TINY), 0;
  if (what == "load-default" && number > 0) return load(number, BENCH_DEFAULT), 0;
  if (what == "pairs" && number > 0)
    return pairs(number, argc > 3 ? std::atoi(argv[3]) : 200'000), 0;
  std::fprintf(stderr,
               "sim_bench: allowed: bulk, echo, idle, load NODES, load-default NODES, pairs PAIRS "
               "[ROUND_TRIPS]\n");
  return 2;
}
