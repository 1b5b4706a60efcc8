// The serial console's keyboard: characters by interrupt, lines with a little editing.
#pragma once

#include <span>
#include <string_view>

namespace firmware {

void on_console_interrupt();
void start_console();

// Blocks until a line is typed: its length in `buffer`, without the end; -1 for ctrl-D on an empty
// line. Backspace, ctrl-U (all), ctrl-W (a word), ctrl-C (starts again), arrow up (the line
// before).
int read_line(std::string_view prompt, std::span<char> buffer);

}  // namespace firmware
