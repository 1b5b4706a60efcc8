// The conformance cases on a board, over its own loopback: `list`, names of cases, or nothing for
// all of them. The exit status is the verdict: 0 all as declared, 1 not so, 2 wrong use.
#include <array>

#include "boot/boot.hpp"
#include "conformance/runner.hpp"
#include "console/print.hpp"
#include "net/network.hpp"

namespace {

using Words = std::span<const std::string_view>;

class BoardRole final : public twinsock::RoleContext {
 public:
  explicit BoardRole(Words arguments) : arguments_(arguments) {}

  Words arguments() const override { return arguments_; }
  twinsock::IpAddress address(twinsock::Family family) const override {
    return firmware::own_address(family);
  }
  void report(std::string_view line) override { firmware::print_line(line); }
  void log(std::string_view line) override { firmware::print_line(line); }
  void ready() override {}
  int ask(std::string_view, std::span<char>) override { return -1; }

 private:
  Words arguments_;
};

int program(Words words) {
  static std::array<std::string_view, 33> all;  // boot() passes on 32 at most
  all[0] = "world=board";
  std::copy(words.begin(), words.end(), all.begin() + 1);
  BoardRole role(Words(all).first(words.size() + 1));
  return twinsock::conformance::run_role(role);
}

}  // namespace

int main() { firmware::run(program); }
