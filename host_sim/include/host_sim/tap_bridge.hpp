// TapBridge: joins a simulated network to a TAP device: whole frames, both directions, as a cable.
//
//   ip tuntap add tap0 mode tap user $USER
//   ip address add 10.0.0.254/24 dev tap0; ip address add fd00::fe/64 dev tap0 nodad
//   ip link set tap0 up
//
// (as root) makes a device that its user may join from then on. The desktop then is 10.0.0.254 to
// the nodes, and reaches them as 10.0.0.1, fd00::1 and so on; or the device goes into a bridge with
// a real network. Everything passes that Ethernet carries.
#pragma once

#include <memory>
#include <string>

#include <host_sim/bridge.hpp>

namespace host_sim {

class TapBridge : public Bridge {
 public:
  // The device exists, is up, and no other program holds it; each failure says what to do.
  static Expected<std::unique_ptr<TapBridge>> open(const std::string& device);
  ~TapBridge() override;

  void prepare(std::vector<pollfd>& waits, Duration& longest) override;
  void handle(std::span<const pollfd> waits) override;

 protected:
  bool take(std::span<const uint8_t> frame) override;

 private:
  TapBridge(std::string device, int descriptor)
      : device_(std::move(device)), descriptor_(descriptor) {}

  std::string device_;
  int descriptor_;
};

}  // namespace host_sim
