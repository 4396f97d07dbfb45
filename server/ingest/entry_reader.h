// EntryReader: a posted LogEntry of 57 fields. One reads the entries of one post.
//
// An entry in our own encoder's form that holds nothing to mask is stored byte for byte, but for the fields that the
// server fills; any other is read generously, field by field, masked, and encoded anew.
#ifndef LOGS_SERVER_INGEST_ENTRY_READER_H_
#define LOGS_SERVER_INGEST_ENTRY_READER_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/enrich/user_agents.h"
#include "server/ingest/document_reader.h"
#include "server/ingest/receipt.h"
#include "src/entry/entry_encoder.h"
#include "src/masking/masker.h"

namespace logs_server {

class EntryReader final : public DocumentReader {
 public:
  // `masker` outlives the reader.
  EntryReader(Receipt receipt, const logs_sdk::Masker& masker);

  std::span<const logs_sdk::FieldInfo> fields() const override { return logs_sdk::kFieldTable; }
  std::optional<std::size_t> find(std::string_view name) const override;
  bool read(const RawEntry& raw, NewEntry& out) override;
  const std::string& reason() const override { return reason_; }
  bool masked() const override { return was_masked_; }

 private:
  bool read_canonical(const RawEntry& raw, NewEntry& out);
  void note_types(const RawEntry& raw);
  bool is_canonical(const RawEntry& raw);
  bool is_canonical(logs_sdk::Field field, std::string_view token);
  bool hides_text(logs_sdk::Field field, std::string_view text);
  bool hides_tags(std::string_view token) const;
  bool read_any(const RawEntry& raw, NewEntry& out);
  bool read_field(logs_sdk::Field field, std::string_view token, logs_sdk::LogEntry& entry);

  const Receipt receipt_;
  const logs_sdk::Masker& masker_;
  const std::string project_token_;  // the key's project as our encoder writes it
  const logs_sdk::EntryEncoder encoder_;
  RuleTime rule_time_;
  std::string reason_;
  bool was_masked_ = false;
  std::string request_type_, response_type_;  // of the entry that is looked at
  std::string scratch_, masked_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_ENTRY_READER_H_
