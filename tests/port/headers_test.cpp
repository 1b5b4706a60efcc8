// The public headers: the build compiles each by itself, so its list of them must be whole.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>

namespace {

TEST(Headers, AreAllCompiledByThemselves) {
  std::set<std::string> listed;
  std::istringstream list(TWINSOCK_TEST_HEADERS);
  for (std::string name; std::getline(list, name, ',');) listed.insert(name);

  std::set<std::string> present;
  const std::filesystem::path folder = TWINSOCK_TEST_INCLUDE_DIR;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) present.insert(entry.path().lexically_relative(folder).string());
  }
  EXPECT_EQ(listed, present);
}

}  // namespace
