// The image under load: `crowd` serves as many connections at once as the board's profile has room
// for, `soak SECONDS` works both ends of a busy network and counts lwIP's memory afterwards.
#include <lwip/memp.h>
#include <lwip/stats.h>

#include <algorithm>
#include <array>

#include <twinsock/clock.hpp>
#include <twinsock/connection.hpp>
#include <twinsock/selector.hpp>
#include <twinsock/thread.hpp>

#include "arch/cortex_m/fault.hpp"
#include "boot/boot.hpp"
#include "boot/settings.hpp"
#include "console/print.hpp"
#include "images/exchanges/commands.hpp"

namespace {

using namespace twinsock;
using firmware::print_line;
using firmware::Words;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t port = 7;

// ---- crowd

// One socket listens, and one is free for the connection that is turned away.
constexpr int room = std::min(MEMP_NUM_NETCONN - 2, MEMP_NUM_TCP_PCB - 1);

struct Crowd {
  Socket listener;
  std::array<Socket, room> guests;
  Selector<room + 1> selector;
  int present = 0;
};
constinit Crowd crowd;

void greet_newcomer() {
  auto accepted = crowd.listener.accept();
  if (!accepted) return;
  const auto seat = std::find_if(crowd.guests.begin(), crowd.guests.end(),
                                 [](const Socket& guest) { return !guest.is_open(); });
  if (seat == crowd.guests.end()) return print_line("no room");  // its socket closes
  *seat = std::move(accepted->socket);
  if (crowd.selector.add(*seat, Ready::read)) print_line("present ", ++crowd.present);
}

void answer(Socket& guest) {
  std::array<std::byte, 256> buffer;
  const auto got = guest.recv_into(buffer);
  if (got && *got > 0 && guest.sendall(Bytes(buffer).first(*got))) return;
  static_cast<void>(crowd.selector.remove(guest));
  guest.close();
  print_line("present ", --crowd.present);
}

// Echoes for all who find room, until the crowd has been full `times` times and everybody has left.
int serve_crowd(Words words) {
  const long times = words.size() > 1 ? firmware::parse_number(words[1], 1, 1000) : 1;
  auto opened = create_server({IpAddress::any(Family::inet), port});
  if (!opened || times < 0) return firmware::status_wrong_use;
  crowd.listener = std::move(*opened);
  if (!crowd.selector.add(crowd.listener, Ready::read)) return firmware::status_failed;
  print_line("LISTENING ", port, ", room for ", room);
  bool is_full = false;
  for (long full = 0; full < times || crowd.present > 0;) {
    const auto events = crowd.selector.select(Timeout::none());
    if (!events) return firmware::status_failed;
    for (SelectorKey& key : *events) {
      key.socket == &crowd.listener ? greet_newcomer() : answer(*key.socket);
    }
    if (!is_full && crowd.present == room) ++full;
    is_full = crowd.present == room || (is_full && crowd.present > 0);
  }
  crowd.listener.close();
  return firmware::status_passed;
}

// ---- soak

struct Used {
  std::array<std::uint32_t, MEMP_MAX> elements;
  std::uint32_t heap;

