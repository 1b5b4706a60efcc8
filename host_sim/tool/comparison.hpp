// Comparison: the table of `compare`, and the reasons below it.
#pragma once

#include <string>
#include <vector>

#include "world.hpp"

namespace host_sim::tool {

struct Cell {
  std::string world;
  std::string unavailable{};  // why; "": it ran
  bool excused = false;       // that world is here, only this exchange cannot be there
  Outcome outcome{};
};

struct Row {
  const Exchange* exchange;
  Family family;
  std::vector<Cell> cells;

  // The first that ran and passed; nullptr: none.
  const Cell* reference() const;
  // All of them ran, passed, and said the same, and there is more than one.
  bool same() const;
  // The same, but for the worlds in which this exchange cannot be.
  bool sound() const;
};

enum class CellState { same, differs, failed, not_available, alone };
CellState state_of(const Row& row, const Cell& cell);

// A heading, a line for each row, and a closing line.
std::vector<std::string> table(const std::vector<Row>& rows, const Console& console);
// One line for each failure, an excerpt for each difference.
std::vector<std::string> why_not_same(const Row& row, const Cell& cell);
// One line for each reason for which a world could not run, whatever the number of exchanges.
std::vector<std::string> missing_worlds(const std::vector<Row>& rows);

}  // namespace host_sim::tool
