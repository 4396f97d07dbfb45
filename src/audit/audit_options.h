// What an audit is asked for: the same in every command that has one.
#ifndef LOGS_SDK_AUDIT_AUDIT_OPTIONS_H_
#define LOGS_SDK_AUDIT_AUDIT_OPTIONS_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logs_sdk::inline v1 {

struct AuditOptions {
  // As in the configuration of the library.
  std::vector<std::string> mask_extra = {}, mask_allow = {};
  std::string since = {};  // an age that parse_age() reads; empty: everything
  bool json = false;
};

// "90s", "15m", "24h", "7d"; at most a hundred years. None: nothing of that.
std::optional<std::chrono::seconds> parse_age(std::string_view text);

// For the parser of a command line: empty, or what is expected instead.
std::string check_age(const std::string& text);

// The microseconds of Unix time at which the audit begins; none: with the oldest entry.
std::optional<std::int64_t> begin_of(const AuditOptions& options, std::chrono::system_clock::time_point now);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_AUDIT_AUDIT_OPTIONS_H_