  static Used now() {
    Used used;
    for (std::size_t i = 0; i < MEMP_MAX; ++i) used.elements[i] = memp_pools[i]->stats->used;
    used.heap = lwip_stats.mem.used;
    return used;
  }
  bool operator==(const Used&) const = default;
};

std::array<std::byte, 1200> outward, homeward;
constexpr std::byte leave{255}, stop{254};  // the first byte of what the server shall do

// An echo. Told to leave, it does so with bytes unread, which resets the peer.
void serve_until_told(void* argument) {
  Socket& listener = *static_cast<Socket*>(argument);
  std::array<std::byte, 200> piece;
  while (piece[0] != stop) {
    auto accepted = listener.accept();
    if (!accepted) return;
    for (;;) {
      const auto got = accepted->socket.recv_into(piece);
      if (!got || *got == 0 || piece[0] >= stop) break;
      if (!accepted->socket.sendall(Bytes(piece).first(*got))) break;
    }
  }
}

bool talk(const Endpoint& server, unsigned number) {
  auto connected = create_connection({&server, 1}, {.timeout = seconds(10)});
  if (!connected) return false;
  Socket& client = *connected;
  for (unsigned i = 0; i < 8; ++i) {
    const std::size_t size = 1 + (number * 37 + i * 151) % outward.size();
    for (std::size_t k = 0; k < size; ++k) outward[k] = static_cast<std::byte>((k + i) & 127);
    if (!client.sendall(Bytes(outward).first(size))) return false;
    if (!client.recv_exactly(MutableBytes(homeward).first(size))) return false;
    if (!std::equal(outward.begin(), outward.begin() + size, homeward.begin())) return false;
  }
  if (number % 3 == 0) {  // the server leaves with bytes unread
    outward[0] = leave;
    if (!client.sendall(outward)) return false;
    return client.recv_into(homeward).value_or(0) == 0;
  }
  if (number % 3 == 1) return client.setsockopt(option::linger, seconds(0)).has_value();
  return true;
}

bool exchange_datagrams() {
  auto one = Socket::open(Family::inet, Type::datagram);
  auto other = Socket::open(Family::inet, Type::datagram);
  if (!one || !other || !one->bind({IpAddress::loopback(Family::inet), 0})) return false;
  const Endpoint where = *one->getsockname();
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1200}}) {
    if (!other->sendto(Bytes(outward).first(size), where)) return false;
  }
  if (!one->settimeout(milliseconds(20))) return false;
  for (int i = 0; i < 2; ++i) {  // the last stays in its queue
    if (!one->recvfrom_into(homeward)) return false;
  }
  return !other->settimeout(milliseconds(20)) ||
         other->recv_into(homeward).error() == Errc::timed_out;
}

bool is_refused() {
  auto socket = Socket::open(Family::inet, Type::stream);
  return socket && socket->connect({IpAddress::loopback(Family::inet), 9}).error() ==
                       Errc::connection_refused;
}

const char* work(const Endpoint& server, unsigned number) {
  for (unsigned i = 0; i < 4; ++i) {
    if (!talk(server, 4 * number + i)) return "a connection";
  }
  if (!exchange_datagrams()) return "datagrams";
  if (!is_refused()) return "a closed port";
  constexpr std::string_view gateway[] = {"10.0.2.2"};
  if (number % 60 == 59 && firmware::ping(gateway) != 0) return "a ping";
  return nullptr;
}

int soak(Words words) {
  const long duration_s = words.size() > 1 ? firmware::parse_number(words[1], 1, 1'000'000) : -1;
  if (duration_s < 0) return firmware::status_wrong_use;
  sleep_for(seconds(10));  // until IPv6 has its groups
  const Used before = Used::now();
  auto listener = create_server({IpAddress::loopback(Family::inet), port});
  Thread server;
  if (!listener || !server.start("server", serve_until_told, &*listener)) return 1;
  const Endpoint where = *listener->getsockname();
  for (long i = 0; i < duration_s; ++i) {
    if (const char* failed = work(where, static_cast<unsigned>(i))) {
      print_line("second ", i, ": ", failed, " failed");
      firmware::print_pools({});
      firmware::stop(firmware::status_failed);  // the server may be in the middle of something
    }
    sleep_for(milliseconds(900));
  }
  auto last = create_connection({&where, 1}, {.timeout = seconds(10)});
  if (!last || !last->sendall(Bytes(&stop, 1))) return firmware::status_failed;
  server.join();
  last->close();
  listener->close();
  sleep_for(seconds(130));  // what is in TIME-WAIT
  print_line("worked for ", duration_s, " s");
  const Used after = Used::now();
  if (after == before) return firmware::status_passed;
  for (std::size_t i = 0; i < MEMP_MAX; ++i) {
    if (after.elements[i] == before.elements[i]) continue;
    print_line(firmware::pool_names[i], ": ", before.elements[i], " before, ", after.elements[i],
               " after");
  }
  print_line("heap: ", before.heap, " bytes before, ", after.heap, " after");
  return firmware::status_failed;
}

int program(Words words) {
  if (!words.empty() && words[0] == "crowd") {
    const int status = serve_crowd(words);
    sleep_for(milliseconds(100));
    firmware::print_pools({});
    return status;
  }
  if (!words.empty() && words[0] == "soak") return soak(words);
  print_line("crowd [TIMES], soak SECONDS");
  return firmware::status_wrong_use;
}

}  // namespace

int main() { firmware::run(program); }
