#include "src/capture/request_target.h"

#include <algorithm>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

bool is_path_character(char c) noexcept {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

std::string_view without_user_info(std::string_view authority) noexcept {
  const std::size_t sign = authority.rfind('@');
  return sign == std::string_view::npos ? authority : authority.substr(sign + 1);
}

// Of a version that is a date and a time; what is longer may be the number of a card.
constexpr std::size_t kMaxVersionDigits = 12;

// "v<digits>" at the beginning of `text`, followed by '/' or the end; else empty.
std::string_view version_segment(std::string_view text) noexcept {
  const std::string_view segment = text.substr(0, text.find('/'));
  if (segment.size() < 2 || segment.size() > 1 + kMaxVersionDigits || segment[0] != 'v') return {};
  const bool digits = segment.find_first_not_of("0123456789", 1) == std::string_view::npos;
  return digits ? segment : std::string_view();
}

}  // namespace

RequestTarget parse_target(std::string_view method, std::string_view target) noexcept {
  RequestTarget parts;
  if (method == "CONNECT" || target == "*") {
    parts.is_path = false;
    parts.path = method == "CONNECT" ? without_user_info(target) : target;
    if (method == "CONNECT") parts.authority = parts.path;
    return parts;
  }
  std::string_view rest = target;
  const std::size_t colon = target.find("://");
  if (!target.starts_with('/') && colon != std::string_view::npos && target.find_first_of("/?") == colon + 1) {
    parts.scheme = target.substr(0, colon);
    rest = target.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    parts.authority = without_user_info(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  const std::size_t mark = rest.find('?');
  parts.path = rest.substr(0, mark);
  if (mark != std::string_view::npos) parts.query = rest.substr(mark + 1);
  if (parts.path.empty() && !parts.scheme.empty()) parts.path = "/";
  return parts;
}

void encode_path(std::string_view path, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : path) {
    if (is_path_character(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', kHex[byte >> 4], kHex[byte & 0xF]});
  }
}

std::string_view api_version(std::string_view path) noexcept {
  constexpr std::string_view kApi = "/api/";
  if (const std::size_t api = path.find(kApi); api != std::string_view::npos) {
    const std::string_view version = version_segment(path.substr(api + kApi.size()));
    if (!version.empty()) return version;
  }
  return path.starts_with('/') ? version_segment(path.substr(1)) : std::string_view();
}

}  // namespace logs_sdk::inline v1
