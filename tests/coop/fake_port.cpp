// The port under the kernel's tests: a clock that the test moves, panics that it reads.
#include <csetjmp>

#include "kernel_fixture.hpp"

namespace coop_test {

FakePort fake_port;

bool in_interrupt() { return fake_port.in_interrupt; }

namespace {
std::jmp_buf outside;
bool outside_set = false;
}  // namespace

void call_guarded(const std::function<void()>& call) {
  outside_set = true;
  if (setjmp(outside) == 0) call();
  outside_set = false;
}

}  // namespace coop_test

namespace twinsock::coop::port {

std::uint64_t now_us() { return coop_test::fake_port.now_us; }

void* allocate_stack(std::size_t) { return nullptr; }

void idle(std::uint64_t deadline_us) {
  ++coop_test::fake_port.idle_calls;
  coop_test::fake_port.on_idle(deadline_us);
}

void panic(const char* what, const char*, int, const char* thread) {
  std::string& text = coop_test::fake_port.panic;
  if (text.empty()) {
    text = std::string(what) + " (thread " + (thread != nullptr ? thread : "none") + ")";
  }
  if (current() != nullptr) halt();
  if (coop_test::outside_set) std::longjmp(coop_test::outside, 1);
  abort();
}

}  // namespace twinsock::coop::port
