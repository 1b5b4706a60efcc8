// Verdicts: how a role failed, in words.
#include "exchange.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

Verdict Verdict::failed(std::string_view step, std::string_view expected, std::string_view came) {
  Verdict verdict;
  verdict.passed = false;
  verdict.step.append(step);
  verdict.expected.append(expected);
  verdict.came.append(came);
  return verdict;
}

Verdict Verdict::failed(std::string_view step, std::string_view expected, Error error) {
  Verdict verdict = failed(step, expected, name(error.code()));
  verdict.came.append(": ");
  verdict.came.append(describe(error.code()));
  return verdict;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
