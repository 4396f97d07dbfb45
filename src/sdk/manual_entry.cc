#include "src/sdk/manual_entry.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "src/base/hex.h"
#include "src/base/rfc3339.h"
#include "src/base/uuid7.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kJson = "application/json";

std::string uuid_text(const Uuid& uuid) {
  char hex[32];
  uuid.to_hex(hex);
  return std::string(hex, sizeof hex);
}

// Masks one field in place by the function of the masker that `mask` names.
template <typename Mask>
void replace(std::string& field, const Mask& mask) {
  std::string masked;
  if (mask(field, masked)) field = std::move(masked);
}

}  // namespace

void fill_empty_fields(LogEntry& entry, WallTime now, Random& random) {
  if (entry.uuid.empty()) entry.uuid = uuid_text(next_uuid7(now));
  if (entry.timestamp.empty()) entry.timestamp = std::string(view(rfc3339(now)));
  if (entry.trace_id.empty()) entry.trace_id = entry.uuid;
  if (entry.span_id.empty()) entry.span_id = to_hex(random.next());
  // The last digits of a uuid are random, the first ones a time that many share.
  if (entry.request_id.empty())
    entry.request_id = entry.uuid.substr(entry.uuid.size() - std::min<std::size_t>(8, entry.uuid.size()));
}

void mask_entry(LogEntry& entry, const Masker& masker) {
  const auto text = [&](std::string_view in, std::string& out) { return masker.mask_text(in, out); };
  const auto url = [&](std::string_view in, std::string& out) { return masker.mask_url(in, out); };
  const auto json = [&](std::string_view in, std::string& out) {
    return masker.mask_body(kJson, in, Extent::kWhole, out);
  };
  for (std::string* field : {&entry.full_url, &entry.path, &entry.referer, &entry.origin}) replace(*field, url);
  replace(entry.query_string, [&](std::string_view in, std::string& out) { return masker.mask_query(in, out); });
  for (std::string* field : {&entry.request_headers, &entry.response_headers}) replace(*field, json);
  replace(entry.request_body, [&](std::string_view in, std::string& out) {
    return masker.mask_body(entry.content_type, in, Extent::kWhole, out);
  });
  replace(entry.response_body, text);
  for (std::string* field : {&entry.user_agent, &entry.error_message, &entry.error_stack, &entry.panic_location}) {
    replace(*field, text);
  }
  for (auto& [name, value] : entry.tags) {
    auto* tag = std::get_if<std::string>(&value);
    if (tag != nullptr) {
      replace(*tag,
              [&, &key = name](std::string_view in, std::string& out) { return masker.mask_value(key, in, out); });
    } else if (masker.is_secret_name(name)) {
      value = std::string(kMasked);  // a number or a boolean under a secret name is one, too
    }
  }
}

}  // namespace logs_sdk::inline v1
