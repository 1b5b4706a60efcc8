// A node whose threads are ready at the same instants: what order they run in is the schedule.
#include <array>
#include <chrono>
#include <string_view>

#include <twinsock/clock.hpp>
#include <twinsock/program.hpp>
#include <twinsock/thread.hpp>

namespace {

using twinsock::RoleContext;

std::array<char, 64> order;
std::size_t written;

void walk(void* letter) {
  for (int step = 0; step < 4; ++step) {
    twinsock::sleep_for(std::chrono::milliseconds(1));
    if (written < order.size()) order[written++] = *static_cast<const char*>(letter);
  }
}

int race(RoleContext& context) {
  static const char letters[] = {'a', 'b', 'c', 'd'};
  std::array<twinsock::Thread, 4> threads;
  int status = 0;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (!threads[i].start("walker", walk, const_cast<char*>(&letters[i]))) status = 1;
  }
  for (twinsock::Thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
  context.report(std::string_view(order.data(), written));
  return status;
}

int sink(volatile char* room, int depth) {
  volatile char more[512];
  more[0] = room[0];
  return depth > 1'000'000 ? more[0] : sink(more, depth + 1) + more[0];
}

int overflow(RoleContext&) {
  volatile char room[1] = {};
  return sink(room, 0);
}

constexpr twinsock::Role roles[] = {
    {"race", race, "four threads wake together, four times"},
    {"overflow", overflow, "uses more stack than there is"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
