// Batch: records of one instance and one stream, joined to the body of one request. Payloads are JSON objects already;
// they are copied once and never parsed.
//
// A batch is filled, sealed when it is first sent, sent until it is settled, and cleared; its buffers stay for the
// next, because fresh pages for every megabyte would cost more than the copy. As a rule it travels whole. When the
// platform refuses that, it is sealed again with fewer records, those at its front, under a new id; what was settled
// has left it, and it is empty when nothing waits in it any more.
#ifndef LOGS_SDK_SHIPPER_BATCH_H_
#define LOGS_SDK_SHIPPER_BATCH_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/compression.h"
#include "src/base/random.h"
#include "src/shipper/bisection.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

// Gets a record that is about to travel; true: `out`, which was empty, is what travels instead. For what would have
// cost too much where the record was made. It knows the payload, which is opaque here. Empty: every record travels as
// it is.
using RecordRewriter = std::function<bool(Stream, std::string_view payload, std::string& out)>;

class Batch {
 public:
  // What a common proxy takes unless it is told otherwise. A single record may be larger.
  static constexpr std::size_t kMaxBodyBytes = 1 << 20;

  // Replaces what it holds by `records`, which are of one stream and not empty, rewritten. That happens here and once,
  // so that every attempt sends the same bytes.
  void fill(std::span<const Record> records, const RecordRewriter& rewrite = {});
  void clear() noexcept;
  bool empty() const noexcept { return front_ == records_.size(); }
  std::size_t waiting() const noexcept { return records_.size() - front_; }  // records without a verdict
  Stream stream() const noexcept { return stream_; }

  struct Seal {
    Encoding encoding = Encoding::kIdentity;
    std::size_t max_body_bytes = SIZE_MAX;  // before compression; a single record travels all the same
    std::string ledger;
  };
  // Fixes what every attempt sends: which records, id, encoding, ledger. Where compression fails the body goes as it
  // is.
  void seal(Seal seal, Compressor& compressor, Random& random);
  bool sealed() const noexcept { return sealed_; }

  // -- Of a sealed batch: what travels
  std::size_t count() const noexcept { return count_; }
  std::span<const RecordId> records() const noexcept { return std::span(records_).subspan(front_, count_); }
  // The payload of the record at `index` of records().
  std::string_view entry(std::size_t index) const noexcept;
  const std::string& id() const noexcept { return id_; }  // 32 hex digits; the same for every attempt
  std::string_view payload() const noexcept { return encoding_ == Encoding::kIdentity ? body() : compressed_; }
  std::size_t body_bytes() const noexcept { return body().size(); }
  Encoding encoding() const noexcept { return encoding_; }
  const std::string& ledger() const noexcept { return ledger_; }

  // -- Of a sealed batch: what became of what travelled. Each opens the seal
  void taken() noexcept;    // the records have got their verdicts and leave
  void refused() noexcept;  // because of a record among them; one that travelled alone leaves
  void reopen() noexcept;   // it should travel in another form

 private:
  std::size_t begin_of(std::size_t record) const noexcept;
  std::size_t choose_count(std::size_t max_body_bytes) const noexcept;
  std::string_view body() const noexcept { return count_ == records_.size() ? body_ : part_; }
  void leave() noexcept;

  std::vector<RecordId> records_;
  std::vector<std::uint32_t> ends_;  // of each payload in body_
  Stream stream_ = 0;
  std::string body_;       // of all records
  std::string rewritten_;  // of the record being added; kept for its memory
  std::string part_;       // of those that travel, where these are not all
  std::size_t front_ = 0;
  std::size_t count_ = 0;
  Bisection bisection_;
  bool sealed_ = false;
  std::string id_;
  std::string compressed_;
  Encoding encoding_ = Encoding::kIdentity;
  std::string ledger_;
};

// The value of X-Logs-Ledger: totals of an instance, both storages together.
std::string ledger_text(const LedgerTotals& spooled, const LedgerTotals& in_memory);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_BATCH_H_
