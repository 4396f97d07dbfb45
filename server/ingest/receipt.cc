#include "server/ingest/receipt.h"

#include <chrono>
#include <optional>

#include "server/store/timestamp.h"
#include "src/base/uuid7.h"

namespace logs_server {
namespace {

using logs_sdk::Uuid;

// A client's clock is believed within these.
constexpr std::int64_t kMaxPastUs = std::chrono::microseconds(std::chrono::days(30)).count();
constexpr std::int64_t kMaxFutureUs = std::chrono::microseconds(std::chrono::hours(24)).count();

}  // namespace

std::string refusal_of(std::string_view field, const Problem& problem) {
  return std::string("field ").append(field).append(": ").append(problem);
}

std::string refusal_of_silence(std::string_view fields) {
  return std::string("fields ").append(fields).append(": all empty");
}

std::string settle_identity(const Receipt& receipt, std::string& uuid, std::string& project_slug, NewEntry& out) {
  if (project_slug.empty()) project_slug = receipt.project_slug;
  if (project_slug != receipt.project_slug) return refusal_of("project_slug", "not the project of this key");
  const std::optional<Uuid> sent = Uuid::parse(uuid);
  if (uuid.empty() || sent == Uuid{}) {  // the nil UUID says that there is none (RFC 9562 5.9)
    out.uuid = logs_sdk::next_uuid7(logs_sdk::WallTime{std::chrono::microseconds{receipt.received_at_us}});
  } else if (sent) {
    out.uuid = *sent;
  } else {
    return refusal_of("uuid", "a string that is not a UUID");
  }
  char hex[32];
  out.uuid.to_hex(hex);
  uuid.assign(hex, sizeof hex);
  return {};
}

void set_times(const Receipt& receipt, std::string_view timestamp, NewEntry& out) {
  out.timestamp_us = parse_timestamp(timestamp).value_or(0);
  const std::int64_t received = receipt.received_at_us;
  const bool believable = out.timestamp_us >= received - kMaxPastUs && out.timestamp_us <= received + kMaxFutureUs;
  out.ordered_at_us = believable ? out.timestamp_us : received;
}

}  // namespace logs_server
