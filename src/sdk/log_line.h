// A message of the application as an entry: what LogSDK::info and its like hand over.
#ifndef LOGS_SDK_SDK_LOG_LINE_H_
#define LOGS_SDK_SDK_LOG_LINE_H_

#include <cstdint>
#include <string_view>

#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"

namespace logs_sdk::inline v1 {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

// Whether debug lines are to be left out: the first word of `environment`, up to one of "-_.:/ ", is "production" or
// "prod" in any case; or it is empty, for who does not say where it runs may be there.
bool is_production(std::string_view environment) noexcept;

// Carries the trace of `within` unless that is inert. Throws std::bad_alloc only.
LogEntry log_line(LogLevel level, std::string_view message, const Tags& tags, Exchange& within);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_LOG_LINE_H_
