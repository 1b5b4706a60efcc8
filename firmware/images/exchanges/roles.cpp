// serve and connect: an exchange's role on this board, its transcript on the console.
#include <array>
#include <cstring>

#include "arch/cortex_m/fault.hpp"
#include "boot/settings.hpp"
#include "console/console.hpp"
#include "console/print.hpp"
#include "exchanges/exchange.hpp"
#include "images/exchanges/commands.hpp"
#include "net/network.hpp"

namespace firmware {
namespace {

using twinsock::Family;

class BoardContext final : public twinsock::RoleContext {
 public:
  BoardContext(std::string_view side, std::string_view port, Words arguments)
      : side_(side), port_(port), arguments_(arguments) {}

  Words arguments() const override { return arguments_; }
  twinsock::IpAddress address(Family family) const override { return own_address(family); }
  void report(std::string_view line) override { print_line(side_, ": ", line); }
  void log(std::string_view line) override { print_line(line); }
  void ready() override {
    if (!is_ready_) print_line("LISTENING ", port_);
    is_ready_ = true;
  }
  int ask(std::string_view prompt, std::span<char> buffer) override {
    return read_line(prompt, buffer);
  }

 private:
  std::string_view side_, port_;
  Words arguments_;
  bool is_ready_ = false;
};

// A role's arguments: `first` made of `name` and `value`, then the command's own.
class RoleArguments {
 public:
  // False: too long, or times= is no number.
  bool make(std::string_view name, std::string_view value, Words more) {
    if (name.size() + value.size() > text_.size()) return false;
    name.copy(text_.data(), name.size());
    value.copy(text_.data() + name.size(), value.size());
    words_[count_++] = {text_.data(), name.size() + value.size()};
    for (const std::string_view word : more) {
      if (word.starts_with("times=")) {
        times_ = parse_number(word.substr(6), 1, 1'000'000);
        if (times_ < 0) return false;
      } else {
        words_[count_++] = word;
      }
    }
    return true;
  }
  void add(std::string_view word) { words_[count_++] = word; }
  Words words() const { return Words(words_).first(count_); }
  long times() const { return times_; }

 private:
  std::array<char, 80> text_;
  std::array<std::string_view, 14> words_;
  std::size_t count_ = 0;
  long times_ = 1;
};

const twinsock::Role* find_role(std::string_view exchange, std::string_view side) {
  for (const twinsock::Role& role : twinsock::exchanges::roles()) {
    const std::string_view name = role.name;
    if (name.starts_with(exchange) && name.substr(exchange.size()).starts_with('.') &&
        name.ends_with(side)) {
      return &role;
    }
  }
  print_line("there is no exchange '", exchange, "'; list names them");
  return nullptr;
}

int run_role(const twinsock::Role& role, std::string_view side, std::string_view port,
             const RoleArguments& arguments) {
  for (long i = 0; i < arguments.times(); ++i) {
    BoardContext context(side, port, arguments.words());
    const int status = role.run(context);
    if (status != 0) return status;
  }
  return status_passed;
}

}  // namespace

int serve(Words arguments) {
  const twinsock::Role* role = find_role(arguments[0], ".server");
  RoleArguments role_arguments;
  if (!role) return status_wrong_use;
  if (parse_number(arguments[1], 1, 65535) < 0 ||
      !role_arguments.make("listen=:", arguments[1], arguments.subspan(2))) {
    print_line("serve takes a port of 1 to 65535, then times=1 to 1000000");
    return status_wrong_use;
  }
  role_arguments.add("wait=client");
  return run_role(*role, "server", arguments[1], role_arguments);
}

int connect(Words arguments) {
  const twinsock::Role* role = find_role(arguments[0], ".client");
  RoleArguments role_arguments;
  if (!role) return status_wrong_use;
  if (!role_arguments.make("peer=", arguments[1], arguments.subspan(2))) {
    print_line("connect takes ADDR:PORT, then times=1 to 1000000");
    return status_wrong_use;
  }
  return run_role(*role, "client", "", role_arguments);
}

int list_exchanges(Words) {
  for (const twinsock::exchanges::Exchange& one : twinsock::exchanges::all()) {
    print_line(Column{one.name, 22}, one.summary);
  }
  return status_passed;
}

}  // namespace firmware
