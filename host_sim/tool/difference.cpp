// Difference: where two transcripts part.
#include "difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text.hpp"

namespace host_sim::tool {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t context = 2;
constexpr std::size_t most = 6;  // lines of each side

void append(Lines& out, char mark, const Lines& from, std::size_t begin, std::size_t end) {
  const std::size_t shown = mark == ' ' ? end : std::min(end, begin + most);
  for (std::size_t i = begin; i < shown; ++i) {
    out.push_back(fmt::format("{}{}", mark, printable(from[i])));
  }
  if (shown < end) out.push_back(fmt::format("{}… {} lines more", mark, end - shown));
}

}  // namespace

Lines difference(const std::string& name_a, const Lines& a, const std::string& name_b,
                 const Lines& b) {
  if (a == b) return {};
  const auto [part_a, part_b] = std::ranges::mismatch(a, b);
  const auto head = static_cast<std::size_t>(part_a - a.begin());
  const std::size_t most_tail = std::min(a.size(), b.size()) - head;
  std::size_t tail = 0;
  while (tail < most_tail && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;

  const std::size_t first = head - std::min(head, context);
  const std::size_t end_a = a.size() - tail;
  const std::size_t end_b = b.size() - tail;
  const std::size_t after = std::min(tail, context);
  Lines out{fmt::format("--- {}", name_a), fmt::format("+++ {}", name_b),
            fmt::format("@@ -{},{} +{},{} @@", first + 1, end_a + after - first, first + 1,
                        end_b + after - first)};
  append(out, ' ', a, first, head);
  append(out, '-', a, head, end_a);
  append(out, '+', b, head, end_b);
  append(out, ' ', a, end_a, end_a + after);
  return out;
}

}  // namespace host_sim::tool
