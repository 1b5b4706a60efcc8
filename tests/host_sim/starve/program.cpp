// A node that is denied memory: the role "starve FIRST COUNT ROLE WORD..." runs another role, an
// exchange's, the conformance cases' or one of roles.hpp, and lwIP's allocations number FIRST to
// FIRST + COUNT - 1 since its start fail. The image is linked with --wrap for each function that
// allocates (CMakeLists.txt).
#include <lwip/mem.h>
#include <lwip/memp.h>
#include <lwip/sys.h>

#include <charconv>
#include <cstdio>

#include <conformance/runner.hpp>
#include <coop/host/node_internal.hpp>
#include <exchanges/exchange.hpp>
#include <twinsock/program.hpp>

#include "roles.hpp"

namespace {

using twinsock::Role;
using twinsock::RoleContext;

// Counts from the role's start to the end of the node, in whatever thread.
constinit unsigned long number = 0;
constinit unsigned long first = 0;  // 0: nothing is denied
constinit unsigned long count = 0;

constexpr const char* pool_names[] = {
#define LWIP_MEMPOOL(name, num, size, desc) #name,
#include <lwip/priv/memp_std.h>
};

bool denied(const char* what) {
  if (first == 0) return false;
  ++number;
  if (number < first || number - first >= count) return false;
  char line[80];
  const int size = std::snprintf(line, sizeof line, "denied %lu: %s", number, what);
  twinsock::coop::emit(TWINSOCK_EVENT_LOG, 0, {line, static_cast<std::size_t>(size)});
  return true;
}

// The role's own context, without our words.
class Context final : public RoleContext {
 public:
  Context(RoleContext& whole, std::size_t skipped) : whole_(whole), skipped_(skipped) {}
  std::span<const std::string_view> arguments() const override {
    return whole_.arguments().subspan(skipped_);
  }
  twinsock::IpAddress address(twinsock::Family family) const override {
    return whole_.address(family);
  }
  void report(std::string_view line) override { whole_.report(line); }
  void log(std::string_view line) override { whole_.log(line); }
  void ready() override { whole_.ready(); }
  int ask(std::string_view prompt, std::span<char> buffer) override {
    return whole_.ask(prompt, buffer);
  }

 private:
  RoleContext& whole_;
  std::size_t skipped_;
};

bool read(std::string_view word, unsigned long& value) {
  const char* const end = word.data() + word.size();
  return std::from_chars(word.data(), end, value).ptr == end;
}

constexpr Role own_roles[] = {
    {"conformance", twinsock::conformance::run_role, "the cases of the contract"},
    {"unread", starve::unread, "lets segments and the end behind them wait"},
    {"wakeup", starve::wakeup, "opens a wake-up handle"},
    {"idle_end_seen", starve::idle_end_seen, "keeps a stream whose end it saw"},
    {"idle_end_unseen", starve::idle_end_unseen, "keeps a stream whose end it did not see"},
};

int (*find_role(std::string_view name))(RoleContext&) {
  for (const Role& role : own_roles) {
    if (name == role.name) return role.run;
  }
  for (const Role& role : twinsock::exchanges::node_role_table) {
    if (name == role.name) return role.run;
  }
  return nullptr;
}

int starve(RoleContext& context) {
  const std::span<const std::string_view> words = context.arguments();
  unsigned long from = 0;
  if (words.size() < 3 || !read(words[0], from) || !read(words[1], count)) return 2;
  const auto role = find_role(words[2]);
  if (role == nullptr) return 2;
  Context inner(context, 3);
  first = from;
  return role(inner);
}

constexpr Role roles[] = {
    {"starve", starve, "FIRST COUNT ROLE WORD...: that role, short of memory"}};

}  // namespace

TWINSOCK_PROGRAM(roles)

extern "C" {

void* __real_memp_malloc(memp_t type);
void* __real_mem_malloc(mem_size_t size);
err_t __real_sys_mbox_new(sys_mbox_t* mbox, int size);
err_t __real_sys_sem_new(sys_sem_t* semaphore, u8_t value);
sys_thread_t __real_sys_thread_new(const char* name, lwip_thread_fn function, void* argument,
                                   int stack_size, int priority);

void* __wrap_memp_malloc(memp_t type) {
  // lwIP asserts that there is a timer for each of its protocols, as their number is known when it
  // is built: that pool cannot be short.
  if (type == MEMP_SYS_TIMEOUT) return __real_memp_malloc(type);
  return denied(pool_names[type]) ? nullptr : __real_memp_malloc(type);
}

void* __wrap_mem_malloc(mem_size_t size) {
  return denied("heap") ? nullptr : __real_mem_malloc(size);
}

err_t __wrap_sys_mbox_new(sys_mbox_t* mbox, int size) {
  if (!denied("mailbox")) return __real_sys_mbox_new(mbox, size);
  sys_mbox_set_invalid(mbox);
  return ERR_MEM;
}

err_t __wrap_sys_sem_new(sys_sem_t* semaphore, u8_t value) {
  if (!denied("semaphore")) return __real_sys_sem_new(semaphore, value);
  sys_sem_set_invalid(semaphore);
  return ERR_MEM;
}

sys_thread_t __wrap_sys_thread_new(const char* name, lwip_thread_fn function, void* argument,
                                   int stack_size, int priority) {
  if (denied("thread")) return nullptr;
  return __real_sys_thread_new(name, function, argument, stack_size, priority);
}

}  // extern "C"
