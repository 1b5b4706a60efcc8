// SlirpBridge where libslirp was not there at build time: it cannot be opened, and says why.
#include <host_sim/slirp_bridge.hpp>

namespace host_sim {

Expected<std::unique_ptr<SlirpBridge>> SlirpBridge::open(const Simulation&) {
  return Error{
      "this build has no libslirp, which joins simulated networks to the desktop; install "
      "libslirp-dev (tools/setup does), then configure and build again"};
}

SlirpBridge::~SlirpBridge() = default;
Expected<std::string> SlirpBridge::forward(Protocol, const std::string&, const Node&, uint16_t) {
  return Error{"this build has no libslirp"};
}
void SlirpBridge::prepare(std::vector<pollfd>&, Duration&) {}
void SlirpBridge::handle(std::span<const pollfd>) {}
bool SlirpBridge::take(std::span<const uint8_t>) { return false; }

}  // namespace host_sim
