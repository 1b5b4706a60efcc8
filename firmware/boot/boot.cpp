// The order in which an image comes to life, and where its unguessable numbers come from.
#include "boot/boot.hpp"

#include <lwip/opt.h>
#include <lwip/sys.h>

#include <array>
#include <chrono>
#include <cstring>

#include "arch/cortex_m/fault.hpp"
#include "arch/cortex_m/semihosting.hpp"
#include "board.hpp"
#include "boot/settings.hpp"
#include "console/console.hpp"
#include "console/print.hpp"
#include "coop/kernel/kernel.hpp"
#include "coop/sys_arch/random.hpp"
#include "net/network.hpp"

#ifndef TWINSOCK_MAIN_STACK_SIZE  // a board's lwipopts.h may set it
#define TWINSOCK_MAIN_STACK_SIZE TWINSOCK_THREAD_STACK_SIZE
#endif

namespace firmware {
namespace {

namespace coop = twinsock::coop;

constexpr auto longest_wait_for_address = std::chrono::seconds(10);
constexpr auto longest_wait_for_peers = std::chrono::seconds(5);

std::array<char, 320> line;
std::array<std::string_view, 32> all_words;
std::span<const std::string_view> words;
Settings settings;
ProgramFunction program;

[[noreturn]] void refuse(std::string_view what, std::string_view allowed) {
  print_line(what, allowed);
  stop(status_wrong_use);
}

void read_settings() {
  const std::size_t count =
      split_words(std::span(line).first(semihosting::command_line(line).size()), all_words);
  if (count > all_words.size()) refuse("too many words: ", "give 32 at most");
  if (count > 0) words = std::span(all_words).subspan(1, count - 1);  // the first names the image
  const std::string_view allowed = take_settings(words, settings);
  if (!allowed.empty()) {
    print_part(words.front());
    refuse(": allowed are ", allowed);
  }
}

void check_entropy() {
  std::uint64_t bits;
  if (!settings.has_network || !settings.seed.empty() || board::read_entropy(bits)) return;
  print_part(std::string_view(board::name));
  refuse(" has no entropy source, so others could guess its ports and sequence numbers: ",
         "give seed=TEXT (run-BOARD does)");
}

void main_thread(void*) {
  start_console();
  if (settings.has_network) {
    if (!start_network(settings.network)) {
      print_line("no network: the Ethernet chip does not answer");
    } else if (!wait_for_address(longest_wait_for_address)) {
      print_line("no address after ", longest_wait_for_address.count(),
                 " s: ", "no cable, or nobody gives one");
    } else {
      print_line("address ", own_address(twinsock::Family::inet).to_text().view());
    }
  }
  const int status = program(words);
  if (settings.has_network) finish_connections(longest_wait_for_peers);
  stop(status);
}

}  // namespace

void run(ProgramFunction function) {
  program = function;
  print_line("\ntwinsock on ", std::string_view(board::name));
  coop::initialise({});
  read_settings();
  check_entropy();
  sys_thread_new("main", main_thread, nullptr, TWINSOCK_MAIN_STACK_SIZE, TWINSOCK_THREAD_PRIORITY);
  coop::run_forever();
}

}  // namespace firmware

// lwIP's secrets: what the board's source gives, and the seed, hashed into as many bytes as wanted.
extern "C" void twinsock_entropy(void* buffer, std::size_t size) {
  const std::string_view seed = firmware::settings.seed;
  const auto* seed_bytes = reinterpret_cast<const std::uint8_t*>(seed.data());
  auto* to = static_cast<unsigned char*>(buffer);
  for (std::uint64_t i = 0; size > 0; ++i) {
    std::uint64_t key[2] = {0, i};
    board::read_entropy(key[0]);
    const std::uint64_t bits = twinsock::coop::keyed_hash(key, seed_bytes, seed.size());
    const std::size_t part = size < sizeof bits ? size : sizeof bits;
    std::memcpy(to, &bits, part);
    to += part;
    size -= part;
  }
}
