// The image that measures: an echo through raw lwip_* calls and through Socket, the way from the
// reset to a listening socket, and bulk transfers. All times are the board's own, in microseconds;
// where an emulator makes every instruction last as long, they count instructions.
#include <lwip/sockets.h>

#include <algorithm>
#include <array>

#include <twinsock/socket.hpp>
#include <twinsock/thread.hpp>

#include "arch/cortex_m/clock.hpp"
#include "arch/cortex_m/fault.hpp"
#include "boot/boot.hpp"
#include "boot/settings.hpp"
#include "console/print.hpp"

namespace {

using namespace twinsock;
using Words = std::span<const std::string_view>;

constexpr std::size_t largest_message = 1024;
constexpr int batch_count = 64, rounds_a_batch = 8;

std::array<std::byte, largest_message> asked, answered, served;

std::uint32_t now_us() { return static_cast<std::uint32_t>(firmware::clock::now_us()); }

// ---- the same echo twice: `serve` gives back until the end of the stream, `ask` is one round trip

void serve_raw(int connection) {
  for (;;) {
    const ssize_t got = lwip_recv(connection, served.data(), served.size(), 0);
    if (got <= 0) return;
    ssize_t done = 0;
    while (done < got) {
      const ssize_t sent =
          lwip_send(connection, served.data() + done, static_cast<std::size_t>(got - done), 0);
      if (sent < 0) return;
      done += sent;
    }
  }
}

void serve_twinsock(Socket& connection) {
  for (;;) {
    const auto got = connection.recv_into(served);
    if (!got || *got == 0) return;
    if (!connection.sendall(Bytes(served).first(*got))) return;
  }
}

[[gnu::noinline]] bool ask_raw(int connection, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t sent = lwip_send(connection, asked.data() + done, size - done, 0);
    if (sent < 0) return false;
    done += static_cast<std::size_t>(sent);
  }
  for (done = 0; done < size;) {
    const ssize_t got = lwip_recv(connection, answered.data() + done, size - done, 0);
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

[[gnu::noinline]] bool ask_twinsock(Socket& connection, std::size_t size) {
  return connection.sendall(Bytes(asked).first(size)) &&
         connection.recv_exactly(MutableBytes(answered).first(size));
}

// The cheapest of many batches: the one that no timer of TCP came in between.
template <class Ask>
int measure(std::string_view way, std::size_t size, Ask ask) {
  std::uint32_t best = ~std::uint32_t{0}, nothing = best;
  for (int i = 0; i < batch_count; ++i) {
    const std::uint32_t empty = now_us();
    const std::uint32_t start = now_us();
    for (int round = 0; round < rounds_a_batch; ++round) {
      if (!ask()) return firmware::status_failed;
    }
    const std::uint32_t end = now_us();
    nothing = std::min(nothing, start - empty);
    best = std::min(best, end - start);
  }
  if (!std::equal(asked.begin(), asked.begin() + size, answered.begin())) {
    return firmware::status_failed;
  }
  firmware::print_line("echo ", way, " ", static_cast<std::uint32_t>(size), ": ", best - nothing,
                       " us for ", rounds_a_batch);
  return firmware::status_passed;
}

struct Ends {
  Socket client, server;
};

bool connect(Ends& ends) {
  auto listener = Socket::open(Family::inet, Type::stream);
  if (!listener || !listener->bind({IpAddress::loopback(Family::inet), 0})) return false;
  if (!listener->listen()) return false;
  auto client = Socket::open(Family::inet, Type::stream);
  if (!client || !client->connect(*listener->getsockname())) return false;
  auto server = listener->accept();
  if (!server) return false;
  ends.client = std::move(*client);
  ends.server = std::move(server->socket);
  return true;
}

int echo(Words words) {
  const bool is_raw = words.size() > 1 && words[1] == "raw";
  const long size = words.size() > 2 ? firmware::parse_number(words[2], 1, largest_message) : -1;
  Ends ends;
  if (size < 0 || !connect(ends)) return firmware::status_wrong_use;
  for (std::size_t i = 0; i < asked.size(); ++i) asked[i] = static_cast<std::byte>(i * 7 + i / 256);
  Thread server;
  const auto run = is_raw ? [](void* socket) { serve_raw(static_cast<Socket*>(socket)->fileno()); }
                          : [](void* socket) { serve_twinsock(*static_cast<Socket*>(socket)); };
  if (!server.start("server", run, &ends.server)) return firmware::status_failed;
  const auto bytes = static_cast<std::size_t>(size);
  const int descriptor = ends.client.fileno();
  const int status =
      is_raw ? measure("raw", bytes, [&] { return ask_raw(descriptor, bytes); })
             : measure("twinsock", bytes, [&] { return ask_twinsock(ends.client, bytes); });
  ends.client.close();
  server.join();
  return status;
}

// ---- boot

int boot(Words) {
  auto listener = Socket::open(Family::inet, Type::stream);
  if (!listener || !listener->bind({IpAddress::any(Family::inet), 7})) return 1;
  if (!listener->listen()) return 1;
  const std::uint32_t now = now_us();
  firmware::print_line("LISTENING after ", now, " us, idle ",
                       static_cast<std::uint32_t>(firmware::clock::idle_us()), " us");
  return firmware::status_passed;
}

// ---- bulk: `sink` takes until the end of the stream, `source N` gives N KiB

int bulk(Words words) {
  const long kib = words[0] == "sink" ? 0
                   : words.size() > 1 ? firmware::parse_number(words[1], 1, 100'000)
                                      : -1;
  auto listener = Socket::open(Family::inet, Type::stream);
  if (kib < 0 || !listener || !listener->bind({IpAddress::any(Family::inet), 7})) return 2;
  if (!listener->listen()) return 1;
  firmware::print_line("LISTENING 7");
  auto peer = listener->accept();
  if (!peer) return 1;
  std::uint32_t total = 0;
  const std::uint32_t start = now_us();
  for (long i = 0; i < kib; ++i) {
    if (!peer->socket.sendall(served)) return 1;
    total += static_cast<std::uint32_t>(served.size());
  }
  while (kib == 0) {
    const auto got = peer->socket.recv_into(served);
    if (!got) return 1;
    if (*got == 0) break;
    total += static_cast<std::uint32_t>(*got);
  }
  firmware::print_line("moved ", total, " bytes in ", now_us() - start, " us");
  return firmware::status_passed;
}

int program(Words words) {
  if (!words.empty() && words[0] == "echo") return echo(words);
  if (!words.empty() && words[0] == "boot") return boot(words);
  if (!words.empty() && (words[0] == "sink" || words[0] == "source")) return bulk(words);
  firmware::print_line("echo raw|twinsock SIZE, boot, sink or source KIB");
  return firmware::status_wrong_use;
}

}  // namespace

int main() { firmware::run(program); }
