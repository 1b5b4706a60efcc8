// Errc: its names and sentences are those that twinsock/errc.hpp gives.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <twinsock/errc.hpp>

namespace twinsock {
namespace {

struct Row {
  std::string name;
  std::string sentence;
};

// The enumerators of the header, each with the comment beside it.
std::vector<Row> rows_of_header() {
  std::ifstream header(TWINSOCK_TEST_INCLUDE_DIR "/twinsock/errc.hpp");
  const std::regex enumerator(R"(^\s+(\w+)(?: = 0)?,\s+// (.*)$)");
  std::vector<Row> rows;
  bool inside = false;
  for (std::string line; std::getline(header, line);) {
    std::smatch match;
    if (line.rfind("enum class Errc", 0) == 0) {
      inside = true;
    } else if (inside && line.rfind("};", 0) == 0) {
      break;
    } else if (inside && std::regex_match(line, match, enumerator)) {
      rows.push_back({match[1], match[2]});
    } else if (inside) {
      ADD_FAILURE() << "not an enumerator with its sentence: " << line;
    }
  }
  return rows;
}

TEST(Errc, SaysWhatItsHeaderSays) {
  const std::vector<Row> rows = rows_of_header();
  const std::span<const Errc> codes = all_errcs();
  ASSERT_EQ(rows.size(), codes.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(codes[i]), i);
    EXPECT_EQ(name(codes[i]), rows[i].name);
    EXPECT_EQ(describe(codes[i]), rows[i].sentence);
  }
}

TEST(Errc, BeginsWithNone) {
  EXPECT_EQ(all_errcs().front(), Errc::none);
  EXPECT_EQ(name(Errc::timed_out), "timed_out");
  EXPECT_EQ(describe(Errc::connection_refused), "nobody listens at that address and port");
}

TEST(Errc, HasOneNameAndOneSentenceEach) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (const Errc code : all_errcs()) {
    EXPECT_TRUE(names.insert(name(code)).second) << name(code);
    EXPECT_TRUE(sentences.insert(describe(code)).second) << describe(code);
    EXPECT_NE(describe(code).back(), '.') << describe(code);
  }
}

TEST(Errc, HasANameForNumbersThatAreNone) {
  for (const int number : {-32768, -1, static_cast<int>(all_errcs().size()), 32767}) {
    EXPECT_EQ(name(static_cast<Errc>(number)), "unknown");
    EXPECT_EQ(describe(static_cast<Errc>(number)), "not an error code");
  }
}

TEST(Error, KeepsTheNativeNumberButComparesTheCode) {
  constexpr Error error(Errc::timed_out, 110);
  static_assert(error.native() == 110);
  EXPECT_EQ(error.code(), Errc::timed_out);
  EXPECT_TRUE(error == Error(Errc::timed_out));
  EXPECT_TRUE(error == Errc::timed_out);
  EXPECT_TRUE(Errc::timed_out == error);
  EXPECT_TRUE(error != Errc::would_block);
  EXPECT_EQ(Error(Errc::closed).native(), 0);
}

}  // namespace
}  // namespace twinsock
