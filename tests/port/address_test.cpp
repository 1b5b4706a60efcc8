// IpAddress: which texts are addresses, and how addresses print.
#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include <twinsock/address.hpp>

namespace twinsock {
namespace {

static_assert(std::is_trivially_copyable_v<IpAddress>);
static_assert(IpAddress().family() == Family::unspecified);
static_assert(IpAddress::loopback(Family::inet) == IpAddress::v4(127, 0, 0, 1));

std::string text_of(const IpAddress& address) { return std::string(address.to_text().view()); }

std::string reprinted(std::string_view text) {
  const Result<IpAddress> address = IpAddress::parse(text);
  return address ? text_of(*address) : std::string(name(address.error().code()));
}

struct Pair {
  std::string_view text;
  std::string_view printed;
};

TEST(Family, HasAName) {
  EXPECT_EQ(name(Family::unspecified), "unspecified");
  EXPECT_EQ(name(Family::inet), "inet");
  EXPECT_EQ(name(Family::inet6), "inet6");
  EXPECT_EQ(name(Family::local), "local");
  EXPECT_EQ(name(Family::packet), "packet");
}

TEST(FixedText, KeepsWhatFits) {
  FixedText<6> text;
  EXPECT_EQ(text, "");
  text.append("abc");
  text.append("defg");
  EXPECT_EQ(text, "abcde");
  EXPECT_STREQ(text.c_str(), "abcde");
  EXPECT_EQ(text.size(), 5u);
}

TEST(FixedText, IsWrittenInPlace) {
  FixedText<4> text;
  text.append("xyz");
  text.data()[0] = 'a';
  text.resize(1);
  EXPECT_STREQ(text.c_str(), "a");
  text.resize(9);
  EXPECT_EQ(text.size(), 3u);
}

TEST(FixedText, ComparesWithTextOfAnyLength) {
  FixedText<4> small;
  FixedText<8> large;
  small.append("ab");
  large.append("ab");
  EXPECT_TRUE(small == small);
  EXPECT_TRUE(small == large);
  EXPECT_TRUE("ab" == large);
  large.append("c");
  EXPECT_TRUE(small != large);
}

TEST(IpAddressParse, ReadsIpv4) {
  for (const char* text : {"0.0.0.0", "127.0.0.1", "192.0.2.1", "255.255.255.255", "1.20.100.9"}) {
    EXPECT_EQ(reprinted(text), text);
  }
  EXPECT_EQ(*IpAddress::parse("192.0.2.1"), IpAddress::v4(192, 0, 2, 1));
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->scope(), 0u);
}

TEST(IpAddressParse, RejectsWhatIsNotStrictIpv4) {
  for (const char* text : {"",          " ",         "1",          "1.2",        "1.2.3",
                           "1.2.3.",    "1.2.3.4.",  ".1.2.3.4",   "1..2.3",     "1.2.3.4.5",
                           "256.1.1.1", "1.1.1.256", "1.1.1.999",  "1.1.1.1000", "1.1.1.4294967297",
                           "01.2.3.4",  "1.2.3.04",  "00.0.0.0",   "1.2.3.00",   "0x7f.0.0.1",
                           "7f.0.0.1",  "1.2.3.a",   "2130706433", " 1.2.3.4",   "1.2.3.4 ",
                           "1. 2.3.4",  "1.2.3.4\n", "\t1.2.3.4",  "+1.2.3.4",   "-1.2.3.4",
                           "1.2.3.-4",  "1.2.3.4%1", "1.2.3.4/8",  "1,2,3,4",    "1.2.3.4:80",
                           "[1.2.3.4]", "localhost", "\xb1.2.3.4", "1.2.3.4\x80"}) {
    EXPECT_EQ(reprinted(text), "malformed_address") << '"' << text << '"';
  }
}

TEST(IpAddressParse, ReadsTheExamplesOfRfc4291) {
  const Pair pairs[] = {
      {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
      {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
      {"2001:DB8::8:800:200C:417A", "2001:db8::8:800:200c:417a"},
      {"FF01:0:0:0:0:0:0:101", "ff01::101"},
      {"FF01::101", "ff01::101"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"::1", "::1"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::", "::"},
      {"0:0:0:0:0:0:13.1.68.3", "::d01:4403"},
      {"::13.1.68.3", "::d01:4403"},
      {"0:0:0:0:0:FFFF:129.144.52.38", "::ffff:129.144.52.38"},
      {"::FFFF:129.144.52.38", "::ffff:129.144.52.38"},
      {"2001:0DB8:0000:CD30:0000:0000:0000:0000", "2001:db8:0:cd30::"},
  };
  for (const Pair& pair : pairs) EXPECT_EQ(reprinted(pair.text), pair.printed) << pair.text;
}

TEST(IpAddressParse, ReadsADoubleColonAnywhereForOneGroupOrMore) {
  const Pair pairs[] = {
      {"1::", "1::"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"1:2:3:4:5:6::", "1:2:3:4:5:6::"},
      {"::1:2:3:4:5:1.2.3.4", "0:1:2:3:4:5:102:304"},
      {"1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
      {"::255.255.255.255", "::ffff:ffff"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"::ffff:0:0", "::ffff:0.0.0.0"},
      {"::fffe:1.2.3.4", "::fffe:102:304"},
      {"::ffff:0:1.2.3.4", "::ffff:0:102:304"},
      {"aBcD::EfFf", "abcd::efff"},
      {"0000:0000::0000", "::"},
  };
  for (const Pair& pair : pairs) EXPECT_EQ(reprinted(pair.text), pair.printed) << pair.text;
}

TEST(IpAddressParse, RejectsWhatIsNotRfc4291) {
  for (const char* text : {":",
                           ":::",
                           "::::",
                           "1:",
                           ":1",
                           "1:2",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:",
                           ":1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:",
                           "1:2:3:4:5:6:7:8:9",
                           "::1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7:8::",
                           "1:2:3:4::5:6:7:8",
                           "1::2::3",
                           "::1::",
                           "::::1",
                           "1:::2",
                           ":::1",
                           "1:::",
                           "12345::",
                           "::00001",
                           "::fffff",
                           "1:2:3:4:5:6:7:00008",
                           "::g",
                           "::0x1",
                           "::-1",
                           "::+1",
                           " ::1",
                           "::1 ",
                           "::1\n",
                           ":: 1",
                           "::1/64",
                           "[::1]",
                           "::1.2.3",
                           "::1.2.3.4.5",
                           "::1.2.3.256",
                           "::01.2.3.4",
                           "::1.2.3.04",
                           "::a.2.3.4",
                           "::1234.2.3.4",
                           "::.1.2.3.4",
                           "::1.2.3.4:1",
                           "::1.2.3.4::",
                           "1.2.3.4::",
                           "1.2.3.4:1::",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1:2:3:4:5:6:1.2.3.4",
                           "1:2:3:4:5:1.2.3.4",
                           "::1.2.3.4%1",
                           "2001;db8::1",
                           "::1\xff"}) {
    EXPECT_EQ(reprinted(text), "malformed_address") << '"' << text << '"';
  }
}

TEST(IpAddressParse, EndsWhereTheViewEnds) {
  EXPECT_EQ(reprinted(std::string_view("1.2.3.45", 7)), "1.2.3.4");
  EXPECT_EQ(reprinted(std::string_view("::12", 3)), "::1");
  EXPECT_EQ(reprinted(std::string_view("::1.2.3.4", 7)), "malformed_address");
  EXPECT_EQ(reprinted(std::string_view()), "malformed_address");
}

TEST(IpAddressParse, RejectsAnEmbeddedZero) {
  EXPECT_EQ(reprinted(std::string_view("1.2.3.4\0", 8)), "malformed_address");
  EXPECT_EQ(reprinted(std::string_view("1.2\0.3.4", 8)), "malformed_address");
  EXPECT_EQ(reprinted(std::string_view("::1\0", 4)), "malformed_address");
  EXPECT_EQ(reprinted(std::string_view("fe80::1%2\0", 10)), "malformed_address");
}

TEST(IpAddressParse, ReadsTheScopeOfAddressesThatHaveOne) {
  for (const char* text : {"fe80::1%2", "fe80::1%1", "fe80::%7", "febf:ffff::1%10",
                           "ff02::1%4294967295", "ff01::1%3", "ff12::8%5", "ff32::1%6"}) {
    EXPECT_EQ(reprinted(text), text);
  }
  EXPECT_EQ(IpAddress::parse("FE80::1%7")->scope(), 7u);
  EXPECT_EQ(IpAddress::parse("fe80::1")->scope(), 0u);
}

TEST(IpAddressParse, RejectsAScopeThatIsNotANumberInRange) {
  for (const char* text :
       {"fe80::1%", "fe80::1%0", "fe80::1%00", "fe80::1%01", "fe80::1%4294967296",
        "fe80::1%4294967300", "fe80::1%42949672950", "fe80::1%99999999999999999", "fe80::1%eth0",
        "fe80::1%1a", "fe80::1%-1", "fe80::1%+1", "fe80::1% 1", "fe80::1%1 ", "fe80::1%1%1",
        "fe80::1%%1", "%1", "fe80%1::1"}) {
    EXPECT_EQ(reprinted(text), "malformed_address") << '"' << text << '"';
  }
}

TEST(IpAddressParse, RejectsAScopeThatTheStacksWouldIgnore) {
  for (const char* text : {"::1%1", "::%1", "2001:db8::1%1", "fec0::1%1", "fe7f::1%1", "fc00::1%1",
                           "ff05::1%1", "ff0e::1%1", "::ffff:169.254.0.1%1", "127.0.0.1%1"}) {
    EXPECT_EQ(reprinted(text), "malformed_address") << '"' << text << '"';
  }
}

TEST(IpAddressText, FollowsTheExamplesOfRfc5952) {
  const Pair pairs[] = {
      // 2: all of these are one address each
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:0:1::1", "2001:db8::1:0:0:1"},
      {"2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"},
      {"2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"},
      // 2.1, 4.1: leading zeros
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:01", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:1", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},
      {"2001:0db8::0001", "2001:db8::1"},
      // 2.2, 4.2: as much as possible, never one group alone, the longest run, the first of equals
      {"2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:0:1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"},
      {"2001:db8:0:0:0::1", "2001:db8::1"},
      {"2001:db8:0:0::1", "2001:db8::1"},
      {"2001:db8:0::1", "2001:db8::1"},
      {"2001:db8::1", "2001:db8::1"},
      {"2001:db8::aaaa:0:0:1", "2001:db8::aaaa:0:0:1"},
      {"2001:db8:0:0:aaaa::1", "2001:db8::aaaa:0:0:1"},
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:db8::0:1", "2001:db8::1"},
      {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      // 2.3, 4.3: lower case
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"},
      {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:AaAa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"},
      // 5: IPv4 in a known prefix
      {"::ffff:c000:201", "::ffff:192.0.2.1"},
  };
  for (const Pair& pair : pairs) EXPECT_EQ(reprinted(pair.text), pair.printed) << pair.text;
}

TEST(IpAddressText, PrintsTheLongest) {
  std::array<std::uint8_t, 16> bytes;
  bytes.fill(0xfe);
  bytes[1] = 0xbf;
  const IpAddress address = IpAddress::v6(bytes, UINT32_MAX);
  EXPECT_EQ(text_of(address), "febf:fefe:fefe:fefe:fefe:fefe:fefe:fefe%4294967295");
  EXPECT_EQ(IpAddress::parse(address.to_text()).value(), address);
}

TEST(IpAddressText, IsEmptyForNoAddress) { EXPECT_EQ(text_of(IpAddress()), ""); }

TEST(IpAddress, HasConstants) {
  EXPECT_EQ(text_of(IpAddress::any(Family::inet)), "0.0.0.0");
  EXPECT_EQ(text_of(IpAddress::any(Family::inet6)), "::");
  EXPECT_EQ(text_of(IpAddress::loopback(Family::inet)), "127.0.0.1");
  EXPECT_EQ(text_of(IpAddress::loopback(Family::inet6)), "::1");
  EXPECT_EQ(text_of(IpAddress::broadcast()), "255.255.255.255");
  for (const Family family : {Family::unspecified, Family::local, Family::packet}) {
    EXPECT_EQ(IpAddress::any(family), IpAddress());
    EXPECT_EQ(IpAddress::loopback(family), IpAddress());
  }
}

TEST(IpAddress, LeavesOutAScopeThatMeansNothing) {
  std::array<std::uint8_t, 16> bytes = IpAddress::parse("2001:db8::1")->bytes();
  EXPECT_EQ(IpAddress::v6(bytes, 3), IpAddress::v6(bytes));
  EXPECT_FALSE(IpAddress::v6(bytes).has_scope());
  bytes = IpAddress::parse("fe80::1")->bytes();
  EXPECT_EQ(IpAddress::v6(bytes, 3).scope(), 3u);
  EXPECT_NE(IpAddress::v6(bytes, 3), IpAddress::v6(bytes, 4));
  EXPECT_FALSE(IpAddress::v4(169, 254, 0, 1).has_scope());
}

TEST(IpAddress, KnowsItsKind) {
  struct Kind {
    const char* text;
    bool any, loopback, multicast, link_local, v4_mapped;
  };
  const Kind kinds[] = {
      {"0.0.0.0", true, false, false, false, false},
      {"0.0.0.1", false, false, false, false, false},
      {"126.255.255.255", false, false, false, false, false},
      {"127.0.0.1", false, true, false, false, false},
      {"127.255.255.255", false, true, false, false, false},
      {"128.0.0.0", false, false, false, false, false},
      {"223.255.255.255", false, false, false, false, false},
      {"224.0.0.1", false, false, true, false, false},
      {"239.255.255.255", false, false, true, false, false},
      {"240.0.0.0", false, false, false, false, false},
      {"169.254.1.1", false, false, false, true, false},
      {"169.255.1.1", false, false, false, false, false},
      {"254.128.0.0", false, false, false, false, false},
      {"255.2.0.0", false, false, false, false, false},
      {"::", true, false, false, false, false},
      {"::1", false, true, false, false, false},
      {"::2", false, false, false, false, false},
      {"fe80::1", false, false, false, true, false},
      {"fe80::1%3", false, false, false, true, false},
      {"febf::1", false, false, false, true, false},
      {"fec0::1", false, false, false, false, false},
      {"ff02::1", false, false, true, false, false},
      {"ff02::1%3", false, false, true, false, false},
      {"ff0e::1", false, false, true, false, false},
      {"feff::", false, false, false, false, false},
      {"::ffff:127.0.0.1", false, false, false, false, true},
      {"::ffff:0.0.0.0", false, false, false, false, true},
      {"::ff:1.2.3.4", false, false, false, false, false},
      {"::fffe:1.2.3.4", false, false, false, false, false},
      {"1::ffff:1.2.3.4", false, false, false, false, false},
  };
  for (const Kind& kind : kinds) {
    const IpAddress address = IpAddress::parse(kind.text).value();
    EXPECT_EQ(address.is_any(), kind.any) << kind.text;
    EXPECT_EQ(address.is_loopback(), kind.loopback) << kind.text;
    EXPECT_EQ(address.is_multicast(), kind.multicast) << kind.text;
    EXPECT_EQ(address.is_link_local(), kind.link_local) << kind.text;
    EXPECT_EQ(address.is_v4_mapped(), kind.v4_mapped) << kind.text;
  }
  const IpAddress none;
  EXPECT_FALSE(none.is_any() || none.is_loopback() || none.is_multicast() || none.is_link_local() ||
               none.is_v4_mapped());
}

TEST(IpAddress, UnmapsOnlyMappedAddresses) {
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1")->unmapped(), IpAddress::v4(192, 0, 2, 1));
  for (const char* text : {"192.0.2.1", "::1", "fe80::1%2", "::192.0.2.1"}) {
    EXPECT_EQ(IpAddress::parse(text)->unmapped(), *IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, IsOrderedByFamilyThenBytesThenScope) {
  const char* const ordered[] = {"0.0.0.0", "1.2.3.4", "1.2.4.0",   "255.0.0.0", "::",
                                 "::1",     "1::",     "fe80::1%1", "fe80::1%2", "fe80::2"};
  IpAddress before;
  for (const char* text : ordered) {
    const IpAddress address = IpAddress::parse(text).value();
    EXPECT_LT(before, address) << text;
    before = address;
  }
}

}  // namespace
}  // namespace twinsock
