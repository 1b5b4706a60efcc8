// Frames to and from a TAP device of the kernel.
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <host_sim/tap_bridge.hpp>

namespace host_sim {

namespace {

constexpr int most_at_once = 256;  // frames, so that the simulation runs on meanwhile

// The kernel's flags of an interface; -1: there is none of that name.
int interface_flags(const std::string& device) {
  const int socket_of_any_kind = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  device.copy(request.ifr_name, sizeof request.ifr_name - 1);
  const int status = ioctl(socket_of_any_kind, SIOCGIFFLAGS, &request);
  close(socket_of_any_kind);
  return status != 0 ? -1 : static_cast<uint16_t>(request.ifr_flags);
}

std::string why_not_attached(const std::string& device) {
  if (errno == EBUSY) return device + " is held by another program; end that first";
  if (errno == EINVAL) return device + " is no TAP device; name one made with `mode tap`";
  if (errno == EPERM) {
    return "no permission to join " + device +
           "; run as root, or make it for this user: ip tuntap add " + device +
           " mode tap user NAME";
  }
  return "cannot join " + device + ": " + std::strerror(errno);
}

}  // namespace

Expected<std::unique_ptr<TapBridge>> TapBridge::open(const std::string& device) {
  if (device.empty() || device.size() >= IFNAMSIZ || device.find('/') != std::string::npos) {
    return Error{"'" + device + "' is no device's name; allowed: 1 to 15 bytes, as tap0"};
  }
  const int flags = interface_flags(device);
  if (flags < 0) {
    return Error{"there is no device " + device + "; as root: ip tuntap add " + device +
                 " mode tap && ip address add 10.0.0.254/24 dev " + device + " && ip link set " +
                 device + " up"};
  }
  if ((flags & IFF_UP) == 0) {
    return Error{device + " is down; as root: ip link set " + device + " up"};
  }
  const int descriptor = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    return Error{std::string("cannot open /dev/net/tun: ") + std::strerror(errno) +
                 "; run as root, or load the kernel's module: modprobe tun"};
  }
  ifreq request{};
  device.copy(request.ifr_name, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (ioctl(descriptor, TUNSETIFF, &request) != 0) {
    Error error{why_not_attached(device)};
    close(descriptor);
    return error;
  }
  return std::unique_ptr<TapBridge>(new TapBridge(device, descriptor));
}

TapBridge::~TapBridge() { close(descriptor_); }

void TapBridge::prepare(std::vector<pollfd>& waits, Duration&) {
  waits.push_back({descriptor_, POLLIN, 0});
}

void TapBridge::handle(std::span<const pollfd> waits) {
  if (waits.empty() || waits[0].revents == 0) return;
  std::array<uint8_t, 2048> frame;
  for (int count = 0; count < most_at_once; ++count) {
    const ssize_t size = read(descriptor_, frame.data(), frame.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size <= 0) return fail(device_ + " is gone: " + std::strerror(errno));
    give({frame.data(), static_cast<size_t>(size)});
  }
}

bool TapBridge::take(std::span<const uint8_t> frame) {
  return write(descriptor_, frame.data(), frame.size()) == static_cast<ssize_t>(frame.size());
}

}  // namespace host_sim
