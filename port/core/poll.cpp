// poll and select: what the layer knows by itself first, the native wait for the rest.
#include <core/socket_core.hpp>
#include <native/native_poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct PollCore {
  // Ready although the stack would not say so: calls that end at once because of our own state.
  static Ready known(const Socket& socket) {
    if (!SocketCore::is_stream(socket)) {
      return SocketCore::gate(socket) >= 0 ? Ready::none : Ready::read;
    }
    Ready ready = Ready::none;
    switch (SocketCore::phase(socket)) {
      case detail::Phase::fresh:
      case detail::Phase::failed: return Ready::read | Ready::write;  // both fail at once
      case detail::Phase::broken: ready = Ready::read | Ready::write; break;
      case detail::Phase::shut_write: ready = Ready::write; break;
      default: break;
    }
    switch (SocketCore::gate(socket)) {
      case detail::gate_reset: return ready | Ready::read | Ready::error;
      case detail::gate_ended:
      case detail::gate_shut: return ready | Ready::read;
      default: return ready;
    }
  }

  static bool reads(const PollItem& item) {
    return any(item.wanted & Ready::read) || !any(item.wanted & Ready::write);
  }
  static bool writes(const PollItem& item) { return any(item.wanted & Ready::write); }

  // As prepare; the task is inside those sockets whose entry has a handle, until `part`.
  static bool join(PollItem& item, native::PollEntry& entry) {
    if (item.socket_ != nullptr) SocketCore::join(*item.socket_, reads(item), writes(item));
    const bool open = prepare(item, entry);
    if (item.socket_ != nullptr && (!open || entry.handle < 0)) {
      SocketCore::part(*item.socket_, reads(item), writes(item));
      entry.handle = -1;
    }
    return open;
  }
  // False: another task has closed one of them.
  static bool part(std::span<const PollItem> items, std::span<const native::PollEntry> entries) {
    bool all_open = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].socket_ == nullptr || entries[i].handle < 0) continue;
      all_open = all_open && items[i].socket_->is_open();
      SocketCore::part(*items[i].socket_, reads(items[i]), writes(items[i]));
    }
    return all_open;
  }

  // False: a socket is not open.
  static bool prepare(PollItem& item, native::PollEntry& entry) {
    item.ready = Ready::none;
    entry = {item.handle_, item.wanted, Ready::none};
    if (item.socket_ == nullptr) return true;
    if (SocketCore::check_open(*item.socket_) != Errc::none) return false;
    entry.handle = item.socket_->fileno();
    const Ready own = known(*item.socket_);
    entry.ready = own & (item.wanted | Ready::error);
    // A socket with nothing to wait for would only spin in the stack's own idea of readiness.
    const detail::Phase phase = SocketCore::phase(*item.socket_);
    const bool idle = SocketCore::is_stream(*item.socket_) &&
                      (phase == detail::Phase::fresh || phase == detail::Phase::failed);
    if (idle) entry.handle = -1;
    return true;
  }
};

Result<std::size_t> poll(std::span<PollItem> items, Timeout timeout) {
  if (items.size() > most_polled || !timeout.valid()) return Errc::invalid_argument;
  const Deadline deadline(timeout);
  native::PollEntry entries[most_polled];
  bool known = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!PollCore::join(items[i], entries[i])) {
      PollCore::part(items.first(i), {entries, i});
      return Errc::closed;
    }
    known = known || any(entries[i].ready);
    items[i].ready = entries[i].ready;
    entries[i].ready = Ready::none;
  }
  const std::span<native::PollEntry> asked(entries, items.size());
  int outcome;
  while (true) {
    outcome = native::poll(asked, known ? Timeout::zero() : timeout);
    const bool interrupted = outcome == native::failed && native::was_interrupted();
    if (!interrupted && outcome != native::poll_again) break;
    timeout = deadline.remaining();
  }
  const Error failure =
      outcome == native::failed ? native::last_error(native::During::other) : Error(Errc::none);
  if (!PollCore::part(items, asked)) return Errc::closed;
  if (failure != Errc::none) return failure;
  std::size_t ready = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].ready = items[i].ready | (entries[i].ready & (items[i].wanted | Ready::error));
    if (any(items[i].ready)) ++ready;
  }
  return ready;
}

namespace {

std::span<Socket*> keep_ready(std::span<Socket*> sockets, std::span<const PollItem> items,
                              Ready what) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (any(items[i].ready & what)) sockets[kept++] = sockets[i];
  }
  return sockets.first(kept);
}

}  // namespace

Result<Selected> select(std::span<Socket*> readers, std::span<Socket*> writers,
                        std::span<Socket*> errors, Timeout timeout) {
  PollItem items[most_polled];
  const std::size_t count = readers.size() + writers.size() + errors.size();
  if (count > most_polled) return Errc::invalid_argument;
  std::size_t next = 0;
  for (Socket* socket : readers) items[next++] = PollItem(*socket, Ready::read);
  for (Socket* socket : writers) items[next++] = PollItem(*socket, Ready::write);
  for (Socket* socket : errors) items[next++] = PollItem(*socket, Ready::error);
  const std::span<PollItem> all(items, count);
  const Result<std::size_t> ready = poll(all, timeout);
  if (!ready) return ready.error();
  // select(2): a failed connection is readable and writable, as neither call would wait.
  Selected selected;
  selected.readable = keep_ready(readers, all, Ready::read | Ready::error);
  selected.writable = keep_ready(writers, all.subspan(readers.size()), Ready::write | Ready::error);
  selected.failed = keep_ready(errors, all.subspan(readers.size() + writers.size()), Ready::error);
  return selected;
}

Wakeup::~Wakeup() { close(); }

Result<void> Wakeup::open() {
  close();
  handle_ = native::wakeup_open(state_);
  if (handle_ == native::failed) return native::last_error(native::During::open);
  return {};
}

void Wakeup::close() {
  if (handle_ >= 0) native::wakeup_close(handle_, state_);
  handle_ = -1;
}

void Wakeup::wake() {
  if (handle_ >= 0) native::wakeup_set(handle_, state_);
}

bool Wakeup::wake_from_interrupt() {
  return handle_ >= 0 && native::wakeup_set_from_interrupt(handle_, state_);
}

void Wakeup::clear() {
  if (handle_ >= 0) native::wakeup_clear(handle_, state_);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
