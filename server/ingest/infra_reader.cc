#include "server/ingest/infra_reader.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "server/store/timestamp.h"
#include "src/entry/byte_buffer.h"
#include "src/entry/json_writer.h"
#include "src/entry/tag_json.h"
#include "src/masking/entry_masker.h"

namespace logs_server {
namespace {

using logs_sdk::FieldKind;
using logs_sdk::InfraField;
using logs_sdk::InfraLogEntry;

using InfraMember = std::variant<std::string InfraLogEntry::*, bool InfraLogEntry::*>;

// Indexed by InfraField.
constexpr std::array<InfraMember, logs_sdk::kInfraFieldCount> kMembers = {
    &InfraLogEntry::uuid,        &InfraLogEntry::timestamp,        &InfraLogEntry::project_slug,
    &InfraLogEntry::source_type, &InfraLogEntry::source_name,      &InfraLogEntry::host,
    &InfraLogEntry::level,       &InfraLogEntry::message,          &InfraLogEntry::metadata,
    &InfraLogEntry::trace_id,    &InfraLogEntry::related_api_uuid, &InfraLogEntry::is_error,
    &InfraLogEntry::error_detail};

// A level by any of its usual names; a word that is none stays as it was sent.
std::string level_of(std::string sent) {
  std::string level = sent;
  std::transform(level.begin(), level.end(), level.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (level == "warning") return "warn";
  if (level.empty()) return InfraLogEntry().level;
  return logs_sdk::is_infra_level(level) ? level : sent;
}

bool says_nothing(const InfraLogEntry& entry) {
  return entry.message.empty() && entry.error_detail.empty() && entry.timestamp.empty();
}

}  // namespace

InfraReader::InfraReader(Receipt receipt, const logs_sdk::Masker& masker)
    : receipt_(std::move(receipt)), masker_(masker), encoder_(kWidestLimits, {}, {}) {}

std::optional<std::size_t> InfraReader::find(std::string_view name) const {
  const std::optional<InfraField> field = logs_sdk::find_infra_field(name);
  if (!field) return std::nullopt;
  return static_cast<std::size_t>(*field);
}

bool InfraReader::read(const RawEntry& raw, NewEntry& out) {
  out = NewEntry{};
  out.kind = EntryKind::kInfra;
  out.project_slug = receipt_.project_slug;
  out.received_at_us = receipt_.received_at_us;
  InfraLogEntry entry;
  if (!read_fields(raw, entry)) return false;
  reason_ = settle_identity(receipt_, entry.uuid, entry.project_slug, out);
  if (reason_.empty() && says_nothing(entry)) reason_ = refusal_of_silence("message, error_detail and timestamp");
  if (!reason_.empty()) return false;
  if (entry.timestamp.empty()) entry.timestamp = format_timestamp(receipt_.received_at_us);
  set_times(receipt_, entry.timestamp, out);
  entry.level = level_of(std::move(entry.level));
  if (raw[InfraField::kIsError].empty()) entry.is_error = entry.level == "error" || entry.level == "fatal";
  Tags tags;
  for (const auto& [name, token] : raw.unknown) read_tag_value("extra." + name, token, tags);
  was_masked_ = false;
  if (receipt_.mask) {
    was_masked_ = logs_sdk::mask_entry(masker_, entry, receipt_.cut_texts);
    was_masked_ |= logs_sdk::mask_tags(masker_, tags, receipt_.cut_texts);
  }
  out.document = document(entry, tags);
  out.is_error = entry.is_error;
  out.trace_id = limited(std::move(entry.trace_id));
  return true;
}

bool InfraReader::read_fields(const RawEntry& raw, InfraLogEntry& entry) {
  for (std::size_t i = 0; i < kMembers.size(); ++i) {
    const std::string_view token = raw.values[i];
    if (token.empty()) continue;
    Problem problem;
    if (const auto* truth = std::get_if<bool InfraLogEntry::*>(&kMembers[i])) {
      problem = read_boolean(token, entry.**truth);
    } else {
      std::string& text = entry.*std::get<std::string InfraLogEntry::*>(kMembers[i]);
      const bool is_json = logs_sdk::kInfraFieldTable[i].kind == FieldKind::kJsonText;
      problem = is_json ? read_json_text(token, text) : read_string(token, text);
    }
    if (problem.empty()) continue;
    reason_ = refusal_of(logs_sdk::kInfraFieldTable[i].name, problem);
    return false;
  }
  return true;
}

// The encoder writes the 13 fields; what the store adds stands behind the uuid and at the end.
std::string InfraReader::document(const InfraLogEntry& entry, const Tags& tags) const {
  logs_sdk::ByteBuffer fields, extra;
  encoder_.encode(entry, fields);
  std::vector<logs_sdk::TagView> views;
  for (const auto& [name, value] : tags) views.push_back(logs_sdk::tag_view(name, value));
  logs_sdk::JsonWriter json(extra);
  logs_sdk::write_tags(views, json);
  json.finish();

  constexpr std::size_t kHeadBytes = std::string_view(R"({"uuid":"")").size() + 32;
  std::string document(fields.view().substr(0, kHeadBytes));
  document += R"(,"uid":0,"kind":"infra")";
  document += fields.view().substr(kHeadBytes, fields.view().size() - kHeadBytes - 1);
  return document.append(R"(,"tags":)").append(extra.view()).append("}");
}

}  // namespace logs_server
