// The part of a Selector that does not depend on its size.
#include <twinsock/selector.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::detail {

namespace {

std::size_t find(std::span<const PollItem> items, const Socket* socket) {
  std::size_t i = 0;
  while (i < items.size() && items[i].socket() != socket) ++i;
  return i;
}

}  // namespace

Result<void> SelectorBase::add(std::span<PollItem> items, std::span<void*> data,
                               const PollItem& item, void* more) {
  if (item.socket() != nullptr) {
    if (!item.socket()->is_open()) return Errc::closed;
    if (find(items.first(count_), item.socket()) != count_) return Errc::already_connected;
  }
  if (count_ == items.size()) return Errc::too_many_sockets;
  items[count_] = item;
  data[count_] = more;
  ++count_;
  return {};
}

Result<void> SelectorBase::modify(std::span<PollItem> items, std::span<void*> data,
                                  const Socket& socket, Ready events, void* more) {
  const std::size_t at = find(items.first(count_), &socket);
  if (at == count_) return Errc::name_not_found;
  items[at].wanted = events;
  data[at] = more;
  return {};
}

Result<void> SelectorBase::remove(std::span<PollItem> items, std::span<void*> data,
                                  const Socket& socket) {
  const std::size_t at = find(items.first(count_), &socket);
  if (at == count_) return Errc::name_not_found;
  --count_;
  for (std::size_t i = at; i < count_; ++i) items[i] = items[i + 1], data[i] = data[i + 1];
  return {};
}

Result<std::size_t> SelectorBase::select(std::span<PollItem> items, std::span<void* const> data,
                                         std::span<SelectorKey> keys, Timeout timeout) {
  const Result<std::size_t> ready = poll(items.first(count_), timeout);
  if (!ready) return ready.error();
  std::size_t found = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!any(items[i].ready)) continue;
    keys[found++] = {const_cast<Socket*>(items[i].socket()), items[i].ready, data[i]};
  }
  return found;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::detail
