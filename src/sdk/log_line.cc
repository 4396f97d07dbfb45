#include "src/sdk/log_line.h"

#include <algorithm>
#include <string>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kWordEnds = "-_.:/ ";

std::string_view name_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      break;
  }
  return "error";
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

}  // namespace

bool is_production(std::string_view environment) noexcept {
  const std::string_view word = environment.substr(0, environment.find_first_of(kWordEnds));
  return environment.empty() || equal_ignoring_case(word, "production") || equal_ignoring_case(word, "prod");
}

LogEntry log_line(LogLevel level, std::string_view message, const Tags& tags, Exchange& within) {
  LogEntry entry;
  entry.method = "MANUAL";
  entry.path.append("/_log/").append(name_of(level));
  entry.origin = "manual";
  entry.client_type = "server";
  entry.request_body = message;
  entry.request_body_size = message.size();
  entry.error_type.append("manual_").append(name_of(level));
  entry.is_error = level == LogLevel::kError;
  entry.trace_id = within.trace_id();
  entry.parent_span_id = within.span_id();
  entry.tags = tags;
  return entry;
}

}  // namespace logs_sdk::inline v1
