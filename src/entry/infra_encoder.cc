#include "src/entry/infra_encoder.h"

#include <string_view>
#include <utility>

#include "src/entry/field_writer.h"
#include "src/entry/infra_field_table.h"
#include "src/entry/json_writer.h"
#include "src/json/json_checker.h"

namespace logs_sdk::inline v1 {
namespace {

void put_metadata(JsonWriter& json, std::string_view metadata) {
  if (metadata.empty() || is_json_object(metadata)) return put_json_text<InfraField::kMetadata>(json, metadata);
  json.raw(kPrefix<InfraField::kMetadata>);
  json.raw(R"({\"text\":\")");
  json.text<Escape::kTwice>(metadata, limit_of(info(InfraField::kMetadata)));
  json.raw(R"(\"}")");
}

}  // namespace

InfraEncoder::InfraEncoder(const EntryLimits& limits, std::string project_slug, std::string host)
    : limits_(limits), project_slug_(std::move(project_slug)), host_(std::move(host)) {}

void InfraEncoder::encode(const InfraLogEntry& entry, ByteBuffer& out) const {
  out.clear();
  JsonWriter json(out);
  put<InfraField::kUuid>(json, entry.uuid);
  put<InfraField::kTimestamp>(json, entry.timestamp);
  put<InfraField::kProjectSlug>(json, entry.project_slug.empty() ? project_slug_ : entry.project_slug);
  put<InfraField::kSourceType>(json, entry.source_type);
  put<InfraField::kSourceName>(json, entry.source_name);
  put<InfraField::kHost>(json, entry.host.empty() ? host_ : entry.host);
  put<InfraField::kLevel>(json, entry.level);
  put<InfraField::kMessage>(json, entry.message, limits_.max_body_bytes);
  put_metadata(json, entry.metadata);
  put<InfraField::kTraceId>(json, entry.trace_id);
  put<InfraField::kRelatedApiUuid>(json, entry.related_api_uuid);
  put_boolean<InfraField::kIsError>(json, entry.is_error);
  put<InfraField::kErrorDetail>(json, entry.error_detail, limits_.max_stack_bytes);
  json.raw("}");
  json.finish();
}

}  // namespace logs_sdk::inline v1
