// Verdicts: how a role failed, in words.
#include "exchange.hpp"
#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {
// Cut off, if need be, after a whole character.
template <std::size_t N>
void put(FixedText<N>& field, std::string_view text) {
  field.append(whole_characters(text, N - 1 - field.size()));
}
}  // namespace

Verdict Verdict::failed(std::string_view step, std::string_view expected, std::string_view came) {
  Verdict verdict;
  verdict.passed = false;
  put(verdict.step, step);
  put(verdict.expected, expected);
  put(verdict.came, came);
  return verdict;
}

Verdict Verdict::failed(std::string_view step, std::string_view expected, Error error) {
  Verdict verdict = failed(step, expected, name(error.code()));
  put(verdict.came, ": ");
  put(verdict.came, describe(error.code()));
  return verdict;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
