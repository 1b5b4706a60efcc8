// The little of a C++ runtime that an image without heap, exceptions and unwinding needs. Having
// our own also makes a program that wants the rest fail to link.
#include <cstddef>

#include "arch/cortex_m/fault.hpp"
#include "coop/kernel/kernel.hpp"

namespace {

[[noreturn]] void refuse(const char* what) { twinsock::coop::panic(what, "C++ runtime", 0); }

}  // namespace

extern "C" {

void* __dso_handle;
// The running thread's: the kernel saves it in each switch.
static int thread_errno;
int* __errno() { return &thread_errno; }

[[noreturn]] void abort() { refuse("abort"); }
[[noreturn]] void __cxa_pure_virtual() { refuse("call of a pure virtual function"); }
[[noreturn]] void _exit(int status) { firmware::stop(status); }
[[noreturn]] void __assert_func(const char* file, int line, const char*, const char* condition) {
  twinsock::coop::panic(condition, file, line);
}
int atexit(void (*)()) { return 0; }
// lwIP's netif_find() wants it; the C library's brings 100 bytes of its own errno along.
int atoi(const char* text) {
  int value = 0;
  for (; *text >= '0' && *text <= '9'; ++text) value = 10 * value + (*text - '0');
  return value;
}
int __aeabi_atexit(void*, void (*)(void*), void*) { return 0; }

}  // extern "C"

// Virtual destructors name it; nothing can have been allocated.
void operator delete(void*) noexcept { refuse("operator delete"); }
void operator delete(void*, std::size_t) noexcept { refuse("operator delete"); }

namespace std {

[[noreturn]] void __throw_bad_alloc() { refuse("out of memory"); }
[[noreturn]] void __throw_bad_function_call() { refuse("call of an empty function"); }
[[noreturn]] void __throw_bad_optional_access() { refuse("value of an empty optional"); }
[[noreturn]] void __throw_invalid_argument(const char* what) { refuse(what); }
[[noreturn]] void __throw_length_error(const char* what) { refuse(what); }
[[noreturn]] void __throw_logic_error(const char* what) { refuse(what); }
[[noreturn]] void __throw_out_of_range(const char* what) { refuse(what); }
[[noreturn]] void __throw_out_of_range_fmt(const char* what, ...) { refuse(what); }
[[noreturn]] void __throw_runtime_error(const char* what) { refuse(what); }

}  // namespace std
