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

Line<24> round_name(int first) {
  if (first <= single_count) return Line<24>("size ", first);
  return Line<24>("burst ", (first - single_count - 1) / burst_length + 1);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
