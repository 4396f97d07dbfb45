#include "server/http/request.h"

#include <algorithm>

namespace logs_server {
namespace {

std::optional<std::string_view> first_of(const std::vector<std::pair<std::string, std::string>>& pairs,
                                         std::string_view name) {
  const auto found = std::find_if(pairs.begin(), pairs.end(), [name](const auto& pair) { return pair.first == name; });
  if (found == pairs.end()) return std::nullopt;
  return found->second;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

// The end of a header that is a list, over all of its lines: what the nearest proxy has written. What a client sent
// stands before it; that is why quotation marks are not followed: one of his would reach beyond his own element.
std::string_view last_element(const Headers& headers, std::string_view name) {
  const auto last =
      std::find_if(headers.rbegin(), headers.rend(), [name](const auto& pair) { return pair.first == name; });
  if (last == headers.rend()) return {};
  const std::string_view list = last->second;
  return trimmed(list.substr(list.rfind(',') + 1));  // npos + 1 is the begin
}

// "https" of `for=192.0.2.1;proto="https"`; empty when the element does not say.
std::string_view forwarded_proto(std::string_view element) {
  while (!element.empty()) {
    const std::size_t end = std::min(element.find(';'), element.size());
    const std::string_view pair = element.substr(0, end);
    element.remove_prefix(std::min(end + 1, element.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(pair.substr(0, equals)), "proto")) continue;
    std::string_view value = trimmed(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const { return first_of(headers, name); }

std::optional<std::string_view> Request::query_value(std::string_view name) const { return first_of(query, name); }

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const auto& [header_name, value] : headers) {
    if (header_name != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::nullopt;
}

bool Request::came_by_https() const {
  if (!from_proxy) return false;
  const bool plain_header = header("x-forwarded-proto").has_value();
  const std::string_view proto =
      plain_header ? last_element(headers, "x-forwarded-proto") : forwarded_proto(last_element(headers, "forwarded"));
  return equal_ignoring_case(proto, "https");
}

}  // namespace logs_server
