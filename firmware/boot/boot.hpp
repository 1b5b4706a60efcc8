// From main() to a program in a thread with a network: what every image begins with.
//
//   int program(std::span<const std::string_view> words) { … }   // sockets may be used here
//   int main() { firmware::run(program); }
//
// An emulator's arguments (semihosting) are the settings, then the words for the program:
//   seed=TEXT ip=ADDR/BITS gateway=ADDR ip6=ADDR net=off WORD…
// Without ip= the address comes from DHCP. Without a seed, a board that has no entropy source
// refuses to start. A mistake is one line on the console, and status 2.
#pragma once

#include <span>
#include <string_view>

namespace firmware {

using ProgramFunction = int (*)(std::span<const std::string_view> words);

// Starts the kernel, the console and the network, waits for an address (10 s, and goes on without
// one), then calls the program on a thread named "main". When it returns, the image waits until its
// peers have all it sent them (5 s at most), then stops with the status returned.
[[noreturn]] void run(ProgramFunction program);

}  // namespace firmware
