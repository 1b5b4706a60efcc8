// Runs the example of the README against a server of this process's own.
#include <array>
#include <cstdio>
#include <span>
#include <string_view>

#include <twinsock/socket.hpp>
#include <twinsock/thread.hpp>

using namespace twinsock;

Result<std::size_t> greet(const Endpoint& server, std::span<char> answer);  // README.md

namespace {

void serve_one(void* argument) {
  auto accepted = static_cast<Socket*>(argument)->accept();
  std::array<char, 5> heard;
  if (!accepted || !accepted->socket.recv_exactly(heard)) return;
  const bool right = std::string_view(heard.data(), heard.size()) == "hello";
  static_cast<void>(accepted->socket.sendall(right ? "good day" : "pardon?"));
}

}  // namespace

int main() {
  auto listening = Socket::open(Family::inet, Type::stream);
  const bool listens = listening && listening->bind({IpAddress::v4(127, 0, 0, 1), 0}) &&
                       listening->listen() && listening->settimeout(std::chrono::seconds(10));
  Thread server;
  if (!listens || !server.start("server", serve_one, &*listening)) return 1;

  std::array<char, 64> answer;
  const auto size = greet(*listening->getsockname(), answer);
  server.join();
  const bool right = size && std::string_view(answer.data(), *size) == "good day";
  std::puts(right ? "the README's example runs" : "the README's example failed");
  return right ? 0 : 1;
}
