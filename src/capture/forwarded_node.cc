#include "src/capture/forwarded_node.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "src/base/ascii.h"

namespace logs_sdk::inline v1 {
namespace {

using Kind = ForwardedNode::Kind;

// Longer than any address with zone and port; an obfuscated name that is longer and has escapes counts as malformed.
constexpr std::size_t kMaxUnescapedBytes = 128;
constexpr std::size_t kMaxPortDigits = 5;

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return to_lower(a) == b; });
}

// "_" and what may follow it: an obfuscated node or port (RFC 7239, 6.3).
bool is_obfuscated(std::string_view text) noexcept {
  return text.size() > 1 && text.front() == '_' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_key_character(c) || c == '.'; });
}

bool is_port(std::string_view text) noexcept {
  if (is_obfuscated(text)) return true;
  return !text.empty() && text.size() <= kMaxPortDigits && std::all_of(text.begin(), text.end(), is_digit);
}

ForwardedNode named(std::string_view name) noexcept {
  if (const auto address = IpAddress::parse(name)) return {Kind::kAddress, *address};
  return {equals_ignoring_case(name, "unknown") || is_obfuscated(name) ? Kind::kObfuscated : Kind::kMalformed};
}

ForwardedNode in_brackets(std::string_view text) noexcept {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return {};
  const std::string_view inside = text.substr(1, close - 1), rest = text.substr(close + 1);
  const bool complete = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  return complete && inside.find(':') != std::string_view::npos ? named(inside) : ForwardedNode();
}

// Reads the pairs of an element from left to right.
class Pairs {
 public:
  explicit Pairs(std::string_view element) noexcept : rest_(element) {}

  std::string_view name, value;  // of the last pair; the value without its quotes, still escaped

  // False at the end, and where the rest is no pair.
  bool next() noexcept {
    do skip_blanks();
    while (take(';'));
    name = take_while([](char c) { return c != '=' && c != ';' && c != '"' && !is_blank(c); });
    if (name.empty() || !take('=')) return false;
    if (take('"')) return quoted();
    value = take_while([](char c) { return c != ';' && c != '"' && !is_blank(c); });
    return !value.empty() && ended();
  }
  bool at_end() const noexcept { return well_formed_ && rest_.empty() && name.empty(); }

 private:
  bool quoted() noexcept {
    std::size_t size = 0;
    while (size < rest_.size() && rest_[size] != '"') size += rest_[size] == '\\' ? 2u : 1u;
    if (size >= rest_.size()) return well_formed_ = false;
    value = rest_.substr(0, size);
    rest_.remove_prefix(size + 1);
    return ended();
  }
  bool ended() noexcept {
    skip_blanks();
    return well_formed_ = rest_.empty() || rest_.front() == ';';
  }
  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  template <typename Belongs>
  std::string_view take_while(Belongs belongs) noexcept {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  void skip_blanks() noexcept { take_while(is_blank); }

  std::string_view rest_;
  bool well_formed_ = true;
};

ForwardedNode parse_escaped_node(std::string_view text) noexcept {
  if (text.find('\\') == std::string_view::npos) return parse_node(text);
  char plain[kMaxUnescapedBytes];
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;  // a quoted string does not end with one
    if (size == sizeof plain) return {};
    plain[size++] = text[i];
  }
  return parse_node({plain, size});
}

}  // namespace

ForwardedNode parse_node(std::string_view text) noexcept {
  if (text == "unix" || text.starts_with("unix:")) return {Kind::kUnixSocket};
  if (text.starts_with('[')) return in_brackets(text);
  const std::size_t colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  if (!one_colon) return named(text);
  return is_port(text.substr(colon + 1)) ? named(text.substr(0, colon)) : ForwardedNode();
}

ForwardedNode parse_forwarded_element(std::string_view element) noexcept {
  std::optional<ForwardedNode> node;
  Pairs pairs(element);
  while (pairs.next()) {
    if (!equals_ignoring_case(pairs.name, "for")) continue;
    if (node) return {};  // each parameter at most once
    node = parse_escaped_node(pairs.value);
  }
  if (!pairs.at_end()) return {};
  return node.value_or(ForwardedNode{Kind::kObfuscated});
}

}  // namespace logs_sdk::inline v1
