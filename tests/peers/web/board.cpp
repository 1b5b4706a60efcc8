// The roles of http.cpp on a board, chosen by the emulator's words:  server listen=:80 requests=2
#include <twinsock/program.hpp>

#include "arch/cortex_m/fault.hpp"
#include "boot/boot.hpp"
#include "boot/settings.hpp"
#include "console/print.hpp"
#include "net/network.hpp"

namespace {

using Words = std::span<const std::string_view>;
using firmware::print_line;

class BoardContext final : public twinsock::RoleContext {
 public:
  BoardContext(std::string_view role, Words words) : role_(role), words_(words) {}

  Words arguments() const override { return words_; }
  twinsock::IpAddress address(twinsock::Family family) const override {
    return firmware::own_address(family);
  }
  void report(std::string_view line) override { print_line(role_, ": ", line); }
  void log(std::string_view line) override { print_line(line); }
  void ready() override { print_line("LISTENING 80"); }
  int ask(std::string_view, std::span<char>) override { return -1; }

 private:
  std::string_view role_;
  Words words_;
};

int program(Words words) {
  for (std::size_t i = 0; i < twinsock_program.count && !words.empty(); ++i) {
    const twinsock::Role& role = twinsock_program.roles[i];
    if (role.name != words[0]) continue;
    BoardContext context(words[0], words.subspan(1));
    return role.run(context);
  }
  print_line("client peer=ADDR:PORT path=/WORDS, server listen=:80 requests=NUMBER");
  return firmware::status_wrong_use;
}

}  // namespace

int main() { firmware::run(program); }
