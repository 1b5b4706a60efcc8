// Endpoint: an address with a port, as text and as a value.
#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include <twinsock/endpoint.hpp>

namespace twinsock {
namespace {

static_assert(std::is_trivially_copyable_v<Endpoint>);
static_assert(std::is_trivially_copyable_v<Result<Endpoint>>);
static_assert(Endpoint(IpAddress::broadcast(), 9).port() == 9);

std::string reprinted(std::string_view text, Family family_if_empty = Family::inet) {
  const Result<Endpoint> endpoint = Endpoint::parse(text, family_if_empty);
  return std::string(endpoint ? endpoint->to_text().view() : name(endpoint.error().code()));
}

TEST(EndpointParse, ReadsAnAddressAndAPort) {
  for (const char* text : {"192.0.2.1:80", "0.0.0.0:0", "255.255.255.255:65535", "[2001:db8::1]:80",
                           "[::]:0", "[::1]:65535", "[::ffff:192.0.2.1]:5000", "[fe80::1%7]:9"}) {
    EXPECT_EQ(reprinted(text), text);
  }
  const Endpoint endpoint = Endpoint::parse("[2001:DB8:0::1]:5005").value();
  EXPECT_EQ(endpoint.address(), IpAddress::parse("2001:db8::1").value());
  EXPECT_EQ(endpoint.port(), 5005);
  EXPECT_EQ(endpoint.family(), Family::inet6);
}

TEST(EndpointParse, TakesAnEmptyAddressForEveryAddressOfTheFamily) {
  EXPECT_EQ(reprinted(":5000"), "0.0.0.0:5000");
  EXPECT_EQ(reprinted(":5000", Family::inet), "0.0.0.0:5000");
  EXPECT_EQ(reprinted(":0", Family::inet6), "[::]:0");
}

TEST(EndpointParse, RejectsAnEmptyAddressWithoutAFamily) {
  for (const Family family : {Family::unspecified, Family::local, Family::packet}) {
    EXPECT_EQ(reprinted(":5000", family), "malformed_address");
    EXPECT_EQ(reprinted("192.0.2.1:5000", family), "192.0.2.1:5000");
  }
}

TEST(EndpointParse, RejectsEverythingElse) {
  for (const char* text : {"",
                           ":",
                           "::",
                           "80",
                           "192.0.2.1",
                           "192.0.2.1:",
                           "192.0.2.1:65536",
                           "192.0.2.1:99999",
                           "192.0.2.1:4294967376",
                           "192.0.2.1:00",
                           "192.0.2.1:080",
                           "192.0.2.1:-1",
                           "192.0.2.1:+80",
                           "192.0.2.1: 80",
                           "192.0.2.1:80 ",
                           " 192.0.2.1:80",
                           "192.0.2.1:8o",
                           "192.0.2.1:0x50",
                           "192.0.2.1:80:80",
                           "192.0.2.1::80",
                           "192.0.2:80",
                           "192.0.2.1.1:80",
                           "[192.0.2.1]:80",
                           "::1:80",
                           "2001:db8::1:80",
                           "[::1]",
                           "[::1]:",
                           "[::1]80",
                           "[::1",
                           "[::1:80",
                           "::1]:80",
                           "[]:80",
                           "[:80",
                           "]:80",
                           "[[::1]]:80",
                           "[::1]]:80",
                           "[ ::1]:80",
                           "[::1]:65536",
                           "[2001:db8::1%1]:80",
                           "[fe80::1%]:80",
                           "[fe80::1]%1:80",
                           "localhost:80",
                           "*:80",
                           "192.0.2.1%1:80",
                           "http://192.0.2.1:80",
                           "192.0.2.1;80"}) {
    EXPECT_EQ(reprinted(text), "malformed_address") << '"' << text << '"';
  }
  EXPECT_EQ(reprinted(std::string_view("1.2.3.4:80\0", 11)), "malformed_address");
  EXPECT_EQ(reprinted(std::string_view("1.2.3.4:8012", 10)), "1.2.3.4:80");
}

TEST(EndpointText, PrintsTheLongest) {
  const std::string longest = "[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535";
  EXPECT_EQ(reprinted(longest), longest);
}

TEST(EndpointText, IsEmptyForNone) {
  EXPECT_EQ(Endpoint().to_text(), "");
  EXPECT_EQ(Endpoint(IpAddress(), 80).to_text(), "");
}

TEST(Endpoint, IsOrderedByAddressThenPort) {
  const char* const ordered[] = {"0.0.0.0:9", "1.2.3.4:0", "1.2.3.4:80", "1.2.3.5:0", "[::]:0"};
  Endpoint before;
  for (const char* text : ordered) {
    const Endpoint endpoint = Endpoint::parse(text).value();
    EXPECT_LT(before, endpoint) << text;
    before = endpoint;
  }
  EXPECT_EQ(before, Endpoint(IpAddress::any(Family::inet6), 0));
}

}  // namespace
}  // namespace twinsock
