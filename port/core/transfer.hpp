// One call of a Socket that carries data, on its way through the core's loops.
#pragma once

#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct Transfer {
  // The bytes that one native call moved, or native::failed.
  using Call = std::ptrdiff_t (*)(Transfer& transfer, int handle, int native_flags);

  // What is sent is never written: `data` serves both directions.
  Transfer(Socket& of, Call native_call, const std::byte* bytes, std::size_t count, Flags asked)
      : socket(of),
        call(native_call),
        data(const_cast<std::byte*>(bytes)),
        size(count),
        flags(asked) {}

  std::byte* next() const { return data + done; }
  std::size_t left() const { return size - done; }
  bool has_destination() const { return peer.family() != Family::unspecified; }
  // As the calls for a part return it; an end is no failure there.
  std::ptrdiff_t outcome(Error error) const {
    if (error != Errc::none && error != Errc::end_of_stream) return detail::failure(error);
    return static_cast<std::ptrdiff_t>(done);
  }

  Socket& socket;
  Call call;
  std::byte* data;
  std::size_t size;
  std::size_t done = 0;
  Endpoint peer;  // where it goes, or came from
  Flags flags;
  bool all = false;  // or what there is room for
  bool truncated = false;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
