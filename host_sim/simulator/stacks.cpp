// Stacks of nodes' threads.
#include "stacks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <mutex>

// There with AddressSanitizer only: frames that were never left keep their redzones.
extern "C" __attribute__((weak)) void __asan_unpoison_memory_region(const volatile void*, size_t);

namespace host_sim {
namespace {

struct FreeStacks {
  std::mutex mutex;
  std::map<size_t, std::vector<uint8_t*>> by_size;
};
FreeStacks& free_stacks() {
  static auto* const only = new FreeStacks;  // never destroyed: nodes may outlive static objects
  return *only;
}

}  // namespace

Stack take_stack(size_t size) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size = (size + page - 1) / page * page;
  {
    const std::lock_guard lock(free_stacks().mutex);
    auto& free = free_stacks().by_size[size];
    if (!free.empty()) {
      const Stack stack{free.back(), size};
      free.pop_back();
      return stack;
    }
  }
  void* const place = mmap(nullptr, kStackGap + size, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (place == MAP_FAILED) return {};
  auto* const base = static_cast<uint8_t*>(place) + kStackGap;
  if (mprotect(base, size, PROT_READ | PROT_WRITE) != 0) {
    munmap(place, kStackGap + size);
    return {};
  }
  return {base, size};
}

void give_back(const Stack& stack) {
  if (__asan_unpoison_memory_region != nullptr) {
    __asan_unpoison_memory_region(stack.base, stack.size);
  }
  madvise(stack.base, stack.size, MADV_DONTNEED);
  const std::lock_guard lock(free_stacks().mutex);
  free_stacks().by_size[stack.size].push_back(stack.base);
}

bool in_gap(const Stack& stack, const void* address) {
  const auto* const byte = static_cast<const uint8_t*>(address);
  return byte < stack.base && byte >= stack.base - kStackGap;
}

}  // namespace host_sim
