// BoardCable: one datagram is one frame, as QEMU's `-netdev dgram` has it.
#include "board/board_cable.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "board/process.hpp"

namespace host_sim::tool {

namespace {
constexpr std::size_t longest_queue = 1000;  // frames that a board which stands still leaves
}

BoardCable::BoardCable() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    throw BoardError(fmt::format("cannot make a cable: {}", std::strerror(errno)));
  }
  near_end_ = ends[0];
  far_end_ = ends[1];
}

BoardCable::~BoardCable() {
  close(near_end_);
  close_far_end();
}

std::vector<std::string> BoardCable::network(const std::string& nic, const std::string& mac) const {
  return {"-netdev", fmt::format("dgram,id=n0,local.type=fd,local.str={}", far_end_), "-net",
          fmt::format("nic,netdev=n0,model={},macaddr={}", nic, mac)};
}

void BoardCable::close_far_end() {
  if (far_end_ >= 0) close(far_end_);
  far_end_ = -1;
}

void BoardCable::prepare(std::vector<pollfd>& waits, Duration&) {
  waits.push_back({near_end_, static_cast<short>(waiting_.empty() ? POLLIN : POLLIN | POLLOUT), 0});
}

void BoardCable::handle(std::span<const pollfd>) {
  send_waiting();
  std::array<uint8_t, 2048> frame;
  for (;;) {
    const ssize_t size = recv(near_end_, frame.data(), frame.size(), 0);
    if (size < 0 && errno != EINTR) return;  // nothing more, or the board is gone
    if (size > 0) give(std::span<const uint8_t>(frame).first(static_cast<std::size_t>(size)));
  }
}

bool BoardCable::take(std::span<const uint8_t> frame) {
  send_waiting();
  if (waiting_.empty() && send(frame)) return true;
  if (errno != EAGAIN || waiting_.size() >= longest_queue) return false;
  waiting_.emplace_back(frame.begin(), frame.end());
  return true;
}

bool BoardCable::send(std::span<const uint8_t> frame) {
  return ::send(near_end_, frame.data(), frame.size(), MSG_NOSIGNAL) >= 0;
}

void BoardCable::send_waiting() {
  errno = EAGAIN;
  while (!waiting_.empty()) {
    if (!send(waiting_.front()) && errno == EAGAIN) return;
    waiting_.pop_front();
  }
}

}  // namespace host_sim::tool
