// The same echo server as echo_raw.c, through twinsock::Socket.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <twinsock/socket.hpp>

using namespace twinsock;

static char buffer[64];

// What echo_budget.py counts: instructions and system calls within this function.
extern "C" __attribute__((noinline)) long serve(Socket& connection) {
  long rounds = 0;
  while (true) {
    const auto got = connection.recv_into(buffer);
    if (!got || *got == 0) return rounds;
    if (!connection.sendall({buffer, *got})) return -1;
    ++rounds;
  }
}

static void ask(const Endpoint& server, long rounds) {
  char text[64] = {};
  auto client = Socket::open(Family::inet, Type::stream);
  if (!client || !client->connect(server)) _exit(1);
  for (long i = 0; i < rounds; ++i) {
    if (!client->sendall({text, sizeof(text)}) || !client->recv_exactly(text)) _exit(1);
  }
  _exit(0);
}

int main(int count, char** words) {
  if (count < 2) return 2;
  const long rounds = std::atol(words[1]);
  auto listener = Socket::open(Family::inet, Type::stream);
  if (!listener || !listener->bind({IpAddress::loopback(Family::inet), 0})) return 1;
  if (!listener->listen(1)) return 1;
  const auto server = listener->getsockname();
  if (!server) return 1;
  if (fork() == 0) ask(*server, rounds);
  auto accepted = listener->accept();
  if (!accepted) return 1;
  if (count > 2 && std::string_view(words[2]) == "timed") {
    if (!accepted->socket.settimeout(std::chrono::seconds(5))) return 1;
  }
  const long served = serve(accepted->socket);
  std::printf("%ld\n", served);
  wait(nullptr);
  return served == rounds ? 0 : 1;
}
