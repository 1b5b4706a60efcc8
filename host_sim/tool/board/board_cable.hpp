// BoardCable: the end of a simulated link behind which an emulated board is. Its other end is a
// descriptor that QEMU inherits, so that no file, port or name is left, whatever ends.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <host_sim/bridge.hpp>

namespace host_sim::tool {

class BoardCable final : public Bridge {
 public:
  BoardCable();  // BoardError
  ~BoardCable() override;

  // What QEMU is told, and the descriptor that it must inherit for it.
  std::vector<std::string> network(const std::string& nic, const std::string& mac) const;
  int far_end() const { return far_end_; }
  void close_far_end();  // once QEMU has it

  void prepare(std::vector<pollfd>& waits, Duration& longest) override;
  void handle(std::span<const pollfd> waits) override;

 private:
  bool take(std::span<const uint8_t> frame) override;
  bool send(std::span<const uint8_t> frame);
  void send_waiting();

  int near_end_ = -1, far_end_ = -1;
  std::deque<std::vector<uint8_t>> waiting_;  // QEMU takes ten at a time
};

}  // namespace host_sim::tool
