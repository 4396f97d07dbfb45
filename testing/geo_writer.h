// GeoWriter: files of the MaxMind format as tests need them (https://maxmind.github.io/MaxMind-DB/), by a few lines
// that share nothing with the code that reads them. Records of 32 bits, an IPv6 tree with the IPv4 networks at ::/96.
#ifndef LOGS_SDK_TESTING_GEO_WRITER_H_
#define LOGS_SDK_TESTING_GEO_WRITER_H_

#include <arpa/inet.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logs_sdk::inline v1 {

class GeoWriter {
 public:
  // -- Values, encoded: GeoWriter::map({{"isp", GeoWriter::text("Telecom")}})
  using Members = std::vector<std::pair<std::string, std::string>>;
  static std::string text(std::string_view value) { return control(2, value.size()) + std::string(value); }
  static std::string map(const Members& members) {
    std::string made = control(7, members.size());
    for (const auto& [name, value] : members) made += text(name) + value;
    return made;
  }
  static std::string array(const std::vector<std::string>& elements) {
    std::string made = control(11, elements.size());
    for (const std::string& element : elements) made += element;
    return made;
  }
  static std::string number(int type, std::uint64_t value) {
    std::string bytes;
    for (; value > 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value & 0xff));
    return control(type, bytes.size()) + bytes;
  }
  static std::string names(std::string_view english, std::string_view chinese = "") {
    Members made{{"en", text(english)}};
    if (!chinese.empty()) made.emplace_back("zh-CN", text(chinese));
    return map({{"names", map(made)}});
  }

  // `network` is an address without its prefix length; later networks win over earlier ones they overlap with.
  void add(const std::string& network, int bits, const std::string& value) {
    std::array<std::uint8_t, 16> address{};
    if (inet_pton(AF_INET, network.c_str(), address.data() + 12) == 1) {
      bits += 96;
    } else {
      [[maybe_unused]] const int read = inet_pton(AF_INET6, network.c_str(), address.data());
      assert(read == 1);
    }
    std::size_t node = 0;
    for (int i = 0; i < bits; ++i) {
      const bool right = (address[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1) != 0;
      if (i == bits - 1) {
        nodes_[node][right] = -1 - static_cast<std::int64_t>(data_.size());
      } else {
        if (nodes_[node][right] <= 0) {
          nodes_.push_back({0, 0});
          nodes_[node][right] = static_cast<std::int64_t>(nodes_.size()) - 1;
        }
        node = static_cast<std::size_t>(nodes_[node][right]);
      }
    }
    data_ += value;
  }

  std::string bytes(std::string_view type, std::uint64_t built_at_s = 1'700'000'000) const {
    const auto record = [&](std::int64_t child) {
      const auto empty = static_cast<std::int64_t>(nodes_.size());
      return child > 0 ? child : child == 0 ? empty : empty + 16 + (-1 - child);
    };
    std::string made;
    for (const auto& node : nodes_) made += big_endian(record(node[0])) + big_endian(record(node[1]));
    made += std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com";
    return made + map({{"binary_format_major_version", number(5, 2)},
                       {"binary_format_minor_version", number(5, 0)},
                       {"build_epoch", number(9, built_at_s)},
                       {"database_type", text(type)},
                       {"description", map({{"en", text("made by a test")}})},
                       {"ip_version", number(5, 6)},
                       {"languages", array({text("en"), text("zh-CN")})},
                       {"node_count", number(6, nodes_.size())},
                       {"record_size", number(5, 32)}});
  }

 private:
  // Types above 7 are written behind a control byte of type 0.
  static std::string control(int type, std::size_t size) {
    assert(size < 285);
    const auto low = static_cast<std::uint8_t>(size < 29 ? size : 29);
    std::string made(1, static_cast<char>((type <= 7 ? type << 5 : 0) | low));
    if (type > 7) made += static_cast<char>(type - 7);
    if (size >= 29) made += static_cast<char>(size - 29);
    return made;
  }
  static std::string big_endian(std::int64_t value) {
    std::string made;
    for (int shift = 24; shift >= 0; shift -= 8) made += static_cast<char>(value >> shift & 0xff);
    return made;
  }

  // Of each node its two children: another node, nothing (0), or below that a record: -1 - its offset.
  std::vector<std::array<std::int64_t, 2>> nodes_{{0, 0}};
  std::string data_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_GEO_WRITER_H_
