// The kernel's context switch on the desktop: the change of stacks, with a word to the sanitizers
// before and after it, because otherwise they would take a thread's stack for the host's.
#include "coop/host/fiber.hpp"
#include "coop/kernel/kernel_port.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define COOP_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COOP_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define COOP_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define COOP_TSAN 1
#endif
#endif

#ifdef COOP_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef COOP_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace twinsock::coop::port {
namespace {

#ifdef COOP_ASAN
CoopContext* came_from = nullptr;  // whose stack was left last: its bounds are learnt on arrival

void arrive(CoopContext* self) {
  const void* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(self != nullptr ? self->fake_stack : nullptr, &bottom, &size);
  came_from->stack_bottom = bottom;
  came_from->stack_size = size;
}
#endif

}  // namespace

void prepare(CoopContext& context, void* stack, std::size_t size, void (*entry)(void*),
             void* argument) {
#ifdef COOP_ASAN
  __asan_unpoison_memory_region(stack, size);  // a thread that ended leaves its frames' redzones
#endif
#ifdef COOP_TSAN
  if (context.fiber != nullptr) __tsan_destroy_fiber(context.fiber);
#endif
  context = CoopContext{};
  context.stack_pointer = twinsock_fiber_prepare(stack, size, entry, argument);
  context.stack_bottom = stack;
  context.stack_size = size;
#ifdef COOP_TSAN
  context.fiber = __tsan_create_fiber(0);
#endif
}

void entered() {
#ifdef COOP_ASAN
  arrive(nullptr);
#endif
}

void switch_context(CoopContext& from, CoopContext& to, [[maybe_unused]] bool last) {
#ifdef COOP_ASAN
  came_from = &from;
  __sanitizer_start_switch_fiber(last ? nullptr : &from.fake_stack, to.stack_bottom, to.stack_size);
#endif
#ifdef COOP_TSAN
  if (from.fiber == nullptr || to.fiber == nullptr) from.fiber = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(to.fiber, 0);
#endif
  twinsock_fiber_switch(&from.stack_pointer, to.stack_pointer);
#ifdef COOP_ASAN
  arrive(&from);
#endif
}

}  // namespace twinsock::coop::port
