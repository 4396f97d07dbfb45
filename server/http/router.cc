#include "server/http/router.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "server/http/url.h"

namespace logs_server {
namespace {

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t begin = 1;  // after the leading '/'
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

bool is_placeholder(std::string_view segment) { return segment.starts_with('{'); }

// The values of the placeholders when the path fits the pattern.
std::optional<std::vector<std::string>> fit(const std::vector<std::string>& pattern,
                                            const std::vector<std::string_view>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_placeholder(pattern[i])) {
      if (pattern[i] != path[i]) return std::nullopt;
      continue;
    }
    std::optional<std::string> value = percent_decode(path[i]);
    if (!value || value->empty()) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

bool serves(const Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

}  // namespace

void Router::add(Route route, Handler handler) {
  route.handler = std::move(handler);
  insert(std::move(route));
}

void Router::add_async(Route route, AsyncHandler handler) {
  route.async_handler = std::move(handler);
  insert(std::move(route));
}

void Router::insert(Route route) {
  assert(route.pattern.starts_with('/'));
  Entry entry;
  for (const std::string_view segment : split_path(route.pattern)) entry.segments.emplace_back(segment);
  entry.route = std::move(route);
  // Literal before placeholder, at the first segment that differs: the first that fits is then the most specific.
  const auto more_specific = [](const Entry& a, const Entry& b) {
    const std::size_t common = std::min(a.segments.size(), b.segments.size());
    for (std::size_t i = 0; i < common; ++i) {
      const bool a_open = is_placeholder(a.segments[i]);
      const bool b_open = is_placeholder(b.segments[i]);
      if (a_open != b_open) return b_open;
    }
    return false;
  };
  entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry, more_specific), std::move(entry));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const std::vector<std::string_view> segments = split_path(path);
  const std::vector<std::string>* first_pattern = nullptr;
  for (const Entry& entry : entries_) {
    // Methods of one path stand together under one pattern; a less specific pattern must not answer in its place.
    if (first_pattern != nullptr && *first_pattern != entry.segments) continue;
    std::optional<std::vector<std::string>> values = fit(entry.segments, segments);
    if (!values) continue;
    if (serves(entry.route, method)) {
      match.route = &entry.route;
      match.path_values = std::move(*values);
      match.allowed.clear();
      return match;
    }
    first_pattern = &entry.segments;
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += entry.route.method == "GET" ? "GET, HEAD" : entry.route.method;
  }
  return match;
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> all;
  for (const Entry& entry : entries_) all.push_back(&entry.route);
  return all;
}

}  // namespace logs_server
