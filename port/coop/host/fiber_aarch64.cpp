// The change of stacks on aarch64 (AAPCS64): what a callee preserves, and the floating-point
// control register.
#include <cstdint>
#include <cstring>

#include "coop/host/fiber.hpp"

asm(R"(
  .text
  .globl twinsock_fiber_switch
  .hidden twinsock_fiber_switch
  .type twinsock_fiber_switch, %function
  .p2align 4
twinsock_fiber_switch:
  .cfi_startproc
  sub sp, sp, #176
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mrs x9, fpcr
  str x9, [sp, #160]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldr x9, [sp, #160]
  msr fpcr, x9
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #176
  ret
  .cfi_endproc
  .size twinsock_fiber_switch, .-twinsock_fiber_switch

  .hidden twinsock_fiber_start
  .type twinsock_fiber_start, %function
  .p2align 4
twinsock_fiber_start:
  .cfi_startproc
  .cfi_undefined x30
  mov x0, x19
  blr x20
  brk #1
  .cfi_endproc
  .size twinsock_fiber_start, .-twinsock_fiber_start
)");

extern "C" void twinsock_fiber_start();

namespace {

struct Frame {  // as twinsock_fiber_switch leaves it, from low to high addresses
  std::uint64_t x19_to_x28[10];
  std::uint64_t x29, x30;
  std::uint64_t d8_to_d15[8];
  std::uint64_t fpcr, padding;
};
static_assert(sizeof(Frame) == 176);

}  // namespace

void* twinsock_fiber_prepare(void* stack, size_t size, void (*entry)(void*), void* argument) {
  auto top = (reinterpret_cast<std::uintptr_t>(stack) + size) & ~std::uintptr_t{15};
  Frame frame{};
  asm volatile("mrs %0, fpcr" : "=r"(frame.fpcr));
  frame.x19_to_x28[0] = reinterpret_cast<std::uintptr_t>(argument);
  frame.x19_to_x28[1] = reinterpret_cast<std::uintptr_t>(entry);
  frame.x30 = reinterpret_cast<std::uintptr_t>(&twinsock_fiber_start);
  void* place = reinterpret_cast<void*>(top - sizeof(Frame));
  std::memcpy(place, &frame, sizeof frame);
  return place;
}
