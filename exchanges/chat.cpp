// What tcp_chat and udp_chat share: the lines of a client that is no person.
#include "chat.hpp"

#include <algorithm>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {
constexpr std::string_view own_lines[] = {"hello", "Olá, servidor!", "¿Qué tal?", "소켓 통신",
                                          "你好, Ελλάδα 🙂"};
}

std::span<const std::string_view> ChatLines::prepared() const {
  return run_.say.empty() ? std::span<const std::string_view>(own_lines) : run_.say;
}

Verdict ChatLines::check() const {
  for (const std::string_view line : prepared()) {
    if (line.empty() || line.size() > longest_line) {
      return Verdict::failed("lines to say", Line("1 to ", longest_line, " bytes each"),
                             Line("one of ", line.size(), " bytes"));
    }
  }
  return Verdict::ok();
}

std::string_view ChatLines::next() {
  if (run_.interactive) {
    int size = 0;
    while (size == 0) size = run_.context.ask("say: ", typed_);
    if (size < 0) return chat_end;
    return {typed_.data(), static_cast<std::size_t>(size)};
  }
  const auto lines = prepared();
  return count_ < lines.size() ? lines[count_++] : (++count_, chat_end);
}

bool ChatLines::said_before(std::string_view line) const {
  if (run_.interactive || count_ == 0) return false;
  const auto earlier = prepared().first(count_ - 1);
  return std::find(earlier.begin(), earlier.end(), line) != earlier.end();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
