// Any text as a query: it is refused at a place within it, or parsed; printing and parsing again gives the same tree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "server/query/query.h"
#include "server/query/query_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = logs_server::parse_query_text(text);
  if (const auto* error = std::get_if<logs_server::QueryError>(&parsed)) {
    if (error->position > size || error->message.empty()) std::abort();
    return 0;
  }
  const auto& query = std::get<logs_server::Query>(parsed);
  const std::string printed = print(query);
  if (printed.size() > logs_server::kMaxQueryBytes) return 0;  // quoting may make it longer than what may be asked
  const auto again = logs_server::parse_query_text(printed);
  if (!std::holds_alternative<logs_server::Query>(again) || !(std::get<logs_server::Query>(again) == query))
    std::abort();
  return 0;
}
