// InfraReader: an entry of the infrastructure, read generously field by field and encoded anew:
//
//     {"uuid":"…","uid":0,"kind":"infra",  the other 12 fields in table order  ,"tags":{"extra.…":…}}
//
// so that one list can show both kinds: the head is the same, `kind` tells them apart, and tags hold unknown members.
#ifndef LOGS_SERVER_INGEST_INFRA_READER_H_
#define LOGS_SERVER_INGEST_INFRA_READER_H_

#include <string>

#include "logs_sdk/infra_entry.h"
#include "server/ingest/document_reader.h"
#include "server/ingest/receipt.h"
#include "src/entry/infra_encoder.h"
#include "src/masking/masker.h"

namespace logs_server {

class InfraReader final : public DocumentReader {
 public:
  // `masker` outlives the reader.
  InfraReader(Receipt receipt, const logs_sdk::Masker& masker);

  std::span<const logs_sdk::FieldInfo> fields() const override { return logs_sdk::kInfraFieldTable; }
  std::optional<std::size_t> find(std::string_view name) const override;
  bool read(const RawEntry& raw, NewEntry& out) override;
  const std::string& reason() const override { return reason_; }
  bool masked() const override { return was_masked_; }

 private:
  bool read_fields(const RawEntry& raw, logs_sdk::InfraLogEntry& entry);
  std::string document(const logs_sdk::InfraLogEntry& entry, const Tags& tags) const;

  const Receipt receipt_;
  const logs_sdk::Masker& masker_;
  const logs_sdk::InfraEncoder encoder_;
  std::string reason_;
  bool was_masked_ = false;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_INFRA_READER_H_
