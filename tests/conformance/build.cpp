// Cases: what a program is promised before it runs, and what it may count on in any build.
#include <conformance/context.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/poll.hpp>
#include <twinsock/resolve.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

#if defined(accept) || defined(bind) || defined(close) || defined(AF_INET) || \
    defined(SOCK_STREAM) || defined(POLLIN) || defined(LWIP_SOCKET)
constexpr bool has_native_names = true;
#else
constexpr bool has_native_names = false;
#endif

template <class F>
constexpr bool knows_urgent_data = requires {
  F::urgent;
}
|| requires { F::out_of_band; };

constexpr Case cases[] = {
    {"Build.NoNativeNameReachesAProgram", "BUILD-3", any_family,
     [](Context& t) { CHECK(!has_native_names); }},
    {"Build.LoopbackReachesThisHost", "BUILD-2", each_family,
     [](Context& t) {
       Socket listener = t.tcp();
       CHECK_OK(listener.bind({IpAddress::loopback(t.family()), 0}));
       CHECK_OK(listener.listen());
       Socket client = t.tcp();
       CHECK_OK(client.connect(*listener.getsockname()));
     },
     everywhere, nullptr, loopback},
    {"Build.NoFlagAsksForUrgentData", "RECV-8", any_family,
     [](Context& t) { CHECK(!knows_urgent_data<Flags>); }},
    {"Build.ABrokenPipeRaisesNoSignal", "ERR-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       Context::reset(pair.server);
       CHECK(t.wait_readable(pair.client));
       for (int i = 0; i < 3; ++i) CHECK(!pair.client.sendall("a signal would end this program"));
     },
     everywhere, nullptr, undisturbed},
    {"Build.CloseDoesNotWait", "CLOSE-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);  // nobody reads it
       const std::uint32_t began = now_ms();
       pair.client.close();
       CHECK(now_ms() - began <= t.slack_ms());
     }},
    {"Build.LowPortNeedsAPrivilege", "BIND-10", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK(t.host().drop_rights());
       const Errc outcome = outcome_of(socket.bind({t.local_address(), 7}));
       t.host().restore_rights();
       CHECK_ERROR(outcome, Errc::permission_denied);
     },
     everywhere, nullptr, rights},
    {"Build.RawSocketNeedsARight", "RAW-1", each_family,
     [](Context& t) {
       CHECK(t.host().drop_rights());
       const Errc raw = outcome_of(Socket::open(t.family(), Type::raw, 1));
       const Errc packet = outcome_of(PacketSocket::open(0x88b5));
       t.host().restore_rights();
       CHECK_ERROR(raw, Errc::permission_denied);
       CHECK_ERROR(packet, Errc::permission_denied);
     },
     everywhere, nullptr, rights},
    {"Build.AsManyArePolledAsPromised", "POLL-1", any_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       static std::array<PollItem, most_polled> items;
       items.fill(PollItem());
       items.back() = PollItem(socket, Ready::write);
       const Result<std::size_t> ready = poll(items, t.patience());
       CHECK(items.back().ready == Ready::write);
       items.back() = PollItem();
       CHECK_OK(ready);
       CHECK_EQUAL(*ready, 1);
     }},
    {"Build.LocalhostIsThisHost", "RESOLVE-3", inet_only,
     [](Context& t) {
       std::array<AddressInfo, 4> room;
       const auto found = getaddrinfo("localhost", "80", room, {.family = Family::inet});
       CHECK_OK(found);
       CHECK(!found->empty() && found->front().endpoint.address().is_loopback());
     },
     everywhere, nullptr, loopback},
    {"Build.TooManyDatagramsAreLostOrRefused", "DGRAM-21", each_family,
     [](Context& t) {
       Socket sender = t.bound_udp();
       Socket receiver = t.bound_udp();
       const Endpoint there = t.reach(receiver);
       for (int i = 0; i < 200; ++i) {
         const Errc outcome = outcome_of(sender.sendto(t.scratch().first(1000), there));
         CHECK(outcome == Errc::none || outcome == Errc::no_buffer_space);
       }
       CHECK_VALUE(receiver.recv_into(t.scratch()), 1000);
     }},
};

}  // namespace

std::span<const Case> build_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
