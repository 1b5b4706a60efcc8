// The tests; or one run again, with all its frames, as a failure's last line says it:
//
//   PROGRAM EXCHANGE FAMILY SIDE FIRST COUNT
//   PROGRAM node FIRST COUNT ROLE WORD...
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "starved_node.hpp"
#include "starved_run.hpp"

namespace {

using namespace host_sim;

Drought drought_of(char** words) {
  return {std::strtoul(words[0], nullptr, 10), std::strtoul(words[1], nullptr, 10)};
}

int tell(const std::vector<std::string>& wrongs, const std::string& description) {
  std::puts(description.c_str());
  for (const std::string& wrong : wrongs) std::printf("wrong: %s\n", wrong.c_str());
  return wrongs.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc == 1) return RUN_ALL_TESTS();
  if (argc >= 5 && std::string_view(argv[1]) == "node") {
    const StarvedNode run = run_node({argv + 4, argv + argc}, drought_of(argv + 2), true);
    return tell(run.wrongs, run.description);
  }
  if (argc == 6) {
    const StarvedRun run = run_starved({argv[1], argv[2], argv[3], drought_of(argv + 4)}, true);
    return tell(run.wrongs, run.description);
  }
  std::fputs("wrong use: see the head of main.cpp\n", stderr);
  return 2;
}
