// Tables and reports for people.
#include <gtest/gtest.h>

#include <host_sim/inspect.hpp>
#include <host_sim/trace.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Inspect, TablesShowWhatANodeSays) {
  Simulation simulation;
  Node& node = simulation.add_node(*Image::open(FAKE_IMAGE), {.name = "n", .role = "idle"});
  EXPECT_TRUE(has(socket_table(node), "n is off"));
  simulation.run_for(1ms);
  const std::string sockets = socket_table(node);
  EXPECT_TRUE(has(sockets, "ESTABLISHED")) << sockets;
  EXPECT_TRUE(has(sockets, "10.0.0.1:1")) << sockets;
  EXPECT_EQ(node.pools().size(), 40u);  // more than are asked for at first
  EXPECT_TRUE(has(thread_table(node), "none"));
}

TEST(Inspect, DescriptionHoldsAllThatHelps) {
  Simulation simulation({.seed = 77, .replay = "host_sim run this --seed 77"});
  const Image image = *Image::open(FAKE_IMAGE);
  Node& left = simulation.add_node(image, {.name = "left", .role = "tick"});
  Node& right = simulation.add_node(image, {.name = "right", .role = "twin"});
  simulation.connect(left, right, {.loss = percent(50)});
  simulation.run_for(100ms);
  const std::string text = simulation.describe();
  for (const char* part :
       {"seed 77", "left-right", "left (10.0.0.1, fd00::1): finished with status 0", "at 2000",
        "ESTABLISHED", "last frames", "! lost", "replay: host_sim run this --seed 77"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  }
}

TEST(TextTrace, HasALegendAndALineAFrame) {
  char* bytes = nullptr;
  size_t size = 0;
  std::FILE* const file = open_memstream(&bytes, &size);
  {
    Wire wire({.rate_bps = 1'000'000});
    TextTrace trace(file);
    wire.simulation.add_observer(trace);
    wire.send(2, 0ns);
    wire.run();
    trace.flush();
  }
  std::fclose(file);
  const std::string text(bytes, size);
  free(bytes);
  EXPECT_EQ(text.find(trace_legend()), 0u);
  EXPECT_TRUE(has(text,
                  "0.000000000 left > right     | 02:00:00:00:00:01 > 02:00:00:00:00:02 type "
                  "88b5 len 86"))
      << text;
  EXPECT_TRUE(has(text, "| +1.985ms queued 992us")) << text;
}

}  // namespace
}  // namespace host_sim
