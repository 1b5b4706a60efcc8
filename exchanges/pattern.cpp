// The messages of the echo exchanges.
#include "pattern.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

MutableBytes fill_message(MutableBytes buffer, int number) {
  const MutableBytes message = buffer.first(message_size(number));
  for (std::size_t i = 0; i < message.size(); ++i) {
    message[i] = static_cast<std::byte>(message_byte(number, i));
  }
  return message;
}

std::size_t first_difference(Bytes got, int number) {
  std::size_t i = 0;
  while (i < got.size() && i < message_size(number) &&
         got[i] == static_cast<std::byte>(message_byte(number, i))) {
    ++i;
  }
  return i;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
