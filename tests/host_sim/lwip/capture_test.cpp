// tshark finds nothing wrong in what lwIP nodes send, but for what corruption did.
#include <cstdio>
#include <cstdlib>

#include <host_sim/trace.hpp>

#include "pair.hpp"

namespace host_sim {
namespace {

size_t count_lines(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  size_t count = 0;
  for (int character; (character = std::fgetc(pipe)) != EOF;) count += character == '\n';
  pclose(pipe);
  return count;
}

// How many frames of a captured exchange a display filter matches.
size_t matches(const std::string& path, const std::string& filter) {
  return count_lines("tshark -r '" + path +
                     "' -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE "
                     "-o udp.check_checksum:TRUE -Y '" +
                     filter + "' 2>/dev/null");
}

constexpr const char* kWrong =
    "_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or "
    "udp.checksum.status == 0 or icmpv6.checksum.status == 0";

TEST(LwipCapture, HoldsNoMalformedFrameButByCorruption) {
  if (std::system("command -v tshark >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tshark";
  const std::string path = testing::TempDir() + "host_sim_lwip.pcapng";
  for (const char* family : {"inet", "inet6"}) {
    for (const char* exchange : {"tcp_half_close", "udp_chat"}) {
      Pair pair(exchange, *parse_faults("loss=5% delay=2ms duplicate=5% reorder=5%"), 2, {},
                family);
      auto capture = *Capture::open(path, &pair.link);
      pair.simulation.add_observer(*capture);
      pair.run();
      capture->flush();
      EXPECT_EQ(matches(path, "frame"), pair.simulation.frames()) << family << exchange;
      EXPECT_EQ(matches(path, kWrong), 0u) << family << exchange;
      pair.simulation.remove_observer(*capture);
    }
  }
  Pair pair("tcp_half_close", *parse_faults("corrupt=20% delay=2ms"), 2);
  auto capture = *Capture::open(path, &pair.link);
  pair.simulation.add_observer(*capture);
  EXPECT_TRUE(pair.passes());
  capture->flush();
  EXPECT_GT(matches(path, "frame.comment contains \"corrupted\""), 0u);
  EXPECT_EQ(
      matches(path, "(" + std::string(kWrong) + ") and not frame.comment contains \"corrupted\""),
      0u);
  pair.simulation.remove_observer(*capture);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace host_sim
