// The image's side of node_abi.hpp, and the kernel's and lwIP's hooks into the simulator.
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "coop/host/node_internal.hpp"
#include "lwip/opt.h"

namespace twinsock::coop {

constinit Node node{};

void emit(TwinsockNodeEvent event, int value, std::string_view text) {
  node.host.event(node.host.context, event, value, text.data(), text.size());
}

namespace {

constexpr std::size_t reserved_count = 2;  // lwIP's thread and the role's
constinit void* reserved[reserved_count]{};
constinit std::size_t reserved_sizes[reserved_count] = {TCPIP_THREAD_STACKSIZE,
                                                        TWINSOCK_THREAD_STACK_SIZE};

std::size_t role_count() { return twinsock_program.count; }
const char* role_name(std::size_t index) { return twinsock_program.roles[index].name; }
const char* role_summary(std::size_t index) { return twinsock_program.roles[index].summary; }

// Calls what may panic on the simulator's stack; -1 if it did, or the node is dead already.
template <typename Call>
int guarded(Call call) {
  if (node.dead || !node.booted) return -1;
  std::jmp_buf outside;
  node.outside = &outside;
  int result = -1;
  if (setjmp(outside) == 0) result = call();
  node.outside = nullptr;
  return node.dead ? -1 : result;
}

int boot(const TwinsockHost* host, const TwinsockBoot* options) {
  node.host = *host;
  node.boot = *options;
  node.offset_us = std::uint64_t{options->clock_offset_ms} * 1000;
  node.link_wanted = true;
  char text[160];
  if (options->role != nullptr) {
    for (const Role& role : std::span(twinsock_program.roles, twinsock_program.count)) {
      if (std::strcmp(role.name, options->role) == 0) node.role = &role;
    }
    if (node.role == nullptr) {
      std::snprintf(text, sizeof text, "the image has no role '%.60s'", options->role);
      emit(TWINSOCK_EVENT_LOG, 0, text);
      return -1;
    }
  }
  if (!copy_arguments(options->arguments, options->argument_count)) {
    emit(TWINSOCK_EVENT_LOG, 0, "a role takes at most 64 arguments with 8,192 characters in all");
    return -1;
  }
  initialise({options->seed, options->shuffle_threads != 0, options->livelock_switches});
  if (!reserve_stacks()) {
    emit(TWINSOCK_EVENT_LOG, 0, "there is no memory for the threads' stacks");
    return -1;
  }
  node.booted = true;
  return 0;
}

std::uint64_t run_node(std::uint64_t now_us) {
  node.now_us = now_us;
  std::uint64_t deadline_us = forever;
  guarded([&deadline_us] {
    if (!node.started) {
      node.started = true;
      start_stack();
    }
    deliver_link();
    deadline_us = run();
    return 0;
  });
  if (node.dead || deadline_us == forever) return UINT64_MAX;
  return deadline_us - node.offset_us;
}

int receive(std::uint64_t now_us, const std::uint8_t* frame, std::size_t size) {
  node.now_us = now_us;
  return guarded([frame, size] { return receive_frame(frame, size); });
}

void link(std::uint64_t now_us, int up) {
  node.now_us = now_us;
  node.link_wanted = up != 0;
  node.link_pending = true;
}

const char* running_thread() {
  const Thread* thread = current();
  return thread != nullptr ? thread->name : "none";
}

constexpr TwinsockNode interface = {
    .abi = TWINSOCK_NODE_ABI,
    .build = TWINSOCK_NODE_BUILD,
    .profile = TWINSOCK_PROFILE_NAME,
    .role_count = role_count,
    .role_name = role_name,
    .role_summary = role_summary,
    .boot = boot,
    .run = run_node,
    .receive = receive,
    .link = link,
    .sockets = socket_rows,
    .pools = pool_rows,
    .threads = thread_rows,
    .running_thread = running_thread,
};

}  // namespace

bool reserve_stacks() {
  for (std::size_t i = 0; i < reserved_count; ++i) {
    reserved[i] = node.host.allocate_stack(node.host.context, reserved_sizes[i]);
    if (reserved[i] == nullptr) return false;
  }
  return true;
}

namespace port {

std::uint64_t now_us() { return node.now_us + node.offset_us; }

void* allocate_stack(std::size_t size) {
  for (std::size_t i = 0; i < reserved_count; ++i) {
    if (reserved[i] == nullptr || reserved_sizes[i] != size) continue;
    void* stack = reserved[i];
    reserved[i] = nullptr;
    return stack;
  }
  return node.host.allocate_stack(node.host.context, size);
}

void panic(const char* what, const char* file, int line, const char* thread) {
  char text[512];
  int size = std::snprintf(text, sizeof text, "%s:%d: %s (thread %s)", file, line, what,
                           thread != nullptr ? thread : "none");
  if (size >= static_cast<int>(sizeof text)) size = sizeof text - 1;
  const bool again = node.dead;  // a panic while the first is told
  node.dead = true;
  if (!again) emit(TWINSOCK_EVENT_PANIC, 0, {text, static_cast<std::size_t>(size)});
  if (current() != nullptr) halt();
  if (node.outside != nullptr) std::longjmp(*node.outside, 1);
  __builtin_trap();  // a panic while looking inside: there is nowhere to go
}

}  // namespace port

}  // namespace twinsock::coop

const TwinsockNode* twinsock_node() { return &twinsock::coop::interface; }

// The node's secrets come from its seed alone, so that one seed is one trace.
void twinsock_entropy(void* buffer, size_t size) {
  std::uint64_t state = twinsock::coop::node.boot.seed ^ 0x5457494E534F434Bu;
  auto* bytes = static_cast<std::uint8_t*>(buffer);
  for (size_t i = 0; i < size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    bytes[i] = static_cast<std::uint8_t>(state >> 56);
  }
}

void twinsock_diagnostic(const char* format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  int size = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (size >= static_cast<int>(sizeof text)) size = sizeof text - 1;
  while (size > 0 && text[size - 1] == '\n') --size;
  if (size > 0) {
    twinsock::coop::emit(TWINSOCK_EVENT_LOG, 0, {text, static_cast<std::size_t>(size)});
  }
}
