// Selector: Python's selectors, with room for N sockets inside.
//
//   Selector<8> selector;
//   selector.add(listener, Ready::read, &on_connection);
//   while (auto events = selector.select(Timeout::none()))
//     for (SelectorKey& key : *events) static_cast<Handler*>(key.data)->run(key);
//
// Not thread-safe: one task uses it; another may end its select through a Wakeup that was added.
// Sockets are referred to, not owned: remove one before it is closed or moved.
#pragma once

#include <array>

#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct SelectorKey {
  Socket* socket = nullptr;    // nullptr: the Wakeup
  Ready events = Ready::none;  // what is ready
  void* data = nullptr;        // as it was added
};

namespace detail {
// The part that does not depend on N.
class SelectorBase {
 protected:
  Result<void> add(std::span<PollItem> items, std::span<void*> data, const PollItem& item,
                   void* more);
  Result<void> modify(std::span<PollItem> items, std::span<void*> data, const Socket& socket,
                      Ready events, void* more);
  Result<void> remove(std::span<PollItem> items, std::span<void*> data, const Socket& socket);
  Result<std::size_t> select(std::span<PollItem> items, std::span<void* const> data,
                             std::span<SelectorKey> keys, Timeout timeout);
  std::size_t count_ = 0;
};
}  // namespace detail

template <std::size_t N>
class Selector : detail::SelectorBase {
  static_assert(N >= 1 && N <= most_polled, "a Selector holds 1 to twinsock::most_polled sockets");

 public:
  // too_many_sockets: N are in it; already_connected: this one is; closed.
  Result<void> add(Socket& socket, Ready events, void* data = nullptr) {
    return SelectorBase::add(items_, data_, PollItem(socket, events), data);
  }
  Result<void> add(const Wakeup& wakeup, void* data = nullptr) {
    return SelectorBase::add(items_, data_, PollItem(wakeup), data);
  }
  // name_not_found: it is not in here.
  Result<void> modify(Socket& socket, Ready events, void* data = nullptr) {
    return SelectorBase::modify(items_, data_, socket, events, data);
  }
  Result<void> remove(const Socket& socket) { return SelectorBase::remove(items_, data_, socket); }

  // Those that are ready, empty once the time is over. Valid until the next call. Errors as poll's.
  Result<std::span<SelectorKey>> select(Timeout timeout) {
    const Result<std::size_t> ready = SelectorBase::select(items_, data_, keys_, timeout);
    if (!ready) return ready.error();
    return std::span(keys_).first(*ready);
  }
  std::size_t size() const { return count_; }

 private:
  std::array<PollItem, N> items_;
  std::array<void*, N> data_{};
  std::array<SelectorKey, N> keys_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
