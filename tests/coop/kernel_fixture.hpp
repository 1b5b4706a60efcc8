// The kernel on the desktop, with a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coop/kernel/kernel.hpp"

namespace coop_test {

// What the fake port saw and gives.
struct FakePort {
  std::uint64_t now_us = 0;
  std::string panic;  // "what (thread NAME)" of the first panic
  int idle_calls = 0;
  bool in_interrupt = false;
  std::function<void(std::uint64_t)> on_idle;
};
extern FakePort fake_port;

// Calls what may panic outside of any thread.
void call_guarded(const std::function<void()>& call);

class KernelTest : public testing::Test {
 protected:
  static constexpr std::size_t stack_size = 256 * 1024;

  KernelTest() {
    fake_port = FakePort{};
    start({});
  }

  void start(const twinsock::coop::Options& options) {
    twinsock::coop::initialise(options);
    threads_.clear();
  }

  twinsock::coop::Thread& spawn(const char* name, int priority, std::function<void()> body,
                                std::size_t size = stack_size) {
    threads_.push_back(std::make_unique<Spawned>());
    Spawned& spawned = *threads_.back();
    spawned.body = std::move(body);
    spawned.memory = std::make_unique<std::uint64_t[]>((slack + size) / 8);
    twinsock::coop::create(spawned.thread, name, {stack_of(spawned), size, true}, priority, enter,
                           &spawned);
    return spawned.thread;
  }

  // Starts an ended thread again.
  void respawn(twinsock::coop::Thread& thread, std::function<void()> body) {
    for (auto& spawned : threads_) {
      if (&spawned->thread != &thread) continue;
      spawned->body = std::move(body);
      twinsock::coop::create(thread, thread.name, {stack_of(*spawned), thread.stack_size},
                             thread.priority, enter, spawned.get());
    }
  }

  // Runs and moves the clock from deadline to deadline until none is left.
  void run_all() {
    for (;;) {
      std::uint64_t deadline = twinsock::coop::forever;
      call_guarded([&deadline] { deadline = twinsock::coop::run(); });
      if (deadline == twinsock::coop::forever) return;
      ASSERT_GT(deadline, fake_port.now_us);
      fake_port.now_us = deadline;
    }
  }

  void note(const std::string& word) { notes += (notes.empty() ? "" : " ") + word; }

  std::string notes;

 private:
  static constexpr std::size_t slack = 64 * 1024;  // below each stack, so that an overflow is ours
  struct Spawned {
    twinsock::coop::Thread thread;
    std::function<void()> body;
    std::unique_ptr<std::uint64_t[]> memory;
  };
  static void* stack_of(Spawned& spawned) { return &spawned.memory[slack / 8]; }
  static void enter(void* argument) { static_cast<Spawned*>(argument)->body(); }

  std::vector<std::unique_ptr<Spawned>> threads_;
};

}  // namespace coop_test
