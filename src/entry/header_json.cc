#include "src/entry/header_json.h"

#include <array>
#include <cstdint>

#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {
namespace {

// False: no name occurs twice. A filter of one bit per name; the usual request sets a dozen of 256, and the names seen
// in practice do not collide.
bool names_may_repeat(std::span<const HeaderView> headers) noexcept {
  std::array<std::uint64_t, 4> seen{};
  for (const HeaderView& header : headers) {
    const std::string_view name = header.name;
    if (name.empty()) return true;
    const auto byte = [name](std::size_t i) { return static_cast<std::uint8_t>(name[i]); };
    const std::size_t hash =
        name.size() * 181 + byte(0) * 249u + byte(name.size() / 2) * 99u + byte(name.size() - 1) * 9u;
    std::uint64_t& word = seen[(hash >> 6) & 3];
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
    if ((word & bit) != 0) return true;
    word |= bit;
  }
  return false;
}

class HeaderWriter {
 public:
  HeaderWriter(std::span<const HeaderView> headers, JsonWriter& json) noexcept
      : json_(json),
        headers_(headers.first(std::min(headers.size(), kMaxHeaders))),
        complete_(headers_.size() == headers.size()),
        may_repeat_(names_may_repeat(headers_)) {}

  void write() {
    json_.raw("{");
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      if (may_repeat_ && occurs_before(i)) continue;
      const std::size_t before = json_.position();
      write_header(i);
      if (used_ <= kMaxHeadersBytes) continue;
      json_.rewind(before);
      complete_ = false;
      break;
    }
    if (!complete_) {
      separate();
      json_.raw(R"(\"...\":\")");
      json_.marker();
      json_.raw(R"(\")");
    }
    json_.raw("}");
  }

 private:
  bool occurs_before(std::size_t at) const noexcept {
    for (std::size_t i = 0; i < at; ++i) {
      if (headers_[i].name == headers_[at].name) return true;
    }
    return false;
  }

  void separate() {
    json_.make_room();
    if (!first_) json_.raw(",");
    first_ = false;
  }

  // The header at `at` and all later ones of its name.
  void write_header(std::size_t at) {
    const std::string_view name = headers_[at].name;
    separate();
    json_.raw(R"(\")");
    TextBudget budget{kMaxStringBytes};
    json_.piece<Escape::kTwice>(name, budget);
    if (budget.cut) json_.marker();
    used_ += kMaxStringBytes - budget.left;
    if (name == "set-cookie") {
      write_array(at);
    } else {
      write_joined(at, name == "cookie" ? std::string_view("; ") : std::string_view(", "));
    }
  }

  void write_array(std::size_t at) {
    json_.raw(R"(\":[)");
    write_element(headers_[at].value);
    for_each_repetition(at, [this](std::string_view value) {
      json_.raw(",");
      write_element(value);
    });
    json_.raw("]");
  }

  void write_element(std::string_view value) {
    json_.make_room();
    json_.raw(R"(\")");
    TextBudget budget{kMaxHeaderValueBytes};
    json_.piece<Escape::kTwice>(value, budget);
    end_value(budget);
  }

  void write_joined(std::size_t at, std::string_view separator) {
    json_.raw(R"(\":\")");
    TextBudget budget{kMaxHeaderValueBytes};
    json_.piece<Escape::kTwice>(headers_[at].value, budget);
    for_each_repetition(at, [&](std::string_view value) {
      json_.piece<Escape::kTwice>(separator, budget);
      json_.piece<Escape::kTwice>(value, budget);
    });
    end_value(budget);
  }

  void end_value(const TextBudget& budget) noexcept {
    if (budget.cut) json_.marker();
    json_.raw(R"(\")");
    used_ += kMaxHeaderValueBytes - budget.left;
  }

  template <typename Function>
  void for_each_repetition(std::size_t at, Function function) const {
    if (!may_repeat_) return;
    for (std::size_t i = at + 1; i < headers_.size(); ++i) {
      if (headers_[i].name == headers_[at].name) function(headers_[i].value);
    }
  }

  JsonWriter& json_;
  const std::span<const HeaderView> headers_;
  bool complete_;  // nothing was left out
  const bool may_repeat_;
  bool first_ = true;
  std::size_t used_ = 0;  // bytes of names and values, before escaping
};

}  // namespace

void write_headers(std::span<const HeaderView> headers, JsonWriter& json) { HeaderWriter(headers, json).write(); }

void write_omission(JsonWriter& json) noexcept {
  json.raw(R"({\"...\":\")");
  json.marker();
  json.raw(R"(\"})");
}

}  // namespace logs_sdk::inline v1
