// The STM32F7's Ethernet: own bits, poll demands, a ring that ends where a descriptor says so.
#pragma once

#include <map>

#include "drivers/stm32f7_ethernet.hpp"
#include "ethernet_model.hpp"

namespace firmware::model {

class Stm32f7Model final : public EthernetModel {
 public:
  using Driver = drivers::Stm32f7Ethernet;
  static constexpr std::size_t rx_capacity = drivers::dma_rx_count;
  static constexpr std::size_t tx_capacity = drivers::dma_tx_count;
  static constexpr std::uint32_t bus_clock_hz = 168'000'000;
  // Registers that tests store to by themselves.
  static constexpr std::uintptr_t reset_register = 0x1000, list_register = 0x100C,
                                  config_register = 0x00, phy_register = 0x10;

  explicit Stm32f7Model(std::span<std::uint8_t> memory) : EthernetModel(memory, bus_clock_hz) {}

  void overrun(std::uint32_t frames) override { missed_in_queue_ += frames; }
  void break_bus() override;
  bool interrupt() const override;

 private:
  std::uint32_t on_load(std::uintptr_t offset) override;
  void on_store(std::uintptr_t offset, std::uint32_t value) override;
  void on_order() override;
  bool is_sending() const override { return tx_runs_ && !is_broken_; }
  void send_next() override;
  bool lets_in(const Frame& frame) const override;
  Speed speed() const override;
  bool hears_itself() const override;
  void deliver(const Frame& whole, bool is_cut, Damage damage) override;

  void store_config(std::uintptr_t offset, std::uint32_t value);
  void check_ring(std::uint32_t list, std::uint32_t end_word, std::uint32_t end_bit);
  std::uint32_t next(std::uint32_t descriptor, bool is_end) const;

  bool was_reset_ = false, is_broken_ = false;
  int reset_loads_ = 0;
  bool tx_runs_ = false, rx_started_ = false, tx_started_ = false;
  std::uint32_t rx_ = 0, tx_ = 0;  // the descriptors that come next
  std::uint32_t missed_ = 0, missed_in_queue_ = 0;
  std::map<std::uintptr_t, std::uint64_t> stored_at_;  // tick of a MAC register's last store
};

}  // namespace firmware::model
