// An entry as the store keeps it: the columns that lists, filters and identity need, and the whole entry as JSON.
#ifndef LOGS_SERVER_STORE_STORED_ENTRY_H_
#define LOGS_SERVER_STORE_STORED_ENTRY_H_

#include <cstdint>
#include <string>

#include "src/base/uuid7.h"

namespace logs_server {

// What ingest hands to the store. `document` is the whole entry, all 57 fields in table order, uid 0.
struct NewEntry {
  logs_sdk::Uuid uuid;
  bool uuid_from_server = false;  // the client sent none: never a duplicate
  std::string project_slug;
  std::int64_t timestamp_us = 0;    // the client's, Unix microseconds; 0 when unreadable
  std::int64_t received_at_us = 0;  // of the batch
  std::int64_t ordered_at_us = 0;   // timestamp_us, or received_at_us when that is not believable
  std::int64_t duration_ms = 0;
  std::int32_t status_code = 0;
  bool is_error = false;
  bool interrupted = false;  // error_type == "interrupted"
  std::string environment, service_name, method, path, error_type, client_ip, trace_id;
  std::string document;
};

struct StoredEntry : NewEntry {
  std::uint64_t uid = 0;  // ingest sequence number, from 1
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_STORED_ENTRY_H_
