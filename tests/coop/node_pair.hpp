// Two copies of a node image and the smallest loop that can carry frames between them.
#pragma once

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "coop/host/node_abi.hpp"

namespace coop_test {

struct Frame {
  std::uint64_t at_us;
  std::string bytes;
};

// One loaded copy: what it says is kept, what it sends waits in `sent`.
class TestNode {
 public:
  TestNode(const std::string& image, std::uint8_t number);
  ~TestNode();
  TestNode(const TestNode&) = delete;

  bool boot(const char* role, std::vector<const char*> arguments, std::uint64_t seed);
  void run(std::uint64_t now_us);

  TwinsockBoot options{};  // what boot() hands over, but for role, arguments and seed
  const TwinsockNode* abi = nullptr;
  std::uint64_t now_us = 0;
  std::uint64_t deadline_us = 0;
  std::deque<Frame> sent;
  std::string reports, logs, panic;
  bool ready = false, finished = false;
  int status = -1;
  bool memory_short = false;  // no stacks from now on

 private:
  static constexpr std::size_t gap = 64 * 1024;
  void on_event(TwinsockNodeEvent event, int value, std::string_view text);
  void* allocate_stack(std::size_t size);

  std::string path_;
  void* library_ = nullptr;
  std::vector<std::pair<void*, std::size_t>> stacks_;
};

inline TestNode::TestNode(const std::string& image, std::uint8_t number) {
  // dlopen() tells copies apart by their names.
  std::string path = (std::filesystem::temp_directory_path() / "twinsock-node-XXXXXX").string();
  const int file = mkstemp(path.data());
  if (file < 0) throw std::runtime_error("no temporary file");
  close(file);
  path_ = path;
  std::filesystem::copy_file(image, path_, std::filesystem::copy_options::overwrite_existing);
  library_ = dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) throw std::runtime_error(dlerror());
  auto entry = reinterpret_cast<const TwinsockNode* (*)()>(dlsym(library_, "twinsock_node"));
  abi = entry();
  const std::uint8_t mac[6] = {2, 0, 0, 0, 0, number};
  const std::uint8_t ipv4[4] = {10, 0, 0, number};
  const std::uint8_t mask[4] = {255, 255, 255, 0};
  std::memcpy(options.mac, mac, 6);
  std::memcpy(options.ipv4, ipv4, 4);
  std::memcpy(options.ipv4_mask, mask, 4);
  options.ipv6[0] = 0xfd;
  options.ipv6[15] = number;
  options.livelock_switches = 100000;
}

inline TestNode::~TestNode() {
  dlclose(library_);
  unlink(path_.c_str());
  for (auto& [memory, size] : stacks_) munmap(memory, size);
}

inline void* TestNode::allocate_stack(std::size_t size) {
  if (memory_short) return nullptr;
  void* memory = mmap(nullptr, size + gap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  stacks_.emplace_back(memory, size + gap);
  char* stack = static_cast<char*>(memory) + gap;
  mprotect(stack, size, PROT_READ | PROT_WRITE);
  return stack;
}

inline void TestNode::on_event(TwinsockNodeEvent event, int value, std::string_view text) {
  switch (event) {
    case TWINSOCK_EVENT_REPORT: reports.append(text).append("\n"); break;
    case TWINSOCK_EVENT_LOG: logs.append(text).append("\n"); break;
    case TWINSOCK_EVENT_READY: ready = true; break;
    case TWINSOCK_EVENT_FINISHED:
      finished = true;
      status = value;
      break;
    case TWINSOCK_EVENT_PANIC: panic = text; break;
  }
}

inline bool TestNode::boot(const char* role, std::vector<const char*> arguments,
                           std::uint64_t seed) {
  TwinsockHost host{};
  host.context = this;
  host.transmit = [](void* self, const std::uint8_t* frame, std::size_t size) {
    auto* node = static_cast<TestNode*>(self);
    node->sent.push_back({node->now_us, {reinterpret_cast<const char*>(frame), size}});
  };
  host.event = [](void* self, TwinsockNodeEvent event, int value, const char* text,
                  std::size_t size) {
    static_cast<TestNode*>(self)->on_event(event, value, {text, size});
  };
  host.allocate_stack = [](void* self, std::size_t size) {
    return static_cast<TestNode*>(self)->allocate_stack(size);
  };
  options.role = role;
  options.arguments = arguments.data();
  options.argument_count = arguments.size();
  options.seed = seed;
  return abi->boot(&host, &options) == 0;
}

inline void TestNode::run(std::uint64_t now) {
  now_us = now;
  deadline_us = abi->run(now);
}

// The cable: each frame arrives `delay_us` later. Runs until `done` or the deadline; the trace of
// all frames and their times is in `trace`.
class Pair {
 public:
  static constexpr std::uint64_t delay_us = 100;

  Pair(TestNode& a, TestNode& b) : nodes_{&a, &b} {}

  template <typename Done>
  bool run_until(Done done, std::uint64_t deadline_us) {
    for (TestNode* node : nodes_) node->run(now_us);
    while (!done()) {
      const std::uint64_t next = next_event();
      if (next > deadline_us) return false;
      now_us = next;
      for (int i = 0; i < 2; ++i) deliver(*nodes_[i], *nodes_[1 - i]);
      for (TestNode* node : nodes_) {
        if (node->deadline_us <= now_us) node->run(now_us);
      }
    }
    return true;
  }

  std::uint64_t now_us = 0;
  std::string trace;

 private:
  std::uint64_t next_event() const {
    std::uint64_t next = UINT64_MAX;
    for (const TestNode* node : nodes_) {
      next = std::min(next, node->deadline_us);
      if (!node->sent.empty()) next = std::min(next, node->sent.front().at_us + delay_us);
    }
    return next;
  }

  void deliver(TestNode& from, TestNode& to) {
    bool any = false;
    while (!from.sent.empty() && from.sent.front().at_us + delay_us <= now_us) {
      const Frame frame = std::move(from.sent.front());
      from.sent.pop_front();
      trace += std::to_string(now_us) + " " + frame.bytes + "\n";
      to.abi->receive(now_us, reinterpret_cast<const std::uint8_t*>(frame.bytes.data()),
                      frame.bytes.size());
      any = true;
    }
    if (any) to.run(now_us);
  }

  TestNode* nodes_[2];
};

}  // namespace coop_test
