// The semihosting calls of the images, by their numbers in Arm's semihosting specification.
#include "arch/cortex_m/semihosting.hpp"

#include <algorithm>

namespace firmware::semihosting {
namespace {

constexpr std::uint32_t sys_write0 = 0x04;
constexpr std::uint32_t sys_errno = 0x13;
constexpr std::uint32_t sys_get_cmdline = 0x15;
constexpr std::uint32_t sys_exit_extended = 0x20;
constexpr std::uint32_t application_exit = 0x20026;

// What r0 holds after a call that nobody answered: the number of the call, or what the fault
// handler puts there.
constexpr std::int32_t nobody = -0x5A5A;

std::int32_t call(std::uint32_t number, const void* argument) {
  register std::uint32_t r0 asm("r0") = number;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory", "cc");
  return static_cast<std::int32_t>(r0);
}

}  // namespace

bool available() { return call(sys_errno, nullptr) != nobody; }

std::string_view command_line(std::span<char> buffer) {
  if (!available()) return {};
  struct {
    char* text;
    std::size_t size;
  } block{buffer.data(), buffer.size()};
  if (call(sys_get_cmdline, &block) != 0) return {};
  return {buffer.begin(), std::ranges::find(buffer, '\0')};
}

void write(const char* zero_terminated) { call(sys_write0, zero_terminated); }

void exit(int status) {
  const std::uint32_t block[2] = {application_exit, static_cast<std::uint32_t>(status)};
  call(sys_exit_extended, block);
}

}  // namespace firmware::semihosting
