#include "src/shipper/accept_encoding.h"

#include <algorithm>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

std::string_view trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

// "q=0", "q=0.0", "q=0.000" (RFC 9110, 12.4.2).
bool is_weight_zero(std::string_view parameter) noexcept {
  if (parameter.size() < 3 || !equals_ignoring_case(parameter.substr(0, 2), "q=")) return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

Encoding offered(std::string_view element) noexcept {
  const std::size_t semicolon = element.find(';');
  if (semicolon != std::string_view::npos && is_weight_zero(trim(element.substr(semicolon + 1)))) {
    return Encoding::kIdentity;
  }
  const std::string_view name = trim(element.substr(0, semicolon));
  if (equals_ignoring_case(name, "zstd")) return Encoding::kZstd;
  if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) return Encoding::kGzip;
  return Encoding::kIdentity;
}

}  // namespace

Encoding best_encoding(std::string_view accept_encoding) noexcept {
  static_assert(Encoding::kIdentity < Encoding::kGzip && Encoding::kGzip < Encoding::kZstd, "in order of preference");
  Encoding best = Encoding::kIdentity;
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    best = std::max(best, offered(accept_encoding.substr(0, comma)));
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size() : comma + 1);
  }
  return best;
}

}  // namespace logs_sdk::inline v1
