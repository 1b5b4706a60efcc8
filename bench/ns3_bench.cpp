// The same transfers in ns-3, for the ratio: 100 Mbit/s, 1 ms, windows of 64 KB, MSS 1460.
//
//   ns3_bench bulk|echo
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint16_t port = 5005;
constexpr uint64_t bulk_bytes = 50'000'000;
constexpr uint64_t echo_count = 50'000;
constexpr uint32_t echo_size = 64;
constexpr uint32_t piece = 16384;

uint64_t frames = 0;
uint64_t received = 0;
uint64_t sent = 0;
uint64_t round_trips = 0;

void count_frame(ns3::Ptr<const ns3::Packet>) { ++frames; }

ns3::NetDeviceContainer make_network(ns3::NodeContainer& nodes) {
  ns3::Config::SetDefault("ns3::TcpSocket::SndBufSize", ns3::UintegerValue(65536));
  ns3::Config::SetDefault("ns3::TcpSocket::RcvBufSize", ns3::UintegerValue(65536));
  ns3::Config::SetDefault("ns3::TcpSocket::SegmentSize", ns3::UintegerValue(1460));
  ns3::Config::SetDefault("ns3::TcpSocket::TcpNoDelay", ns3::BooleanValue(true));
  nodes.Create(2);
  ns3::PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", ns3::StringValue("100Mbps"));
  link.SetChannelAttribute("Delay", ns3::StringValue("1ms"));
  ns3::NetDeviceContainer devices = link.Install(nodes);
  for (uint32_t i = 0; i < devices.GetN(); ++i) {
    devices.Get(i)->TraceConnectWithoutContext("PhyTxEnd", ns3::MakeCallback(&count_frame));
  }
  ns3::InternetStackHelper().Install(nodes);
  ns3::Ipv4AddressHelper addresses;
  addresses.SetBase("10.0.0.0", "255.255.255.0");
  addresses.Assign(devices);
  return devices;
}

ns3::Ptr<ns3::Socket> open_socket(ns3::Ptr<ns3::Node> node) {
  return ns3::Socket::CreateSocket(node, ns3::TcpSocketFactory::GetTypeId());
}

void read_all(ns3::Ptr<ns3::Socket> socket) {
  while (ns3::Ptr<ns3::Packet> packet = socket->Recv()) received += packet->GetSize();
}

void fill(ns3::Ptr<ns3::Socket> socket, uint32_t) {
  while (sent < bulk_bytes && socket->GetTxAvailable() >= piece) {
    const int count = socket->Send(ns3::Create<ns3::Packet>(piece));
    if (count <= 0) return;
    sent += static_cast<uint64_t>(count);
  }
  if (sent >= bulk_bytes) socket->Close();
}

void echo_back(ns3::Ptr<ns3::Socket> socket) {
  while (ns3::Ptr<ns3::Packet> packet = socket->Recv()) socket->Send(packet);
}

void say_again(ns3::Ptr<ns3::Socket> socket) {
  while (ns3::Ptr<ns3::Packet> packet = socket->Recv()) received += packet->GetSize();
  if (received < echo_size) return;
  received -= echo_size;
  if (++round_trips < echo_count) {
    socket->Send(ns3::Create<ns3::Packet>(echo_size));
  } else {
    socket->Close();
  }
}

void accept_bulk(ns3::Ptr<ns3::Socket> socket, const ns3::Address&) {
  socket->SetRecvCallback(ns3::MakeCallback(&read_all));
}
void accept_echo(ns3::Ptr<ns3::Socket> socket, const ns3::Address&) {
  socket->SetRecvCallback(ns3::MakeCallback(&echo_back));
}
void begin_bulk(ns3::Ptr<ns3::Socket> socket) { fill(socket, 0); }
void begin_echo(ns3::Ptr<ns3::Socket> socket) { socket->Send(ns3::Create<ns3::Packet>(echo_size)); }
void not_connected(ns3::Ptr<ns3::Socket>) { std::fprintf(stderr, "ns3_bench: no connection\n"); }

double run(bool is_bulk) {
  ns3::NodeContainer nodes;
  make_network(nodes);
  const ns3::Ptr<ns3::Socket> server = open_socket(nodes.Get(1));
  server->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
  server->Listen();
  server->SetAcceptCallback(
      ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
      ns3::MakeCallback(is_bulk ? &accept_bulk : &accept_echo));
  const ns3::Ptr<ns3::Socket> client = open_socket(nodes.Get(0));
  client->SetConnectCallback(ns3::MakeCallback(is_bulk ? &begin_bulk : &begin_echo),
                             ns3::MakeCallback(&not_connected));
  if (is_bulk) {
    client->SetSendCallback(ns3::MakeCallback(&fill));
  } else {
    client->SetRecvCallback(ns3::MakeCallback(&say_again));
  }
  // Not before the devices are initialized, at 0 s.
  ns3::Simulator::Schedule(ns3::MilliSeconds(1),
                           [client] { client->Connect(ns3::InetSocketAddress("10.0.0.2", port)); });
  const Clock::time_point begin = Clock::now();
  ns3::Simulator::Run();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  ns3::Simulator::Destroy();
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what != "bulk" && what != "echo") {
    std::fprintf(stderr, "ns3_bench: allowed: bulk, echo\n");
    return 2;
  }
  const double seconds = run(what == "bulk");
  if (what == "bulk") {
    std::printf("frames %llu seconds %.4f bytes %llu\n", static_cast<unsigned long long>(frames),
                seconds, static_cast<unsigned long long>(received));
    return received >= bulk_bytes ? 0 : 1;
  }
  std::printf("round_trips %llu seconds %.4f\n", static_cast<unsigned long long>(round_trips),
              seconds);
  return round_trips == echo_count ? 0 : 1;
}
