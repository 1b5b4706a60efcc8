// The STM32H7's Ethernet: rings of a given length, and tail pointers that the DMA does not pass.
#pragma once

#include "drivers/stm32h7_ethernet.hpp"
#include "ethernet_model.hpp"

namespace firmware::model {

class Stm32h7Model final : public EthernetModel {
 public:
  using Driver = drivers::Stm32h7Ethernet;
  static constexpr std::size_t rx_capacity = drivers::dma_rx_count - 1;  // one is at the tail
  static constexpr std::size_t tx_capacity = drivers::dma_tx_count - 1;
  static constexpr std::uint32_t bus_clock_hz = 100'000'000;
  // Registers that tests store to by themselves.
  static constexpr std::uintptr_t reset_register = 0x1000, list_register = 0x111C,
                                  config_register = 0x00, phy_register = 0x200;

  explicit Stm32h7Model(std::span<std::uint8_t> memory) : EthernetModel(memory, bus_clock_hz) {}

  void overrun(std::uint32_t frames) override { missed_in_queue_ += frames; }
  void break_bus() override;
  bool interrupt() const override;

 private:
  // One direction's ring.
  struct Ring {
    std::uint32_t list = 0, length = 0, tail = 0, current = 0;
    bool is_started = false, is_awake = false;
  };

  std::uint32_t on_load(std::uintptr_t offset) override;
  void on_store(std::uintptr_t offset, std::uint32_t value) override;
  bool is_sending() const override { return tx_.is_started && tx_.is_awake && !is_broken_; }
  void send_next() override;
  bool lets_in(const Frame& frame) const override;
  Speed speed() const override;
  bool hears_itself() const override;
  void deliver(const Frame& whole, bool is_cut, Damage damage) override;

  void store_config(std::uintptr_t offset, std::uint32_t value);
  void start(Ring& ring, bool is_on);
  void set_list(Ring& ring, std::uint32_t value);
  void set_tail(Ring& ring, std::uint32_t value);
  static std::uint32_t next(const Ring& ring, std::uint32_t descriptor);
  bool has_room(std::size_t size);

  bool was_reset_ = false, is_broken_ = false;
  int reset_loads_ = 0;
  Ring rx_, tx_;
  std::uint32_t missed_ = 0, missed_in_queue_ = 0;
};

}  // namespace firmware::model
