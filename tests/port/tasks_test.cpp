// TASK-7: builds without NDEBUG assert where they see two tasks in one half of a socket, or one in
// a socket that is moved, detached or destroyed.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include <core/socket_core.hpp>

namespace twinsock {
namespace {

constexpr const char* two_tasks = "two tasks receive from one Socket, or send on it, at once";
constexpr const char* goes = "moved, detached or destroyed while a task is inside a call";

// A datagram socket in which another task waits to receive, for as long as the test lives.
class TasksDeathTest : public ::testing::Test {
 protected:
  // What `act` does to that socket must end the process, in a child of its own.
  void expect_death(const std::function<void(Socket&)>& act, const char* text) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(with_a_receiver(act), text);
  }

  static void with_a_receiver(const std::function<void(Socket&)>& act) {
    std::optional<Socket> socket(*Socket::open(Family::inet, Type::datagram));
    if (!socket->bind({IpAddress::loopback(Family::inet), 0})) return;
    std::thread receiver([&socket] {
      std::array<char, 8> buffer;
      (void)socket->recv(buffer);
    });
    while (!SocketCore::has_waiters(*socket, true, false)) std::this_thread::yield();
    act(*socket);
    socket->close();
    receiver.join();
  }
};

TEST_F(TasksDeathTest, SecondReceiver) {
  std::array<char, 8> buffer;
  expect_death([&](Socket& socket) { (void)socket.recv(buffer); }, two_tasks);
}

TEST_F(TasksDeathTest, Move) {
  expect_death([](Socket& socket) { const Socket taken = std::move(socket); }, goes);
}

TEST_F(TasksDeathTest, Detach) {
  expect_death([](Socket& socket) { (void)socket.detach(); }, goes);
}

TEST_F(TasksDeathTest, Destruction) {
  expect_death([](Socket& socket) { socket.~Socket(); }, goes);
}

// What is allowed: the other half, and an end by another task.
TEST_F(TasksDeathTest, SenderAndCloserMayCome) {
  with_a_receiver([](Socket& socket) {
    EXPECT_TRUE(socket.sendto("x", {IpAddress::loopback(Family::inet), 9}));
    EXPECT_TRUE(socket.getsockname());
    socket.close();
  });
}

}  // namespace
}  // namespace twinsock
