// What net/ asks of an Ethernet driver. All calls come from lwIP's thread, but for mask(), which is
// the interrupt's. No call waits for the wire longer than a frame takes.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace firmware::drivers {

using MacAddress = std::array<std::uint8_t, 6>;

// Without the checksum. Frames of other sizes are dropped by the driver: lwIP would read past the
// short ones.
inline constexpr std::size_t shortest_frame = 60;
inline constexpr std::size_t longest_frame = 1514;

struct EthernetCounters {
  std::uint32_t received, sent;
  std::uint32_t damaged;   // arrived with a bad checksum or of a size that no frame has
  std::uint32_t unsent;    // no room in the transmitter, or given up by it
  std::uint32_t missed;    // arrived while the chip had no room; 0 where it does not say
  std::uint32_t restarts;  // after the chip met a bus error
};

template <class T>
concept EthernetDriver = requires(T driver, MacAddress& mac, const MacAddress& own,
                                  std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  // How often somebody must ask link_is_up(), because the chip does not interrupt for it. 0: never.
  { T::link_poll_ms } -> std::convertible_to<unsigned>;
  // Resets the chip. `mac` is the board's; a chip that knows its own address overwrites it. False:
  // no such chip, or it did not get ready. Interrupts are masked afterwards.
  { driver.start(mac) } -> std::same_as<bool>;
  { driver.link_is_up() } -> std::same_as<bool>;
  // The interrupt: quiet until unmask(), after which whatever came meanwhile interrupts again.
  {driver.mask()};
  // Before frames are taken. True: the link may have changed.
  { driver.acknowledge() } -> std::same_as<bool>;
  {driver.unmask()};
  // The next frame's size, 0: there is none. Then read() it, in as many pieces as wanted, and
  // finish_receive(), early to drop the rest.
  { driver.begin_receive() } -> std::same_as<std::size_t>;
  {driver.read(to, size)};
  {driver.finish_receive()};
  // False: no room, the frame is lost. Otherwise write() exactly `size` bytes, then finish_send().
  { driver.begin_send(size) } -> std::same_as<bool>;
  {driver.write(from, size)};
  {driver.finish_send()};
  { driver.counters() } -> std::convertible_to<EthernetCounters>;
};

}  // namespace firmware::drivers
