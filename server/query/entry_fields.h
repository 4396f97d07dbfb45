// EntryFields: the values of one entry, read as late and as little as a query needs them.
//
// Columns cost nothing, the document is unpacked when its text is asked for, and parsed when a field is that only it
// has. One thread at a time; one object serves entry after entry and keeps its memory.
#ifndef LOGS_SERVER_QUERY_ENTRY_FIELDS_H_
#define LOGS_SERVER_QUERY_ENTRY_FIELDS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "server/query/query_field.h"
#include "server/store/store.h"

namespace logs_server {

using FieldValue = std::variant<std::string_view, std::int64_t, bool>;

class EntryFields {
 public:
  EntryFields();
  ~EntryFields();
  EntryFields(const EntryFields&) = delete;
  EntryFields& operator=(const EntryFields&) = delete;

  // Goes on to another entry, which must live until the next call. Views that were handed out become invalid.
  void load(const ScannedEntry& entry);

  // Of object fields the JSON text. None: entries of this kind do not have the field. One that the document should have
  // and has not reads as its type's zero.
  std::optional<FieldValue> value(FieldId field);
  // The text of a member of a field that is a JSON object: strings as they are, all else as JSON. None: no such member.
  // Valid until the next call of member().
  std::optional<std::string_view> member(FieldId field, std::string_view name);

  // The document as it stands, folded: holds every text that text() holds, unless JSON escapes something in it.
  std::string_view folded_document();
  // The text of all values, folded: strings, numbers as digits, the values of tags; not uid, kind, true and false.
  // Between two values stands a byte that UTF-8 never has.
  std::string_view folded_text();

  // Whether a value is in the columns, that is, free.
  static bool is_column(FieldId field);

 private:
  struct Json;

  std::optional<FieldValue> column(FieldId field);
  void parse();
  EntryKind kind() const { return entry_->columns().kind; }
  void append_tags(std::string& to);

  const ScannedEntry* entry_ = nullptr;
  std::array<FieldValue, kQueryFieldCount> values_;
  std::array<char, 32> uuid_digits_{};
  std::string folded_document_, folded_text_;
  bool parsed_ = false, has_folded_document_ = false, has_folded_text_ = false;
  std::unique_ptr<Json> json_;  // simdjson's headers stay out of this one
};

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_ENTRY_FIELDS_H_
