// Comparison: the table of `compare`, and the reasons below it.
#include "comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "difference.hpp"

namespace host_sim::tool {

namespace {

constexpr std::array<std::string_view, 5> words{"same", "differs", "failed", "not available",
                                                "passed"};
constexpr std::size_t narrowest_cell = 13;
constexpr std::size_t gap_columns = 2;

std::string_view word(CellState state) { return words[static_cast<std::size_t>(state)]; }

Paint paint(CellState state) {
  switch (state) {
    case CellState::same:
    case CellState::alone: return Paint::good;
    case CellState::differs:
    case CellState::failed: return Paint::bad;
    case CellState::not_available: return Paint::dim;
  }
  return Paint::plain;
}

bool equal(const Cell& a, const Cell& b) {
  return a.outcome.client.transcript == b.outcome.client.transcript &&
         a.outcome.server.transcript == b.outcome.server.transcript;
}

bool ran(const Cell& cell) { return cell.unavailable.empty(); }

std::size_t columns_of(const Cell& cell) {
  return std::max(narrowest_cell, cell.world.size()) + gap_columns;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

const Cell* Row::reference() const {
  const auto found = std::ranges::find_if(
      cells, [](const Cell& cell) { return ran(cell) && cell.outcome.passed(); });
  return found == cells.end() ? nullptr : &*found;
}

bool Row::same() const {
  return cells.size() > 1 && std::ranges::all_of(cells, [this](const Cell& cell) {
           return state_of(*this, cell) == CellState::same;
         });
}

bool Row::sound() const {
  const auto here = std::ranges::count_if(cells, [](const Cell& cell) { return !cell.excused; });
  return cells.size() > 1 && std::ranges::all_of(cells, [&](const Cell& cell) {
           const CellState state = state_of(*this, cell);
           return cell.excused || state == CellState::same ||
                  (here == 1 && state == CellState::alone);
         });
}

CellState state_of(const Row& row, const Cell& cell) {
  if (!ran(cell)) return CellState::not_available;
  if (!cell.outcome.passed()) return CellState::failed;
  const Cell* reference = row.reference();
  if (&cell != reference) return equal(cell, *reference) ? CellState::same : CellState::differs;
  const bool has_equal = std::ranges::any_of(row.cells, [&](const Cell& other) {
    return &other != reference && ran(other) && other.outcome.passed() && equal(other, cell);
  });
  return has_equal ? CellState::same : CellState::alone;
}

std::vector<std::string> table(const std::vector<Row>& rows, const Console& console) {
  std::vector<std::string> lines;
  std::string heading = fmt::format("{:<21}{:<8}", "exchange", "family");
  for (const Cell& cell : rows.front().cells) {
    heading += fmt::format("{:<{}}", cell.world, columns_of(cell));
  }
  lines.push_back(trimmed(heading));
  for (const Row& row : rows) {
    std::string line = fmt::format("{:<21}{:<8}", row.exchange->name, twinsock::name(row.family));
    for (const Cell& cell : row.cells) {
      const CellState state = state_of(row, cell);
      const std::size_t gap = columns_of(cell) - word(state).size();
      line += console.painted(word(state), paint(state)) + std::string(gap, ' ');
    }
    lines.push_back(trimmed(line));
  }
  const auto same = std::ranges::count_if(rows, &Row::same);
  const auto elsewhere =
      std::ranges::count_if(rows, [](const Row& row) { return row.sound() && !row.same(); });
  lines.push_back(
      fmt::format("{} of {} the same in every world{}", same, rows.size(),
                  elsewhere == 0 ? "" : fmt::format("; {} cannot be in all", elsewhere)));
  return lines;
}

std::vector<std::string> why_not_same(const Row& row, const Cell& cell) {
  const std::string what =
      fmt::format("{} in {}, {}", row.exchange->name, cell.world, twinsock::name(row.family));
  std::vector<std::string> lines;
  const CellState state = state_of(row, cell);
  for (const Side side : {Side::client, Side::server}) {
    const RoleOutcome& role = cell.outcome.role(side);
    if (state == CellState::failed && !role.failure.empty()) {
      lines.push_back(fmt::format("{}: {}: {}", what, name(side), role.failure));
    }
    if (state != CellState::differs) continue;
    const Cell& reference = *row.reference();
    const auto label = [&](const Cell& of) {
      return fmt::format("{} {}, {}, {}", row.exchange->name, name(side), of.world,
                         twinsock::name(row.family));
    };
    const std::vector<std::string> parts = difference(
        label(reference), reference.outcome.role(side).transcript, label(cell), role.transcript);
    lines.insert(lines.end(), parts.begin(), parts.end());
  }
  return lines;
}

std::vector<std::string> missing_worlds(const std::vector<Row>& rows) {
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    for (const Cell& cell : row.cells) {
      if (ran(cell)) continue;
      const std::string what = cell.excused ? fmt::format("{} in ", row.exchange->name) : "";
      const std::string line = fmt::format("{}{}, {}: not available: {}", what, cell.world,
                                           twinsock::name(row.family), cell.unavailable);
      if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace host_sim::tool
