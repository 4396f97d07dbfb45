// Masking of bodies: what a KB of each kind costs, and that it costs the same in a body of 64 KB.
//
//     masking_bench                  nanoseconds per KB of each kind and size, for the reader
//     masking_bench json 1024 3000   as many bodies of one kind and size, to be counted by callgrind (bench/figures
//     does)
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "bench/figure.h"
#include "src/masking/masker.h"

namespace {

using namespace logs_sdk;

// What is repeated up to the size that is asked for; about one secret a KB.
struct Kind {
  std::string_view name, type, begin, record, secret, end;
};

constexpr Kind kKinds[] = {
    {"json", "application/json", "[",
     R"({"id":4711,"customer":"Anna Schmidt","mail":"anna@example.com","total":129.9,"coupon":null},)",
     R"({"user":"anna","password":"correct horse"},)", "{}]"},
    {"form", "application/x-www-form-urlencoded", "page=2",
     "&customer=Anna+Schmidt&mail=anna%40example.com&items%5B0%5D=A-17&items%5B1%5D=B-23&note=please+ring+twice",
     "&password=correct+horse", "&submit=1"},
    {"text", "text/plain", "started\n",
     "2026-11-22 10:00:00.123 INFO [main] served GET /api/v1/items in 12 ms for 203.0.113.7, 512 bytes, nothing to "
     "add\n",
     "login of anna with password=correct failed\n", "done\n"},
    {"multipart", "multipart/form-data; boundary=b", "",
     "--b\r\nContent-Disposition: form-data; name=\"customer\"\r\n\r\nAnna Schmidt, who orders every week\r\n",
     "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncorrect horse\r\n", "--b--\r\n"},
    {"xml", "application/xml", "<orders>",
     "<order id=\"4711\" state=\"open\"><customer>Anna "
     "Schmidt</customer><mail>anna@example.com</mail><total>129.90</total>"
     "<note>please ring twice</note></order>",
     "<login><user>anna</user><password>correct horse</password></login>", "</orders>"}};

std::string body_of(const Kind& kind, std::size_t bytes) {
  constexpr std::size_t kBytesPerSecret = 1024;
  std::string body(kind.begin);
  for (std::size_t secrets = 0; body.size() + kind.record.size() + kind.end.size() <= bytes;) {
    const bool due = body.size() + kBytesPerSecret / 2 > secrets * kBytesPerSecret + kBytesPerSecret;
    body.append(due ? kind.secret : kind.record);
    secrets += due ? 1 : 0;
  }
  return body.append(kind.end);
}

std::size_t mask(const Kind& kind, const std::string& body, long count) {
  static const Masker masker({}, {});
  std::string out;
  std::size_t bytes = 0;
  for (; count > 0; --count) {
    out.clear();
    masker.body(kind.type, body, Extent::kWhole, out);
    bytes += out.size();
  }
  return bytes;
}

void measure(const Kind& kind) {
  constexpr std::size_t kSizes[] = {1 << 10, 4 << 10, 16 << 10, 64 << 10};
  constexpr int kRounds = 30;
  constexpr std::size_t kBytesPerRound = 1 << 20;
  std::printf("masking %-9.*s", static_cast<int>(kind.name.size()), kind.name.data());
  for (const std::size_t size : kSizes) {
    const std::string body = body_of(kind, size);
    const auto count = static_cast<long>(kBytesPerRound / body.size());
    std::vector<double> ns;
    for (int round = 0; round < kRounds; ++round) {
      const double begin = bench::thread_cpu_ns();
      mask(kind, body, count);
      ns.push_back((bench::thread_cpu_ns() - begin) * 1024 / static_cast<double>(body.size()) /
                   static_cast<double>(count));
    }
    std::printf("  %zu KB: %.0f ns per KB", size >> 10, bench::median(ns));
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    for (const Kind& kind : kKinds) measure(kind);
    return 0;
  }
  const auto* kind =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& each) { return each.name == argv[1]; });
  if (kind == std::end(kKinds)) return 2;
  const std::string body = body_of(*kind, static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10)));
  return mask(*kind, body, std::strtol(argv[3], nullptr, 10)) == 0 ? 1 : 0;
}
