// DocumentReader: a posted entry of one kind as the store keeps it, or the reason why it is refused.
//
// Every stored document has the fields of its kind in table order, within their limits, and masked unless the project
// does without. Thread-safety: one thread at a time (a reader keeps its buffers); one per batch is cheap.
#ifndef LOGS_SERVER_INGEST_DOCUMENT_READER_H_
#define LOGS_SERVER_INGEST_DOCUMENT_READER_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/ingest/raw_entry.h"
#include "server/store/stored_entry.h"
#include "src/entry/field_table.h"
#include "src/entry/limits.h"

namespace logs_server {

// The most that a client's configuration can ask for; what is longer was not cut by one of ours.
inline constexpr logs_sdk::EntryLimits kWidestLimits{.max_body_bytes = 65'536, .max_stack_bytes = 65'536};

class DocumentReader {
 public:
  virtual ~DocumentReader() = default;

  // What RawEntry::values are in the order of; the uuid comes first.
  virtual std::span<const logs_sdk::FieldInfo> fields() const = 0;
  virtual std::optional<std::size_t> find(std::string_view name) const = 0;

  // Replaces `out`. False: refused; reason() names field and type, never the value.
  virtual bool read(const RawEntry& raw, NewEntry& out) = 0;
  virtual const std::string& reason() const = 0;
  // Whether something of the entry that was read last has been masked here.
  virtual bool masked() const = 0;
};

// The uuid an entry was sent with, as 32 hex; empty when there is none that can be read. For answers.
std::string sent_uuid(const RawEntry& raw);

// `text` cut as the encoder cuts it: a column must not differ from its field in the document.
std::string limited(std::string text, std::size_t limit = logs_sdk::kMaxStringBytes);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_DOCUMENT_READER_H_
