// What a board's vector table is made of: the core's own entries, then one per interrupt number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace firmware {

using Handler = void (*)();

struct Interrupt {
  unsigned number;
  Handler handler;
};

// Prints which interrupt came without a handler, and stops.
void unexpected_interrupt();

extern "C" {
void reset_handler();
void fault_handler();
void systick_handler();
extern std::uint32_t _interrupt_stack_end[];
}

// One word of the table: the first is the stack, the others are handlers.
union Vector {
  std::uint32_t* stack;
  Handler handler;
};

// The table of a core with `count` external interrupts. A board defines its own with
//   [[gnu::section(".vectors"), gnu::used]] constexpr auto vectors = make_vectors<32>(interrupts);
template <std::size_t count, std::size_t used>
constexpr std::array<Vector, 16 + count> make_vectors(const Interrupt (&interrupts)[used]) {
  std::array<Vector, 16 + count> table{};
  table[0] = Vector{.stack = _interrupt_stack_end};
  for (std::size_t i = 1; i < table.size(); ++i) {
    table[i] = Vector{.handler = i < 16 ? fault_handler : unexpected_interrupt};
  }
  table[1] = Vector{.handler = reset_handler};
  table[15] = Vector{.handler = systick_handler};
  for (const Interrupt& one : interrupts) table[16 + one.number] = Vector{.handler = one.handler};
  return table;
}

}  // namespace firmware
