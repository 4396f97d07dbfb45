// Batch: records of one instance and one stream, joined to the body of one request. Payloads are JSON objects already;
// they are copied once and never parsed.
//
// A batch is filled, sealed when it is first sent, sent until it is settled, and cleared; its buffers stay for the
// next, because fresh pages for every megabyte would cost more than the copy.
#ifndef LOGS_SDK_SHIPPER_BATCH_H_
#define LOGS_SDK_SHIPPER_BATCH_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/compression.h"
#include "src/base/random.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

class Batch {
 public:
  // Replaces what it holds by `records`, which are of one stream and not empty.
  void fill(std::span<const Record> records, Random& random);
  // Fixes what every attempt sends: body, encoding, ledger. Where compression fails the body goes as it is.
  void seal(Encoding encoding, Compressor& compressor, std::string ledger);
  void clear() noexcept;

  bool empty() const noexcept { return records_.empty(); }
  bool sealed() const noexcept { return sealed_; }
  std::size_t count() const noexcept { return records_.size(); }
  std::span<const RecordId> records() const noexcept { return records_; }
  Stream stream() const noexcept { return stream_; }
  const std::string& id() const noexcept { return id_; }  // 32 hex digits; the same for every attempt
  // Of a sealed batch.
  std::string_view payload() const noexcept { return encoding_ == Encoding::kIdentity ? body_ : compressed_; }
  Encoding encoding() const noexcept { return encoding_; }
  const std::string& ledger() const noexcept { return ledger_; }

 private:
  std::vector<RecordId> records_;
  Stream stream_ = 0;
  std::string id_;
  std::string body_;
  std::string compressed_;
  Encoding encoding_ = Encoding::kIdentity;
  std::string ledger_;
  bool sealed_ = false;
};

// The value of X-Logs-Ledger: totals of an instance, both storages together.
std::string ledger_text(const LedgerTotals& spooled, const LedgerTotals& in_memory);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_BATCH_H_
