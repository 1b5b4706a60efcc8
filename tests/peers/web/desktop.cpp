// The roles of http.cpp over this host's own sockets:  http_posix client peer=127.0.0.1:80 path=/
#include <cstdio>
#include <vector>

#include <twinsock/program.hpp>

namespace {

class DesktopContext final : public twinsock::RoleContext {
 public:
  DesktopContext(std::string_view role, std::span<const std::string_view> words)
      : role_(role), words_(words) {}

  std::span<const std::string_view> arguments() const override { return words_; }
  twinsock::IpAddress address(twinsock::Family) const override { return {}; }
  void report(std::string_view line) override { print(stdout, role_, ": ", line); }
  void log(std::string_view line) override { print(stderr, "", "", line); }
  void ready() override {}
  int ask(std::string_view, std::span<char>) override { return -1; }

 private:
  static void print(std::FILE* file, std::string_view a, std::string_view b, std::string_view c) {
    for (const std::string_view part : {a, b, c, std::string_view("\n")}) {
      std::fwrite(part.data(), 1, part.size(), file);
    }
    std::fflush(file);
  }

  std::string_view role_;
  std::span<const std::string_view> words_;
};

}  // namespace

int main(int count, char** texts) {
  const std::vector<std::string_view> words(texts + 1, texts + count);
  for (std::size_t i = 0; i < twinsock_program.count && !words.empty(); ++i) {
    const twinsock::Role& role = twinsock_program.roles[i];
    if (role.name != words[0]) continue;
    DesktopContext context(role.name, std::span(words).subspan(1));
    return role.run(context);
  }
  std::fputs("http_posix client|server WORDS\n", stderr);
  return 2;
}
