// A driver with its chip, and what firmware/net does between them and lwIP.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "drivers/dma_memory.hpp"
#include "ethernet_model.hpp"

namespace firmware::model {

// A frame to `to`, of `size` bytes, that no other number has.
Frame make_frame(const drivers::MacAddress& to, std::size_t size, unsigned number);

template <class Chip>
class Station : public testing::Test {
 protected:
  using Driver = typename Chip::Driver;

  ~Station() override {
    for (const std::string& fault : chip.faults) ADD_FAILURE() << fault;
  }

  bool start() {
    drivers::MacAddress mac = own;
    if (!driver.start(mac)) return false;
    EXPECT_EQ(mac, own);
    EXPECT_TRUE(driver.link_is_up());
    driver.unmask();
    return true;
  }

  // What net/ does after an interrupt; the frames go to `taken`.
  void serve() {
    driver.mask();
    EXPECT_FALSE(chip.interrupt());
    link_changed = driver.acknowledge();
    while (const std::size_t size = driver.begin_receive()) {
      Frame frame(size);
      // In pieces, as the pbufs of a chain are.
      const std::size_t half = std::min<std::size_t>(size, 256);
      driver.read(frame.data(), half);
      driver.read(frame.data() + half, size - half);
      driver.finish_receive();
      driver.finish_receive();  // net/ says it twice
      taken.push_back(frame);
    }
    driver.unmask();
  }
  void serve_interrupts() {
    for (int i = 0; chip.interrupt(); ++i) {
      ASSERT_LT(i, 100) << "the interrupt does not end";
      serve();
    }
  }
  bool send(const Frame& frame) {
    if (!driver.begin_send(frame.size())) return false;
    const std::size_t head = std::min<std::size_t>(frame.size(), 14);
    driver.write(frame.data(), head);
    driver.write(frame.data() + head, frame.size() - head);
    driver.finish_send();
    return true;
  }
  void let_time_pass(unsigned ticks = 1000) {
    for (unsigned i = 0; i < ticks; ++i) chip.load(Chip::config_register);
  }
  Frame to_us(std::size_t size, unsigned number) const { return make_frame(own, size, number); }
  Frame from_us(std::size_t size, unsigned number) const {
    return make_frame({0x52, 0x54, 0, 0, 0, 1}, size, number);
  }
  // The faults so far, which then do not fail the test.
  std::vector<std::string> expect_faults() { return std::exchange(chip.faults, {}); }

  const drivers::MacAddress own{0x02, 0x12, 0x34, 0x56, 0x78, 0x9A};
  std::unique_ptr<drivers::DmaMemory> memory = std::make_unique<drivers::DmaMemory>();
  Chip chip{std::span(reinterpret_cast<std::uint8_t*>(memory.get()), sizeof(drivers::DmaMemory))};
  Driver driver{0, Chip::bus_clock_hz, *memory};
  std::vector<Frame> taken;
  bool link_changed = false;
};

}  // namespace firmware::model
