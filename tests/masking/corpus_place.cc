#include "tests/masking/corpus_place.h"

#include <algorithm>
#include <cstddef>

namespace logs_sdk {
namespace {

using Json = nlohmann::json;
using Where = MaskingCase::Where;

// docs/configuration.md has them all.
constexpr std::size_t kShort = 512, kTag = 1024, kLong = 4096;

std::string lower(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

// Those of `places` in which a text of that size stays whole.
Places fitting(const Places& places, std::size_t bytes) {
  Places fit;
  for (const std::string& place : places) {
    const bool is_short = place == "user_id" || place == "request_id" || place == "panic_location" || place == "origin";
    const bool is_free = place.ends_with("_body") || place == "error_stack" || place == "message" ||
                         place == "error_detail" || place.starts_with("metadata");
    const std::size_t limit = is_short ? kShort : place.starts_with("tags/") ? kTag : is_free ? SIZE_MAX : kLong;
    const bool is_filled_in = bytes == 0 && place == "request_id";
    if (bytes <= limit && !is_filled_in) fit.push_back(place);
  }
  return fit;
}

}  // namespace

Places places_in_exchange(const MaskingCase& of, const std::string& text) {
  const std::size_t bytes = text.size();
  switch (of.where) {
    case Where::kBody:
      return fitting({"request_body", "response_body"}, bytes);
    case Where::kHeader:
      return fitting({"request_headers/" + lower(of.of), "response_headers/" + lower(of.of)}, bytes);
    case Where::kTag:
      return fitting({"tags/" + of.of}, bytes);
    case Where::kUrl:
      return fitting({"referer", "request_headers/referer", "response_headers/location"}, bytes);
    case Where::kQuery:
      return fitting({"query_string"}, bytes);
    case Where::kText:
      return fitting({"error_message", "error_stack", "panic_location", "user_id", "tags/note"}, bytes);
  }
  return {};
}

Places places_in_entry(const MaskingCase& of, const std::string& text) {
  const std::size_t bytes = text.size();
  switch (of.where) {
    case Where::kUrl:
      return fitting({"full_url", "path", "referer", "origin"}, bytes);
    case Where::kText:
      return fitting({"error_message", "error_stack", "panic_location", "user_id", "request_id", "tags/note"}, bytes);
    default:
      return places_in_exchange(of, text);
  }
}

Places places_in_infra(const MaskingCase& of, const std::string& text) {
  if (of.where == Where::kText) return fitting({"message", "error_detail", "metadata/note"}, text.size());
  if (of.where == Where::kTag) return fitting({"metadata/" + of.of}, text.size());
  return {};
}

void play(const MaskingCase& of, Exchange& exchange) {
  const std::string& text = of.input;
  exchange.peer("127.0.0.1", 1);
  if (of.where == Where::kQuery) {
    exchange.request_line_decoded("POST", "/", text, "HTTP/1.1");
  } else {
    exchange.request_line("POST", "/", "HTTP/1.1");
  }
  exchange.status(200);
  switch (of.where) {
    case Where::kBody:
      if (!of.of.empty()) exchange.request_header("Content-Type", of.of);
      if (!of.of.empty()) exchange.response_header("Content-Type", of.of);
      exchange.request_body(text);
      exchange.response_body(text);
      if (!of.cut) break;
      exchange.request_body_size(text.size() + 1, BodyKind::kBuffered);
      exchange.response_body_size(text.size() + 1, BodyKind::kBuffered);
      break;
    case Where::kHeader:
      exchange.request_header(of.of, text);
      exchange.response_header(of.of, text);
      break;
    case Where::kTag:
      exchange.add_tag(of.of, text);
      break;
    case Where::kUrl:
      exchange.request_header("Referer", text);
      exchange.response_header("Location", text);
      break;
    case Where::kQuery:
      break;
    case Where::kText:
      exchange.exception("", text, text, text);
      exchange.set_user(text);
      exchange.add_tag("note", text);
      break;
  }
}

LogEntry entry_with(const MaskingCase& of, const std::string& text) {
  LogEntry entry;
  const auto header = [](const std::string& name, const std::string& value) {
    return Json{{name, value}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  switch (of.where) {
    case Where::kBody:
      entry.content_type = of.of;
      if (!of.of.empty()) entry.response_headers = header("Content-Type", of.of);
      entry.request_body = entry.response_body = text;
      break;
    case Where::kHeader:
      entry.request_headers = entry.response_headers = header(lower(of.of), text);
      break;
    case Where::kTag:
      entry.tags[of.of] = text;
      break;
    case Where::kUrl:
      entry.full_url = entry.path = entry.referer = entry.origin = text;
      break;
    case Where::kQuery:
      entry.query_string = text;
      break;
    case Where::kText:
      entry.error_message = entry.error_stack = entry.panic_location = entry.user_id = entry.request_id = text;
      entry.tags["note"] = text;
      break;
  }
  return entry;
}

InfraLogEntry infra_with(const MaskingCase& of, const std::string& text) {
  InfraLogEntry entry;
  entry.source_type = "test";
  if (of.where == Where::kText) entry.message = entry.error_detail = text;
  const std::string name = of.where == Where::kText ? "note" : of.of;
  entry.metadata = Json{{name, text}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  return entry;
}

// An entry that says nothing but what its case is about would be rejected without a time.
constexpr std::string_view kSentAt = "2026-01-31T08:09:10.000000Z";

Json posted(const LogEntry& entry) {
  Json json = {{"uuid", entry.uuid},
               {"timestamp", kSentAt},
               {"project_slug", entry.project_slug},
               {"content_type", entry.content_type},
               {"request_headers", entry.request_headers},
               {"response_headers", entry.response_headers},
               {"request_body", entry.request_body},
               {"response_body", entry.response_body},
               {"full_url", entry.full_url},
               {"path", entry.path},
               {"referer", entry.referer},
               {"origin", entry.origin},
               {"query_string", entry.query_string},
               {"error_message", entry.error_message},
               {"error_stack", entry.error_stack},
               {"panic_location", entry.panic_location},
               {"user_id", entry.user_id},
               {"request_id", entry.request_id},
               {"tags", Json::object()}};
  for (const auto& [name, value] : entry.tags) json["tags"][name] = std::get<std::string>(value);
  return json;
}

Json posted(const InfraLogEntry& entry) {
  return {{"uuid", entry.uuid},
          {"timestamp", kSentAt},
          {"source_type", entry.source_type},
          {"message", entry.message},
          {"error_detail", entry.error_detail},
          {"metadata", entry.metadata}};
}

std::optional<std::string> shown(const Json& entry, const std::string& place) {
  const std::size_t slash = place.find('/');
  const auto field = entry.find(place.substr(0, slash));
  if (field == entry.end()) return std::nullopt;
  if (slash == std::string::npos) return field->get<std::string>();
  const Json object = field->is_string() ? Json::parse(field->get<std::string>()) : *field;
  const auto member = object.find(place.substr(slash + 1));
  if (member == object.end()) return std::nullopt;
  const Json& value = member->is_array() ? member->front() : *member;
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace logs_sdk
