// An entry as the store keeps it: the columns that lists, filters and identity need, and the whole entry as JSON.
#ifndef LOGS_SERVER_STORE_STORED_ENTRY_H_
#define LOGS_SERVER_STORE_STORED_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/uuid7.h"

namespace logs_server {

// What an entry describes: an HTTP exchange or a message of the application, or an event of the infrastructure.
enum class EntryKind : std::uint8_t { kEntry, kInfra };

// What is kept outside of the document, to be compared without reading it.
struct EntryColumns {
  EntryKind kind = EntryKind::kEntry;
  logs_sdk::Uuid uuid;  // never zero: ingest gives one to an entry that came without
  std::string project_slug;
  std::int64_t timestamp_us = 0;    // the client's, Unix microseconds; 0 when unreadable
  std::int64_t received_at_us = 0;  // of the batch
  std::int64_t ordered_at_us = 0;   // timestamp_us, or received_at_us when that is not believable
  std::int64_t duration_ms = 0;
  std::int32_t status_code = 0;
  bool is_error = false;
  bool interrupted = false;  // error_type == "interrupted"
  std::string environment, service_name, method, path, error_type, client_ip, trace_id;

  friend bool operator==(const EntryColumns&, const EntryColumns&) = default;
};

// What ingest hands to the store. `document` is the whole entry as JSON, masked: all fields of its kind in table order,
// without spaces between them, uid 0 behind the uuid; in strings only quote, backslash and control characters are
// escaped, so that a search may look at the document as it stands before it parses it.
struct NewEntry : EntryColumns {
  std::string document;
};

struct StoredEntry : NewEntry {
  std::uint64_t uid = 0;  // ingest sequence number, from 1
};

// The document with the uid filled in: what readers are shown. A document that does not begin as NewEntry demands is
// returned unchanged.
std::string document_with_uid(std::string_view document, std::uint64_t uid);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_STORED_ENTRY_H_
