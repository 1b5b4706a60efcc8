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

const std::string_view* ChatLines::unfit() const {
  for (const std::string_view& line : prepared()) {
    if (line.empty() || line.size() > longest_line) return &line;
  }
  return nullptr;
}

std::string_view ask_line(Run& run, std::string_view prompt, MutableBytes room) {
  const std::span<char> typed(reinterpret_cast<char*>(room.data()), longest_line);
  int size = 0;
  while (size == 0) size = run.context.ask(prompt, typed);
  if (size < 0) return {};
  return {typed.data(), static_cast<std::size_t>(size)};
}

std::string_view ChatLines::next(MutableBytes room) {
  if (run_.interactive) {
    const std::string_view typed = ask_line(run_, "say: ", room);
    return typed.empty() ? chat_end : typed;
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
