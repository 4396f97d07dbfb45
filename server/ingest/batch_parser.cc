#include "server/ingest/batch_parser.h"

#include <simdjson.h>

#include <utility>

#include "server/ingest/entry_reader.h"
#include "server/ingest/infra_reader.h"
#include "server/ingest/raw_entry.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"

namespace logs_server {
namespace {

namespace ondemand = simdjson::ondemand;
using logs_sdk::FieldInfo;
using logs_sdk::first_json_error;
using logs_sdk::is_json_value;
using logs_sdk::json_type;

// Why a whole batch is refused.
enum class Refusal { kNone, kNotJson, kNotLogs, kLogsTwice, kTooMany };

// The text of a value, checked; none when it is not JSON.
std::optional<std::string_view> token_of(ondemand::value& value) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  std::string_view token;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
    if (object.raw_json().get(token) != simdjson::SUCCESS) return std::nullopt;
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return std::nullopt;
    if (array.raw_json().get(token) != simdjson::SUCCESS) return std::nullopt;
  } else {
    token = value.raw_json_token();
  }
  token = logs_sdk::trim_json_spaces(token);
  if (!is_json_value(token)) return std::nullopt;
  return token;
}

// Notes whether the members of an object come as our encoder writes them.
class LayoutCheck {
 public:
  explicit LayoutCheck(std::size_t field_count) : field_count_(field_count) {}

  // `name` begins behind its quote and ends before the next one.
  void member(std::size_t field, std::string_view name, std::string_view value) {
    const char* const quote = name.data() - 1;
    const bool begins_well = next_field_ == 0 ? quote[-1] == '{' : quote == end_ + 1 && quote[-1] == ',';
    const bool joined = name.data() + name.size() + 2 == value.data();  // `":`
    compact_ = compact_ && field == next_field_ && begins_well && joined;
    if (next_field_ == 0) begin_ = quote - 1;
    next_field_ = field + 1;
    end_ = value.data() + value.size();
  }
  void other_member() { compact_ = false; }
  // Index of the field that comes next in the table.
  std::size_t next_field() const { return next_field_; }

  // The object's text, or nothing.
  std::string_view text() const {
    if (!compact_ || next_field_ != field_count_ || *end_ != '}') return {};
    return {begin_, static_cast<std::size_t>(end_ + 1 - begin_)};
  }

 private:
  const std::size_t field_count_;
  bool compact_ = true;
  std::size_t next_field_ = 0;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;  // of the last value
};

// What stands between the quotes of a member's name in `body`. simdjson tells where it begins, but not how to unescape
// a lone surrogate.
std::string_view name_in(std::string_view body, ondemand::field& field) {
  logs_sdk::JsonCursor cursor(body);
  cursor.go_to(static_cast<std::size_t>(field.key().raw() - body.data()) - 1);
  return cursor.view(cursor.take_string().inside);
}

// The name unescaped; none when an escape in it is none of JSON.
std::optional<std::string> decoded_name(std::string_view name) {
  std::string text;
  if (!logs_sdk::decode_json_escapes(name, text).valid) return std::nullopt;
  return text;
}

// Reads the members of one posted entry.
class EntryMembers {
 public:
  EntryMembers(std::string_view body, const DocumentReader& reader, RawEntry& raw)
      : body_(body), reader_(reader), fields_(reader.fields()), raw_(raw), layout_(fields_.size()) {}

  // False: not JSON.
  bool read(ondemand::object& object) {
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field) != simdjson::SUCCESS || !read_member(field)) return false;
    }
    raw_.compact_text = layout_.text();
    return true;
  }

 private:
  bool read_member(ondemand::field& field) {
    const std::string_view name = name_in(body_, field);
    std::optional<std::size_t> known = field_of(name);
    const bool plain_name = known.has_value();
    std::optional<std::string> unknown_name;
    if (!plain_name) {
      unknown_name = decoded_name(name);
      if (!unknown_name) return false;
      known = reader_.find(*unknown_name);
    }
    const std::optional<std::string_view> token = token_of(field.value());
    if (!token) return false;
    if (known) {
      raw_.values[*known] = *token;
    } else {
      raw_.unknown.emplace_back(*std::move(unknown_name), *token);
    }
    plain_name ? layout_.member(*known, name, *token) : layout_.other_member();
    return true;
  }

  // First guess: the next of the table.
  std::optional<std::size_t> field_of(std::string_view name) const {
    const std::size_t expected = layout_.next_field();
    if (expected < fields_.size() && fields_[expected].name == name) return expected;
    return reader_.find(name);
  }

  const std::string_view body_;
  const DocumentReader& reader_;
  const std::span<const FieldInfo> fields_;
  RawEntry& raw_;
  LayoutCheck layout_;
};

}  // namespace

class BatchParser::Impl {
 public:
  std::optional<Response> parse(std::string& body, const Receipt& receipt, ParsedBatch& out);

 private:
  Refusal read_document(const std::string& body, DocumentReader& reader, ParsedBatch& out);
  Refusal read_logs(std::string_view body, ondemand::array& logs, DocumentReader& reader, ParsedBatch& out);
  Refusal read_entry(std::string_view body, ondemand::value& value, std::size_t index, DocumentReader& reader,
                     ParsedBatch& out);

