// Receipt: what is known of a batch before it is parsed, and what every kind of entry takes from it.
#ifndef LOGS_SERVER_INGEST_RECEIPT_H_
#define LOGS_SERVER_INGEST_RECEIPT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "server/ingest/value_reader.h"
#include "server/store/stored_entry.h"
#include "src/masking/masker.h"

namespace logs_server {

class Enricher;

struct Receipt {
  std::string project_slug;  // of the key
  std::int64_t received_at_us = 0;
  EntryKind kind = EntryKind::kEntry;
  bool mask = true;  // false: the project does without
  // Of texts that end with the mark of a cut. kWhole: their client is one of ours, which masks before it cuts.
  logs_sdk::Extent cut_texts = logs_sdk::Extent::kCut;
  const Enricher* enricher = nullptr;  // fills what arrives empty; null: it stays so
};

// "field tags: an array where an object is expected"
std::string refusal_of(std::string_view field, const Problem& problem);

// "fields method and path: all empty": of an entry that says nothing.
std::string refusal_of_silence(std::string_view fields);

// Who an entry belongs to, and by what it is known again. Fills in what is empty and writes the uuid as 32 hex digits.
// Returns why the entry is refused, or nothing.
std::string settle_identity(const Receipt& receipt, std::string& uuid, std::string& project_slug, NewEntry& out);

// The client's time, and its place in lists: its own time when that can be believed, else the time of receipt.
void set_times(const Receipt& receipt, std::string_view timestamp, NewEntry& out);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_RECEIPT_H_
