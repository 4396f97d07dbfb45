#include "server/ingest/document_reader.h"

#include "src/base/uuid7.h"
#include "src/json/json_text.h"
#include "src/json/utf8.h"

namespace logs_server {

std::string sent_uuid(const RawEntry& raw) {
  const std::string_view token = raw.values.front();
  if (logs_sdk::json_type(token) != logs_sdk::JsonType::kString) return {};
  const std::optional<logs_sdk::Uuid> uuid = logs_sdk::Uuid::parse(logs_sdk::json_string_value(token));
  if (!uuid) return {};
  char hex[32];
  uuid->to_hex(hex);
  return std::string(hex, sizeof hex);
}

std::string limited(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  text.resize(logs_sdk::utf8_boundary(text, limit));
  return text.append(logs_sdk::kTruncated);
}

}  // namespace logs_server