  std::unique_ptr<DocumentReader> make_reader(const Receipt& receipt) const;

  const logs_sdk::Masker masker_{{}, {}};
  ondemand::parser parser_;
};

std::unique_ptr<DocumentReader> BatchParser::Impl::make_reader(const Receipt& receipt) const {
  if (receipt.kind == EntryKind::kInfra) return std::make_unique<InfraReader>(receipt, masker_);
  return std::make_unique<EntryReader>(receipt, masker_);
}

std::optional<Response> BatchParser::Impl::parse(std::string& body, const Receipt& receipt, ParsedBatch& out) {
  out = ParsedBatch{};
  const std::unique_ptr<DocumentReader> reader = make_reader(receipt);
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  switch (read_document(body, *reader, out)) {
    case Refusal::kNone:
      return std::nullopt;
    case Refusal::kTooMany:
      return error_response(413, "the batch has more than " + std::to_string(kMaxBatchEntries) + " entries");
    case Refusal::kNotLogs:
      return error_response(400, R"(the body is not an object with an array named "logs")");
    case Refusal::kLogsTwice:
      return error_response(400, R"(the body names "logs" twice)");
    case Refusal::kNotJson:
      break;
  }
  // Only now is the offset worth a second, slower pass.
  const std::size_t offset = first_json_error(body).value_or(body.size());
  return json_response(400, "{\"error\":\"the body is not JSON at offset " + std::to_string(offset) +
                                "\",\"offset\":" + std::to_string(offset) + "}");
}

Refusal BatchParser::Impl::read_document(const std::string& body, DocumentReader& reader, ParsedBatch& out) {
  ondemand::document document;
  const simdjson::padded_string_view padded(body.data(), body.size(), body.capacity());
  if (parser_.iterate(padded).get(document) != simdjson::SUCCESS) return Refusal::kNotJson;
  ondemand::json_type type{};
  if (document.type().get(type) != simdjson::SUCCESS) return Refusal::kNotJson;
  ondemand::object root;
  if (type != ondemand::json_type::object || document.get_object().get(root) != simdjson::SUCCESS) {
    return first_json_error(body) ? Refusal::kNotJson : Refusal::kNotLogs;
  }
  bool named = false, found = false;
  for (auto member : root) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return Refusal::kNotJson;
    const std::optional<std::string> name = decoded_name(name_in(body, field));
    ondemand::json_type kind{};
    if (!name) return Refusal::kNotJson;
    if (field.value().type().get(kind) != simdjson::SUCCESS) return Refusal::kNotJson;
    const bool is_logs = *name == "logs";
    // Whichever we took, the client may have meant the other.
    if (is_logs && std::exchange(named, true)) return Refusal::kLogsTwice;
    if (!is_logs || kind != ondemand::json_type::array) {
      if (!token_of(field.value())) return Refusal::kNotJson;
      continue;
    }
    found = true;
    ondemand::array logs;
    if (field.value().get_array().get(logs) != simdjson::SUCCESS) return Refusal::kNotJson;
    if (const Refusal refusal = read_logs(body, logs, reader, out); refusal != Refusal::kNone) return refusal;
  }
  // After the end there is nothing to stand at.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return Refusal::kNotJson;
  return found ? Refusal::kNone : Refusal::kNotLogs;
}

Refusal BatchParser::Impl::read_logs(std::string_view body, ondemand::array& logs, DocumentReader& reader,
                                     ParsedBatch& out) {
  std::size_t index = 0;
  for (auto element : logs) {
    ondemand::value value;
    if (std::move(element).get(value) != simdjson::SUCCESS) return Refusal::kNotJson;
    if (index == kMaxBatchEntries) return Refusal::kTooMany;
    if (const Refusal refusal = read_entry(body, value, index, reader, out); refusal != Refusal::kNone) return refusal;
    ++index;
  }
  return Refusal::kNone;
}

Refusal BatchParser::Impl::read_entry(std::string_view body, ondemand::value& value, std::size_t index,
                                      DocumentReader& reader, ParsedBatch& out) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return Refusal::kNotJson;
  if (type != ondemand::json_type::object) {
    const std::optional<std::string_view> token = token_of(value);
    if (!token) return Refusal::kNotJson;
    const std::string found(json_type_name(json_type(*token)));
    out.rejected.push_back({.index = index, .uuid = {}, .reason = found + " where an entry is expected"});
    return Refusal::kNone;
  }
  ondemand::object object;
  RawEntry raw;
  if (value.get_object().get(object) != simdjson::SUCCESS || !EntryMembers(body, reader, raw).read(object)) {
    return Refusal::kNotJson;
  }
  NewEntry entry;
  if (reader.read(raw, entry)) {
    out.entries.push_back(std::move(entry));
    if (reader.masked()) ++out.masked;
  } else {
    out.rejected.push_back({.index = index, .uuid = sent_uuid(raw), .reason = reader.reason()});
  }
  return Refusal::kNone;
}

BatchParser::BatchParser() : impl_(std::make_unique<Impl>()) {}
BatchParser::~BatchParser() = default;

std::optional<Response> BatchParser::parse(std::string& body, const Receipt& receipt, ParsedBatch& out) {
  return impl_->parse(body, receipt, out);
}

}  // namespace logs_server
