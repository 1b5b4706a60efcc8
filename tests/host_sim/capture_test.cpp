// Captures, as Wireshark reads them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include <host_sim/trace.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* const pipe = popen(command.c_str(), "r");
  char part[4096];
  for (size_t count; (count = std::fread(part, 1, sizeof part, pipe)) != 0;) {
    text.append(part, count);
  }
  pclose(pipe);
  return text;
}

bool has_tshark() { return std::system("command -v tshark >/dev/null 2>&1") == 0; }

TEST(Capture, TsharkReadsTimesInterfacesAndComments) {
  if (!has_tshark()) GTEST_SKIP() << "tshark is not installed";
  const std::string path = testing::TempDir() + "host_sim_capture.pcapng";
  Wire wire({.loss = percent(100)});
  const RuleGuard guard =
      wire.link.add_rule(Way::in, [](const Packet&) { return Verdict::drop(); });
  {
    auto capture = *Capture::open(path, &wire.link);
    wire.simulation.add_observer(*capture);
    wire.simulation.at(1s + 234567891ns, [&] { wire.left.send(frame_of(61)); });
    wire.simulation.at(2s, [&] { wire.right.send(frame_of(60)); });
    wire.run();
    EXPECT_EQ(capture->paths(), std::vector<std::string>{path});
    EXPECT_EQ(capture->error(), "");
    wire.simulation.remove_observer(*capture);
  }
  EXPECT_EQ(output_of("tshark -r " + path +
                      " -T fields -e frame.time_epoch -e frame.len -e frame.interface_name "
                      "-e frame.interface_description -e frame.comment 2>/dev/null"),
            "1.234567891\t61\tleft\tlink left-right: frames from left to right\tlost\n"
            "2.000000000\t60\tright\tlink left-right: frames from right to left\tdropped by a "
            "rule\n");
  std::remove(path.c_str());
}

TEST(Capture, EachLinkHasItsFile) {
  const std::string path = testing::TempDir() + "host_sim_lan.pcapng";
  Simulation simulation;
  Switch& lan = simulation.add_switch("lan");
  simulation.connect(simulation.add_port("a"), lan);
  auto capture = *Capture::open(path);
  simulation.add_observer(*capture);
  simulation.connect(simulation.add_port("b"), lan);
  const std::string stem = testing::TempDir() + "host_sim_lan";
  EXPECT_EQ(capture->paths(),
            (std::vector<std::string>{stem + "-a-lan.pcapng", stem + "-b-lan.pcapng"}));
  for (const std::string& file : capture->paths()) std::remove(file.c_str());
  simulation.remove_observer(*capture);
}

TEST(Capture, PathThatCannotBeWrittenIsSaidSo) {
  Wire wire;
  const auto capture = Capture::open("/nonexistent/x.pcapng", &wire.link);
  ASSERT_FALSE(capture);
  EXPECT_NE(capture.error().find("cannot write /nonexistent/x.pcapng"), std::string::npos);
}

TEST(Capture, FullDiskIsSaidSo) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full";
  Wire wire;
  auto capture = Capture::open("/dev/full", &wire.link);
  if (!capture) return;  // said even earlier
  wire.simulation.add_observer(**capture);
  wire.send(10, 1ms);
  wire.run();
  (*capture)->flush();
  EXPECT_NE((*capture)->error().find("No space left"), std::string::npos);
  wire.simulation.remove_observer(**capture);
}

}  // namespace
}  // namespace host_sim
