// Two bare ends and the link between them: frames in at one, out at the other.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include <host_sim/simulation.hpp>

namespace host_sim {

inline std::vector<uint8_t> frame_of(size_t size, uint8_t tag = 0) {
  std::vector<uint8_t> frame(size, tag);
  const uint8_t header[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};
  std::copy(std::begin(header), std::end(header), frame.begin());
  return frame;
}

struct Arrival {
  Instant at;
  std::vector<uint8_t> frame;
};

class Wire {
 public:
  explicit Wire(const Faults& faults = {}, const SimulationOptions& options = {})
      : simulation(options),
        left(simulation.add_port("left", receiver(at_left))),
        right(simulation.add_port("right", receiver(at_right))),
        link(simulation.connect(left, right, faults)) {}

  // So many frames out, one each `period`, tagged 0, 1, … in their first byte of payload.
  void send(size_t count, Duration period, size_t size = 100) {
    const Instant first = simulation.now();
    for (size_t index = 0; index < count; ++index) {
      simulation.at(first + static_cast<int64_t>(index) * period, [this, index, size] {
        auto frame = frame_of(size);
        frame[14] = static_cast<uint8_t>(index);
        left.send(frame);
      });
    }
  }
  void run() { simulation.run_for(static_cast<int64_t>(1) * 24h); }

  static Port::Receiver receiver(std::vector<Arrival>& arrivals) {
    return [&arrivals](Instant now, std::span<const uint8_t> frame) {
      arrivals.push_back({now, {frame.begin(), frame.end()}});
    };
  }

  std::vector<Arrival> at_left, at_right;
  Simulation simulation;
  Port& left;
  Port& right;
  Link& link;
};

}  // namespace host_sim
