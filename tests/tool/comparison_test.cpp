// The table of `compare` and its excerpts, for outcomes that no world gives on request.
#include "comparison.hpp"

#include <gtest/gtest.h>

#include "difference.hpp"

namespace host_sim::tool {
namespace {

using Lines = std::vector<std::string>;

const Exchange& exchange() { return twinsock::exchanges::all()[0]; }

Cell said(const std::string& world, Lines client) {
  Cell cell{.world = world};
  cell.outcome.client.transcript = std::move(client);
  return cell;
}

Row row_of(std::vector<Cell> cells) { return {&exchange(), Family::inet, std::move(cells)}; }

TEST(Comparison, EqualTranscriptsAreTheSame) {
  const Row row = row_of({said("posix", {"a"}), said("sim", {"a"})});
  EXPECT_TRUE(row.same());
  EXPECT_EQ(state_of(row, row.cells[0]), CellState::same);
  EXPECT_EQ(state_of(row, row.cells[1]), CellState::same);
}

TEST(Comparison, AnotherLineOfEitherRoleDiffers) {
  Row row = row_of({said("posix", {"a"}), said("sim", {"a"})});
  row.cells[1].outcome.server.transcript = {"more"};
  EXPECT_FALSE(row.same());
  EXPECT_EQ(state_of(row, row.cells[0]), CellState::alone);
  EXPECT_EQ(state_of(row, row.cells[1]), CellState::differs);
  EXPECT_EQ(why_not_same(row, row.cells[1]).back(), "+more");
}

TEST(Comparison, FailureIsNotTheSameThoughItSaidTheSame) {
  Row row = row_of({said("posix", {"a"}), said("sim", {"a"})});
  row.cells[1].outcome.server.failure = "why";
  EXPECT_FALSE(row.same());
  EXPECT_EQ(state_of(row, row.cells[1]), CellState::failed);
  EXPECT_EQ(why_not_same(row, row.cells[1]), (Lines{"tcp_echo in sim, inet: server: why"}));
}

TEST(Comparison, WorldThatIsMissingIsNotTheSame) {
  Row row = row_of({said("posix", {"a"}), said("sim", {})});
  row.cells[1].unavailable = "no lwIP; bring it";
  EXPECT_FALSE(row.same());
  EXPECT_EQ(state_of(row, row.cells[0]), CellState::alone);
  EXPECT_EQ(state_of(row, row.cells[1]), CellState::not_available);
  EXPECT_EQ(missing_worlds({row, row}), (Lines{"sim, inet: not available: no lwIP; bring it"}));
}

TEST(Comparison, FirstWorldThatPassedIsTheReference) {
  Row row = row_of({said("posix", {"x"}), said("sim", {"a"}), said("board", {"a"})});
  row.cells[0].outcome.client.failure = "why";
  EXPECT_EQ(row.reference(), &row.cells[1]);
  EXPECT_EQ(state_of(row, row.cells[2]), CellState::same);
}

TEST(Difference, OfEqualTranscriptsIsEmpty) {
  EXPECT_EQ(difference("a", {"1"}, "b", {"1"}), Lines{});
}

TEST(Difference, ShowsTwoLinesOfContext) {
  EXPECT_EQ(difference("a", {"1", "2", "3", "x", "4", "5", "6"}, "b",
                       {"1", "2", "3", "y", "z", "4", "5", "6"}),
            (Lines{"--- a", "+++ b", "@@ -2,5 +2,6 @@", " 2", " 3", "-x", "+y", "+z", " 4", " 5"}));
}

TEST(Difference, OfALineMoreAtTheEnd) {
  EXPECT_EQ(difference("a", {"1"}, "b", {"1", "1"}),
            (Lines{"--- a", "+++ b", "@@ -1,1 +1,2 @@", " 1", "+1"}));
  EXPECT_EQ(difference("a", {}, "b", {"1"}), (Lines{"--- a", "+++ b", "@@ -1,0 +1,1 @@", "+1"}));
}

TEST(Difference, CutsWhatIsLong) {
  const Lines parts = difference("a", Lines(100, "x"), "b", Lines(50, "y"));
  EXPECT_EQ(parts.size(), 3u + 7u + 7u);
  EXPECT_EQ(parts.back(), "+… 44 lines more");
}

}  // namespace
}  // namespace host_sim::tool
