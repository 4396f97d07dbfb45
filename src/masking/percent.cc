#include "src/masking/percent.h"

#include "src/base/ascii.h"
#include "src/base/find_any.h"
#include "src/base/hex.h"

namespace logs_sdk::inline v1 {

bool is_encoded(std::string_view text) noexcept { return find_any<'%', '+'>(text) < text.size(); }

void percent_decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
}

void percent_encode(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '*') {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', kHex[byte >> 4], kHex[byte & 0xF]});
  }
}

}  // namespace logs_sdk::inline v1
