// What all bridges share: their end in the simulation, and the sizes that Ethernet allows.
#include <algorithm>
#include <array>

#include <host_sim/bridge.hpp>

namespace host_sim {

Port& Bridge::add_to(Simulation& simulation, std::string name) {
  if (port_ != nullptr) bug("a bridge has one end");
  simulation_ = &simulation;
  port_ = &simulation.add_port(std::move(name), [this](Instant, std::span<const uint8_t> frame) {
    ++(take(frame) ? counters_.out : counters_.out_lost);
  });
  return *port_;
}

void Bridge::give(std::span<const uint8_t> frame) {
  constexpr size_t header = 14;
  if (frame.size() < header || frame.size() > largest_frame || port_ == nullptr) {
    ++counters_.in_wrong_size;
    return;
  }
  ++counters_.in;
  if (frame.size() >= smallest_frame) return port_->send(frame);
  std::array<uint8_t, smallest_frame> filled{};
  std::ranges::copy(frame, filled.begin());
  port_->send(filled);
}

Instant Bridge::now() const { return simulation_ == nullptr ? Instant{} : simulation_->now(); }

}  // namespace host_sim
