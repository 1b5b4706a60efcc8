// Cases: addresses as text against the RFCs' own tables, and the names that sockets give.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

struct Text {
  std::string_view in;
  std::string_view out;
};

constexpr Case cases[] = {
    {"Address.Ipv4RoundTrips", "ADDR-1", any_family,
     [](Context& t) {
       for (const std::string_view text :
            {"0.0.0.0", "127.0.0.1", "192.0.2.255", "255.255.255.255", "10.20.30.40"}) {
         const Result<IpAddress> address = IpAddress::parse(text);
         CHECK_OK(address);
         CHECK(address->family() == Family::inet && address->to_text() == text);
       }
     }},
    {"Address.LooseIpv4IsRefused", "ADDR-1", any_family,
     [](Context& t) {
       for (const std::string_view text :
            {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "0x7f.0.0.1", "127.1", "1.2.3.4 ",
             " 1.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4a", "2130706433", "1.2.3.-4"}) {
         CHECK_ERROR(IpAddress::parse(text), Errc::malformed_address);
       }
     }},
    {"Address.Ipv6OfRfc4291", "ADDR-2", any_family,
     [](Context& t) {
       constexpr Text texts[] = {
           {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
           {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
           {"FF01:0:0:0:0:0:0:101", "ff01::101"},
           {"FF01::101", "ff01::101"},
           {"0:0:0:0:0:0:0:1", "::1"},
           {"0:0:0:0:0:0:0:0", "::"},
           {"0:0:0:0:0:FFFF:129.144.52.38", "::ffff:129.144.52.38"},
           {"::FFFF:129.144.52.38", "::ffff:129.144.52.38"},
       };
       for (const Text& text : texts) {
         const Result<IpAddress> address = IpAddress::parse(text.in);
         CHECK_OK(address);
         CHECK(address->to_text() == text.out);
       }
     }},
    {"Address.Ipv6OfRfc5952", "ADDR-2", any_family,
     [](Context& t) {
       constexpr Text texts[] = {
           {"2001:0db8::0001", "2001:db8::1"},               // 4.1
           {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},        // 4.2.1
           {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // 4.2.2
           {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          // 4.2.3
           {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    // 4.2.3
           {"2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"},
       };
       for (const Text& text : texts) {
         const Result<IpAddress> address = IpAddress::parse(text.in);
         CHECK_OK(address);
         CHECK(address->to_text() == text.out);
       }
     }},
    {"Address.MalformedIpv6IsRefused", "ADDR-2", any_family,
     [](Context& t) {
       for (const std::string_view text :
            {":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
             "12345::", "g::", "1:2:3:4:5:6:7::8", "::1.2.3", "::1.2.3.4.5", ":1:2:3:4:5:6:7:8",
             "1:2:3:4:5:6:7:", "::1 ", "[::1]", "::01.2.3.4"}) {
         CHECK_ERROR(IpAddress::parse(text), Errc::malformed_address);
       }
     }},
    {"Address.ScopeIsANumber", "ADDR-3", any_family,
     [](Context& t) {
       const Result<IpAddress> address = IpAddress::parse("fe80::1%2");
       CHECK_OK(address);
       CHECK_EQUAL(address->scope(), 2);
       CHECK(address->to_text() == "fe80::1%2");
       for (const std::string_view text : {"fe80::1%", "fe80::1%0", "fe80::1%lo", "::1%1",
                                           "2001:db8::1%1", "fe80::1%4294967296", "127.0.0.1%1"}) {
         CHECK_ERROR(IpAddress::parse(text), Errc::malformed_address);
       }
     }},
    {"Address.EndpointRoundTrips", "ADDR-4", any_family,
     [](Context& t) {
       for (const std::string_view text :
            {"127.0.0.1:80", "0.0.0.0:0", "[::1]:65535", "[fe80::1%3]:5005"}) {
         const Result<Endpoint> endpoint = Endpoint::parse(text);
         CHECK_OK(endpoint);
         CHECK(endpoint->to_text() == text);
       }
       const Result<Endpoint> all = Endpoint::parse(":5000", Family::inet6);
       CHECK_OK(all);
       CHECK(*all == Endpoint(IpAddress::any(Family::inet6), 5000));
     }},
    {"Address.MalformedEndpointIsRefused", "ADDR-4", any_family,
     [](Context& t) {
       for (const std::string_view text :
            {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:080",
             "127.0.0.1:http", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "[::1:80",
             "127.0.0.1:80 ", "localhost:80"}) {
         CHECK_ERROR(Endpoint::parse(text), Errc::malformed_address);
       }
       CHECK_ERROR(Endpoint::parse(":80", Family::unspecified), Errc::malformed_address);
     }},
    {"Address.KindsAreTold", "ADDR-5", any_family,
     [](Context& t) {
       CHECK(IpAddress::v4(127, 9, 9, 9).is_loopback() && IpAddress::v4(0, 0, 0, 0).is_any());
       CHECK(IpAddress::v4(224, 0, 0, 1).is_multicast() && !IpAddress::broadcast().is_multicast());
       CHECK(IpAddress::v4(169, 254, 1, 1).is_link_local());
       CHECK(IpAddress::loopback(Family::inet6).is_loopback());
       CHECK(IpAddress::any(Family::inet6).is_any() && !IpAddress().is_any());
       CHECK(IpAddress::parse("ff02::1")->is_multicast());
       CHECK(IpAddress::parse("fe80::1")->is_link_local());
       CHECK(IpAddress::parse("::ffff:1.2.3.4")->unmapped() == IpAddress::v4(1, 2, 3, 4));
     }},
    {"Address.TextThatWasPrintedReachesTheSocket", "ADDR-6", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       const EndpointText text = t.reach(listener).to_text();
       const Result<Endpoint> parsed = Endpoint::parse(text);
       CHECK_OK(parsed);
       CHECK(*parsed == t.reach(listener));
       Socket client = t.tcp();
       CHECK_OK(client.connect(*parsed));
     }},
    {"Name.BothEndsAgree", "NAME-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.getsockname());
       CHECK_OK(pair.client.getpeername());
       CHECK_EQUAL(pair.client.getpeername()->port(), pair.server.getsockname()->port());
       CHECK_EQUAL(pair.server.getpeername()->port(), pair.client.getsockname()->port());
       CHECK(pair.client.getpeername()->address() == t.address());
       CHECK(pair.client.getsockname()->family() == t.family());
     }},
    {"Name.PeerRemainsAfterTheEnd", "NAME-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const Endpoint peer = *pair.server.getpeername();
       pair.client.close();
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_OK(pair.server.getpeername());
       CHECK(*pair.server.getpeername() == peer);
       CHECK_OK(pair.server.getsockname());
     }},
    {"Name.OfAnUnboundSocketIsAny", "NAME-3", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.getsockname());
       CHECK(*socket.getsockname() == Endpoint(IpAddress::any(t.family()), 0));
     }},
    {"Error.EachHasANameAndASentence", "ERR-1", any_family,
     [](Context& t) {
       for (const Errc code : all_errcs()) {
         CHECK(!name(code).empty() && name(code) != "unknown" && !describe(code).empty());
       }
       CHECK(name(static_cast<Errc>(999)) == "unknown");
     }},
    {"Error.KeepsTheNativeNumber", "ERR-2", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       Socket second = t.udp();
       const Result<void> bound = second.bind(*first.getsockname());
       CHECK_ERROR(bound, Errc::address_in_use);
       CHECK(bound.error().native() != 0);
     }},
};

}  // namespace

std::span<const Case> address_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
