#include "server/ingest/batch_answer.h"

#include <algorithm>

#include "src/base/uuid7.h"

namespace logs_server {
namespace {

constexpr std::size_t kMaxBatchIdBytes = 64;
constexpr std::string_view kBatchIdCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

}  // namespace

Response batch_answer(std::string_view batch_id, std::span<const AppendVerdict> verdicts,
                      std::span<const RejectedEntry> rejected) {
  const auto accepted = std::count(verdicts.begin(), verdicts.end(), AppendVerdict::kStored);
  const auto duplicate = std::count(verdicts.begin(), verdicts.end(), AppendVerdict::kDuplicate);
  std::string json = "{\"batch_id\":" + json_quote(batch_id);
  json += ",\"accepted\":" + std::to_string(accepted);
  json += ",\"duplicate\":" + std::to_string(duplicate);
  json += ",\"rejected\":[";
  for (const RejectedEntry& entry : rejected) {
    if (json.back() != '[') json += ',';
    json += "{\"index\":" + std::to_string(entry.index);
    json += ",\"uuid\":" + json_quote(entry.uuid);
    json += ",\"reason\":" + json_quote(entry.reason) + "}";
  }
  json += "]}";
  return json_response(200, std::move(json));
}

std::string batch_id_of(std::optional<std::string_view> header) {
  if (header && !header->empty() && header->size() <= kMaxBatchIdBytes &&
      header->find_first_not_of(kBatchIdCharacters) == std::string_view::npos) {
    return std::string(*header);
  }
  char hex[32];
  logs_sdk::next_uuid7(logs_sdk::system_clock().wall()).to_hex(hex);
  return std::string(hex, sizeof hex);
}

}  // namespace logs_server
