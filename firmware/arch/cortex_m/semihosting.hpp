// Semihosting: a debugger's or an emulator's services, through BKPT 0xAB. Where nobody listens, the
// fault handler steps over the instruction, so every call is safe and available() says false.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace firmware::semihosting {

bool available();

// The words the emulator was given, joined by blanks, the program's name first; "" if there are
// none or they do not fit. The text lies in `buffer`.
std::string_view command_line(std::span<char> buffer);

// Text to the debugger's console, for what must be said when there is no UART.
void write(const char* zero_terminated);

// Ends the emulator with that exit status (its low 8 bits). Returns only where nobody listens.
void exit(int status);

}  // namespace firmware::semihosting
