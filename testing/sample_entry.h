// Whole entries for tests of the store and of what stands on it, made from the few values that matter to a test.
#ifndef LOGS_SDK_TESTING_SAMPLE_ENTRY_H_
#define LOGS_SDK_TESTING_SAMPLE_ENTRY_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "server/store/stored_entry.h"
#include "src/entry/field_table.h"

namespace logs_server {

// A version 7 with this time; `number` tells entries of one millisecond apart.
inline logs_sdk::Uuid sample_uuid(std::int64_t unix_ms, std::uint64_t number) {
  logs_sdk::Uuid uuid;
  for (unsigned i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (40 - 8 * i));
  uuid.bytes[6] = 0x70;
  for (unsigned i = 0; i < 8; ++i) uuid.bytes[8 + i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

inline nlohmann::ordered_json default_value(const logs_sdk::FieldInfo& field) {
  switch (field.kind) {
    case logs_sdk::FieldKind::kInteger:
      return 0;
    case logs_sdk::FieldKind::kBoolean:
      return false;
    case logs_sdk::FieldKind::kObject:
      return nlohmann::ordered_json::object();
    default:
      return field.default_text;
  }
}

// `values`: an object of fields by name; the others get their defaults. The columns follow from the document.
inline NewEntry sample_entry(const logs_sdk::Uuid& uuid, std::int64_t ordered_at_us,
                             const nlohmann::json& values = nlohmann::json::object()) {
  char uuid_digits[32];
  uuid.to_hex(uuid_digits);
  nlohmann::ordered_json document;
  for (const logs_sdk::FieldInfo& field : logs_sdk::kFieldTable) {
    const std::string name(field.name);
    document[name] = values.contains(name) ? nlohmann::ordered_json(values[name]) : default_value(field);
  }
  document["uuid"] = std::string(uuid_digits, sizeof uuid_digits);
  const auto text = [&](const char* name) { return document[name].get<std::string>(); };
  NewEntry entry;
  entry.uuid = uuid;
  entry.timestamp_us = entry.received_at_us = entry.ordered_at_us = ordered_at_us;
  entry.duration_ms = document["duration_ms"].get<std::int64_t>();
  entry.status_code = document["status_code"].get<std::int32_t>();
  entry.is_error = document["is_error"].get<bool>();
  entry.interrupted = text("error_type") == "interrupted";
  entry.project_slug = text("project_slug");
  entry.environment = text("environment");
  entry.service_name = text("service_name");
  entry.method = text("method");
  entry.path = text("path");
  entry.error_type = text("error_type");
  entry.client_ip = text("client_ip");
  entry.trace_id = text("trace_id");
  entry.document = document.dump();
  return entry;
}

}  // namespace logs_server

#endif  // LOGS_SDK_TESTING_SAMPLE_ENTRY_H_
