// EntryReader: a posted entry as the store keeps it, or the reason why it is refused.
//
// An entry in our own encoder's form is stored byte for byte; any other is read generously, field by field, and encoded
// anew, so that every stored document has the 57 fields in table order, within their limits.
// Thread-safety: one thread at a time (it keeps its buffers).
#ifndef LOGS_SERVER_INGEST_ENTRY_READER_H_
#define LOGS_SERVER_INGEST_ENTRY_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "server/ingest/raw_entry.h"
#include "server/store/stored_entry.h"
#include "src/entry/entry_encoder.h"

namespace logs_server {

// What is known of a batch before it is parsed.
struct Receipt {
  std::string project_slug;  // of the key
  std::int64_t received_at_us = 0;
};

class EntryReader {
 public:
  explicit EntryReader(Receipt receipt);

  // False: refused; reason() says why, "field tags: an array where an object is expected".
  bool read(const RawEntry& raw, NewEntry& out);
  const std::string& reason() const noexcept { return reason_; }

  // The uuid an entry was sent with, as 32 hex; empty when there is none that can be read. For answers.
  static std::string sent_uuid(const RawEntry& raw);

 private:
  bool read_canonical(const RawEntry& raw, NewEntry& out);
  bool is_canonical(logs_sdk::Field field, std::string_view token);
  bool is_canonical_string(const logs_sdk::FieldInfo& field, std::string_view token);
  bool read_any(const RawEntry& raw, NewEntry& out);
  bool read_field(logs_sdk::Field field, std::string_view token, logs_sdk::LogEntry& entry);
  bool read_identity(logs_sdk::LogEntry& entry, NewEntry& out);
  bool refuse(logs_sdk::Field field, const std::string& problem);
  void set_times(std::string_view timestamp, NewEntry& out) const;
  std::string decoded(std::string_view token);

  const Receipt receipt_;
  const std::string project_token_;  // the key's project as our encoder writes it
  const logs_sdk::EntryEncoder encoder_;
  std::string reason_;
  std::string scratch_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_ENTRY_READER_H_
