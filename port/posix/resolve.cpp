// Names over POSIX: getaddrinfo(3) of the C library.
#include <netdb.h>

#include <cstring>

#include <native/native_resolve.hpp>
#include <posix/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Result<std::size_t> resolve(const char* host, Family family, std::span<IpAddress> room) {
  addrinfo hints{};
  hints.ai_family = family == Family::inet ? AF_INET : AF_INET6;
  hints.ai_socktype = SOCK_STREAM;  // else each address comes once for each type
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host, nullptr, &hints, &found);
  switch (code) {
    case 0: break;
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
#endif
      return Error(Errc::name_not_found, code);
    case EAI_MEMORY: return Error(Errc::no_buffer_space, code);
    default: return Error(Errc::name_lookup_failed, code);
  }
  std::size_t count = 0;
  for (const addrinfo* entry = found; entry != nullptr && count < room.size();
       entry = entry->ai_next) {
    NativeAddress address{};
    if (entry->ai_addrlen > sizeof(address)) continue;
    std::memcpy(&address, entry->ai_addr, entry->ai_addrlen);
    room[count++] = from_native(address, entry->ai_addrlen).address();
  }
  ::freeaddrinfo(found);
  return count;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
