// Frames taken apart, and as text.
#include <gtest/gtest.h>

#include <vector>

#include <host_sim/packet.hpp>

namespace host_sim {
namespace {

std::vector<uint8_t> bytes_of(std::string_view hex) {
  std::vector<uint8_t> bytes;
  int half = -1;
  for (const char character : hex) {
    if (character == ' ') continue;
    const int digit = character <= '9' ? character - '0' : character - 'a' + 10;
    if (half >= 0) bytes.push_back(static_cast<uint8_t>(half * 16 + digit));
    half = half >= 0 ? -1 : digit;
  }
  return bytes;
}

// 10.0.0.1:49153 to 10.0.0.2:5005, SYN with MSS 1460.
constexpr std::string_view kSyn =
    "020000000002 020000000001 0800 4500002c00010000ff06a7c90a0000010a000002"
    "c001138d 0000196e 00000000 6002 2238 0000 0000 020405b4";

std::vector<uint8_t> with_tcp_sum(std::vector<uint8_t> frame) {
  uint32_t sum = 6 + static_cast<uint32_t>(frame.size()) - 34;
  for (size_t at = 26; at < frame.size(); at += 2) sum += (frame[at] << 8) | frame[at + 1];
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  frame[50] = static_cast<uint8_t>(~sum >> 8), frame[51] = static_cast<uint8_t>(~sum);
  return frame;
}

TEST(Packet, TakesTcpApart) {
  const auto frame = with_tcp_sum(bytes_of(kSyn));
  const Packet packet = parse_packet(frame);
  ASSERT_TRUE(packet.ipv4 && packet.tcp);
  EXPECT_TRUE(packet.tcp->syn);
  EXPECT_FALSE(packet.tcp->ack_flag);
  EXPECT_EQ(packet.tcp->mss, 1460);
  EXPECT_EQ(packet.source_port(), 49153);
  EXPECT_EQ(packet.destination_port(), 5005);
  EXPECT_TRUE(packet.transport_checksum_right);
  EXPECT_FALSE(packet.malformed);
  EXPECT_EQ(describe_packet(packet),
            std::string("10.0.0.1:49153 > 10.0.0.2:5005 tcp S seq 6510 win 8760 len 0 mss 1460") +
                (packet.ipv4->checksum_right ? "" : " bad-checksum"));
}

TEST(Packet, SeesEveryTurnedBitInASegment) {
  const auto good = with_tcp_sum(bytes_of(kSyn));
  for (size_t bit = 34 * 8; bit < good.size() * 8; ++bit) {
    auto frame = good;
    frame[bit / 8] = static_cast<uint8_t>(frame[bit / 8] ^ (1 << bit % 8));
    const Packet packet = parse_packet(frame);
    EXPECT_TRUE(packet.malformed || !packet.transport_checksum_right) << bit;
  }
}

TEST(Packet, AnyBytesAreReadWithoutHarm) {
  const auto good = with_tcp_sum(bytes_of(kSyn));
  for (size_t size = 0; size < good.size(); ++size) {
    const Packet packet = parse_packet({good.data(), size});
    EXPECT_FALSE(describe_packet(packet).empty());
    EXPECT_TRUE(packet.malformed) << size;
  }
  uint64_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    auto frame = good;
    for (int change = 0; change < 4; ++change) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      frame[12 + (state >> 33) % (frame.size() - 12)] = static_cast<uint8_t>(state >> 56);
    }
    if (round % 2 != 0) frame[12] = 0x86, frame[13] = 0xDD, frame[14] = 0x60;
    describe_packet(parse_packet(frame));
  }
}

TEST(Packet, TakesArpApart) {
  const auto frame = bytes_of(
      "ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 "
      "0a000002");
  EXPECT_EQ(describe_packet(parse_packet(frame)), "arp who has 10.0.0.2 tell 10.0.0.1");
}

TEST(Packet, TakesUdpOverIpv6Apart) {
  const auto frame = bytes_of(
      "020000000002 020000000001 86dd 60000000 000a 11 40"
      "fd000000000000000000000000000001 fd000000000000000000000000000002"
      "c001 138d 000a 0000 6869");
  const Packet packet = parse_packet(frame);
  ASSERT_TRUE(packet.ipv6 && packet.udp);
  EXPECT_EQ(packet.payload.size(), 2u);
  EXPECT_EQ(describe_packet(packet), "[fd00::1]:49153 > [fd00::2]:5005 udp len 2 bad-checksum");
}

TEST(Packet, WritesIpv6AsRfc5952Says) {
  const auto text = [](std::string_view hex) { return format_ipv6(bytes_of(hex).data()); };
  EXPECT_EQ(text("00000000000000000000000000000000"), "::");
  EXPECT_EQ(text("00000000000000000000000000000001"), "::1");
  EXPECT_EQ(text("20010db8000000000001000000000001"), "2001:db8::1:0:0:1");
  EXPECT_EQ(text("20010db8000000010001000100010001"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(text("fe8000000000000000000000000000ff"), "fe80::ff");
  EXPECT_EQ(text("fd000000000000000000000000000000"), "fd00::");
}

}  // namespace
}  // namespace host_sim
